"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("voicecollect.api_urls")),
    path("admin/", admin.site.urls),
]
