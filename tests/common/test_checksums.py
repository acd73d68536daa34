"""Bits that turn over and bytes that get lost, between browser, server, store and worker: all are noticed."""

import base64
import hashlib
import random
import uuid
from pathlib import Path

import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from rest_framework.test import APIClient

from common import storage
from common.errors import Refused
from export import packing
from export.planning import File
from recordings import processing
from recordings.models import Recording
from tests import make
from tests.servers import seaweedfs
from tests.servers.fault_proxy import FaultProxy, spoilt

pytestmark = pytest.mark.django_db

TIMES = 125  # on each of four ways: 500 in all
FATES = ["x_flipped", "x_cut"]
chance = random.Random(500)


def body():
    return chance.randbytes(chance.randrange(100, 5000))


def damaged(data, number):
    """Return the bytes with one bit turned over, or without their second half."""
    return spoilt(data, FATES[number % 2], "x", chance)


def test_between_browser_and_server(settings):
    settings.API_LIMITS = settings.API_LIMITS | {"upload": (1000, 600)}
    settings.CLIENT_CONSENT = "accept"
    client, prompt = APIClient(), make.prompt()
    credentials = base64.b64encode(f"{uuid.uuid4()}:{'a' * 40}".encode()).decode()
    answers = []
    for number in range(TIMES):
        sent = body()
        digest = base64.b64encode(hashlib.sha256(sent).digest()).decode()
        answer = client.put(
            f"/api/v1/recordings/{uuid.uuid4()}?prompt={prompt.pk}",
            data=damaged(sent, number),
            content_type="application/octet-stream",
            headers={"Authorization": f"Basic {credentials}", "Content-Digest": f"sha-256=:{digest}:"},
        )
        answers.append((answer.status_code, answer.json()["code"]))
    assert answers == [(400, "digest")] * TIMES
    assert not Recording.objects.exists()
    assert not list(storages["private"].objects())


@pytest.fixture
def bucket(s3, folder, monkeypatch):
    """Return a function that opens a bucket behind a proxy with faults; each call is tried once."""
    monkeypatch.setattr(
        storage, "S3_CONFIG", storage.S3_CONFIG.merge(Config(retries={"total_max_attempts": 1}))
    )
    name = s3.create_bucket(f"checksums-{uuid.uuid4().hex[:8]}")
    started = []

    def opened(**faults):
        proxy = FaultProxy(folder, s3.port, seed=1, **faults)
        proxy.start()
        started.append(proxy)
        return storage.Bucket(
            browser_url="", bucket_name=name, endpoint_url=proxy.url, access_key=seaweedfs.ACCESS_KEY,
            secret_key=seaweedfs.SECRET_KEY, region_name=seaweedfs.REGION,
        )  # fmt: skip

    yield opened
    for proxy in started:
        proxy.stop()


def test_between_server_and_store(bucket):
    spoiling, plain = bucket(sent_flipped=0.5, sent_cut=0.5), bucket()
    for number in range(TIMES):
        with pytest.raises(storage.STORE_FAULTS):
            spoiling.save(f"sent/{number}", ContentFile(body()))
    assert list(plain.objects("sent/")) == []


def test_between_store_and_worker(bucket, folder, monkeypatch):
    spoiling, plain = bucket(got_flipped=0.5, got_cut=0.5), bucket()
    recordings = [kept(plain) for _ in range(TIMES)]
    monkeypatch.setattr(processing, "storages", {"private": spoiling})
    for recording in recordings:
        with pytest.raises(storage.STORE_FAULTS):
            processing._fetch(recording, folder / "original")


def kept(where):
    """Return a recording whose original lies in the storage."""
    data = body()
    recording = Recording(id=uuid.uuid4(), sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    where.save(recording.original_key, ContentFile(data))
    return recording


def test_on_disk(folder):
    for number in range(TIMES):
        recording = kept(storages["private"])
        path = Path(storages["private"].path(recording.original_key))
        path.write_bytes(damaged(path.read_bytes(), number))
        with pytest.raises(processing.DamagedOriginalError):
            processing._fetch(recording, folder / "original")


def test_a_clip_that_is_damaged_never_gets_into_a_release():
    for number in range(20):
        clip = make.stored_clip()
        path = Path(storages["private"].path(clip.delivery_key))
        path.write_bytes(damaged(path.read_bytes(), number))
        wanted = File(clip.pk, clip.delivery_key, clip.delivery_size, clip.delivery_sha256, 100)
        with pytest.raises(Refused, match="clip-damaged"):
            packing._checked(wanted, lambda key: Path(storages["private"].path(key)).read_bytes())
