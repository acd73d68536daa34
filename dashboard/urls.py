"""Addresses of a language's page; they catch any first part, so they come last."""

from django.urls import path

from dashboard import views

urlpatterns = [
    path("<tag:locale>/", views.language, name="language"),
    path("<tag:locale>/figures/<slug:name>.csv", views.figure, name="figure"),
]
