"""Addresses of the pages for recording and for one's own contributions."""

from django.urls import path

from recordings import views

urlpatterns = [
    path("me/", views.contributions, name="contributions"),
    path("me/account/delete/", views.close_account, name="close-account"),
    path("me/download/", views.take_out, name="take-out"),
    path("me/withdraw/", views.withdraw, name="withdraw"),
    path("<tag:locale>/speak/", views.speak, name="speak"),
    path("<tag:locale>/answer/", views.answer, name="answer"),
]
