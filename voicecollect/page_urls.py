"""Addresses of the pages, below the language of the interface; what catches all comes last."""

from django.urls import include, path

from voicecollect import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("languages/", pages.languages, name="languages"),
    path("help/", pages.plain, {"template": "help"}, name="help"),
    path("about/", pages.plain, {"template": "about"}, name="about"),
    path("accessibility/", pages.plain, {"template": "accessibility"}, name="accessibility"),
    path("offline/", pages.plain, {"template": "offline"}, name="offline"),
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("", include("accounts.urls")),
    path("", include("prompts.urls")),
    path("", include("recordings.urls")),
    path("", include("validation.urls")),
    path("", include("dashboard.urls")),
]
