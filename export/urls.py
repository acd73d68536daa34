"""Addresses of datasets: pages below the language of the interface, downloads at addresses that last."""

from django.urls import path, re_path

from export import feeds, views

urlpatterns = [
    path("datasets/", views.index, name="datasets"),
    re_path(r"^datasets/(?P<number>\d+\.\d+)/$", views.release_page, name="release"),
    # Strict, so that a download that isn't there isn't taken for a page in a language yet to be chosen
    re_path(r"^datasets/(?P<locale>[A-Za-z0-9-]+)/$", views.versions, name="dataset-versions"),
    re_path(r"^datasets/(?P<locale>[A-Za-z0-9-]+)/(?P<number>\d+\.\d+)/$", views.version, name="dataset"),
]

download_urlpatterns = [
    path("datasets/feed.atom", feeds.Datasets(), name="datasets-feed"),
    re_path(r"^datasets/(?P<locale>[A-Za-z0-9-]+)/feed\.atom$", feeds.Datasets(), name="dataset-feed"),
    re_path(r"^datasets/(?P<name>withdrawn\.(?:tsv|json)(?:\.minisig)?)$", views.withdrawn, name="withdrawn"),
    path("datasets/minisign.pub", views.public_key, name="release-key"),
    re_path(r"^datasets/(?P<number>\d+\.\d+)/(?P<name>[A-Za-z0-9._-]+)$", views.download, name="download"),
]
