"""Addresses of the pages about people."""

from django.urls import path

from accounts import views

urlpatterns = [path("consent/", views.consent, name="consent")]
