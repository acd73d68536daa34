"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from voicecollect.health import health
from voicecollect.objects import private_object

urlpatterns = [
    path("api/v1/", include("voicecollect.api_urls")),
    path("admin/", admin.site.urls),
    path("private/<path:signed>", private_object, name="private-object"),
    path("healthz", health, name="health"),
]
