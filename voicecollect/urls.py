"""All addresses of the site; pages stand below the language of the interface."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, register_converter

from common import outage
from export.urls import download_urlpatterns
from languages.addresses import TagConverter
from operations.health import health
from operations.metrics import metrics
from operations.views import operations
from voicecollect import pages
from voicecollect.objects import private_object

register_converter(TagConverter, "tag")

urlpatterns = [
    path("", pages.start, name="start"),
    path("api/v1/", include("voicecollect.api_urls")),
    path("admin/operations/", admin.site.admin_view(operations), name="operations"),
    path("admin/", admin.site.urls),
    path("private/<path:signed>", private_object, name="private-object"),
    path("healthz", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("sw.js", pages.service_worker, name="service-worker"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    *download_urlpatterns,
    path("account/sites/", include("allauth.socialaccount.urls")),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    *i18n_patterns(path("", include("export.urls")), path("", include("voicecollect.page_urls"))),
]

handler500 = outage.fault
