"""Addresses of the pages for writing and reviewing sentences."""

from django.urls import path

from prompts import views

urlpatterns = [
    path("<tag:locale>/write/", views.write, name="write"),
    path("<tag:locale>/write/file/", views.send_file, name="send-file"),
    path("<tag:locale>/write/file/<uuid:import_id>/", views.file_report, name="file-report"),
    path("<tag:locale>/write/<uuid:prompt_id>/", views.correct, name="correct"),
    path("<tag:locale>/review/", views.review, name="review"),
]
