"""Addresses of the pages for judging clips."""

from django.urls import path

from validation import views

urlpatterns = [
    path("<tag:locale>/listen/", views.listen, name="listen"),
    path("<tag:locale>/transcribe/", views.transcribe, name="transcribe"),
    path("<tag:locale>/leaderboard/", views.board, name="leaderboard"),
]
