"""Addresses of the pages about people."""

from django.urls import path

from accounts.views import consent, recovery

urlpatterns = [
    path("consent/", consent.consent, name="consent"),
    path("me/code/", recovery.code, name="recovery-code"),
    path("recover/", recovery.recover, name="recover"),
]
