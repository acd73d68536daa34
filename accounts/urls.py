"""Addresses of the pages about people."""

from django.urls import path

from accounts.views import about_me, consent, recovery

urlpatterns = [
    path("consent/", consent.consent, name="consent"),
    path("me/about/", about_me.about_me, name="about-me"),
    path("me/code/", recovery.code, name="recovery-code"),
    path("recover/", recovery.recover, name="recover"),
]
