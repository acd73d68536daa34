"""What load balancers and people on call are told."""

import json
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError
from django.utils import timezone

from common.models import Heartbeat
from operations import health
from recordings.models import Recording
from recordings.states import RecordingState
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ask_anew(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(health, "_last", None)


def asked(client, query=""):
    health._last = None
    answer = client.get(f"/healthz{query}")
    return answer.status_code, answer.json()


def test_a_sound_instance_is_well(client):
    Heartbeat.objects.beat("sweep")
    status, told = asked(client, "?strict")
    assert (status, told["reasons"], told["warnings"]) == (200, [], [])
    assert (told["unfinished"], told["oldest_seconds"], told["sweep_seconds"]) == (0, 0, 0)


def test_without_a_database_it_gets_no_requests(client, monkeypatch):
    def broken():
        raise DatabaseError

    monkeypatch.setattr(health.connection, "cursor", broken)
    assert asked(client)[0] == 503
    assert "database: unreachable" in asked(client)[1]["reasons"]


def test_without_a_storage_it_gets_no_requests(client):
    location = storages["private"].location
    Path(location).parent.write_text("a file where the folder should be")
    assert asked(client)[1]["reasons"] == ["storage: unreachable (NotADirectoryError)"]


def test_with_a_full_disk_it_gets_no_requests(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    assert asked(client)[0] == 503


def test_a_web_process_that_keeps_nothing_on_its_disk_needs_no_folder(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "not" / "made"
    assert asked(client)[1]["free_bytes"] > 0


def test_a_recording_that_waits_for_long_is_told_and_counts_when_asked_strictly(client):
    Heartbeat.objects.beat("sweep")
    make.recording(state=RecordingState.RECEIVED, received_at=timezone.now() - timedelta(hours=1))
    status, told = asked(client)
    assert status == 200
    assert told["warnings"] == ["work: a recording waits since 3600 s"]
    assert asked(client, "?strict")[0] == 503


def test_what_is_derived_again_does_not_count_as_waiting(client):
    long_ago = timezone.now() - timedelta(days=100)
    make.recording(state=RecordingState.RECEIVED, again=True, received_at=long_ago)
    assert asked(client)[1]["unfinished"] == 0


def test_workers_that_do_not_sweep_are_missed(client):
    Heartbeat.objects.create(name="sweep", at=timezone.now() - timedelta(minutes=5))
    assert asked(client)[1]["warnings"] == ["sweep: no worker swept lately"]


def test_a_broker_out_of_reach_is_told_and_uploads_go_on(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    Heartbeat.objects.beat("sweep")
    status, told = asked(client)
    assert (status, told["warnings"]) == (200, ["broker: unreachable (ConnectionError)"])


def test_however_often_it_is_asked_it_looks_once(client, django_assert_num_queries):
    asked(client)
    with django_assert_num_queries(0):
        client.get("/healthz")


@pytest.mark.parametrize("count", [10, 100])
def test_its_queries_do_not_grow_with_rows(client, django_assert_num_queries, count):
    for _ in range(count):
        make.recording(state=RecordingState.RECEIVED)
    assert Recording.objects.count() == count
    with django_assert_num_queries(3):
        asked(client)


def test_a_running_instance_tells_all(instance):
    instance.web.wait_until(lambda: instance.rows("SELECT count(*) FROM common_heartbeat") == [(1,)])
    instance.web.wait_until(lambda: told_by(instance)["warnings"] == [])
    assert told_by(instance)["reasons"] == []


def told_by(instance):
    with urllib.request.urlopen(f"{instance.url}/healthz") as answer:
        return json.loads(answer.read())
