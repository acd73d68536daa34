"""What tests of recordings may ask for."""

import uuid

import pytest

from tests.servers.seaweedfs import ACCESS_KEY, REGION, SECRET_KEY


@pytest.fixture
def bucket(settings, s3):
    """Private objects in a bucket of a real server."""
    options = {
        "bucket_name": s3.create_bucket(f"takeout-{uuid.uuid4()}"),
        "endpoint_url": s3.url,
        "browser_url": s3.url,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "region_name": REGION,
        "querystring_expire": 60,
        "max_memory_size": 1 << 20,
    }
    private = {"private": {"BACKEND": "common.storage.Bucket", "OPTIONS": options}}
    settings.STORAGES = settings.STORAGES | private
