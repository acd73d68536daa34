"""Metrics, log lines and the page for organisers."""

import json
import logging
import sys
import urllib.request

import pytest
from django.core.cache import cache
from prometheus_client.parser import text_string_to_metric_families

from operations.logs import JsonLines, Lines
from recordings.states import ClipState, RecordingState
from tests import make, sound
from tests.journeys.devices import TOKEN, Device
from tests.servers.instance import Instance

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _count_anew():
    cache.clear()


def samples(text):
    """Return the value of each metric by its name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_database_is_told_in_figures(client):
    make.clip(state=ClipState.VALID)
    make.recording(state=RecordingState.RECEIVED)
    make.recording(state=RecordingState.REFUSED, refusal="no-speech")
    found = samples(client.get("/metrics").content.decode())
    assert found["voicecollect_unfinished_recordings",] == 1
    assert found["voicecollect_refusals", "no-speech"] == 1
    assert found["voicecollect_clips", "valid"] == 1
    assert found["voicecollect_recordings", "processed"] == 1
    assert found["voicecollect_stored_bytes", "original"] == 3000


def test_requests_are_counted_by_route_and_not_by_address(client):
    client.get("/en/help/")
    client.get("/en/no-such-language/")
    found = samples(client.get("/metrics").content.decode())
    counted = {
        key[1:]: value for key, value in found.items() if key[0] == "voicecollect_request_seconds_count"
    }
    assert counted["GET", "en/help/", "200"] >= 1
    assert not any("no-such-language" in label for labels in counted for label in labels)


@pytest.mark.parametrize(
    ("token", "behind", "sent", "status"),
    [
        ("", False, "", 200),
        ("", True, "", 403),
        ("secret", True, "Bearer secret", 200),
        ("secret", False, "Bearer other", 403),
        ("secret", False, "", 403),
    ],
)
def test_metrics_are_for_this_machine_or_for_who_knows_the_token(
    client, settings, token, behind, sent, status
):
    settings.METRICS_TOKEN, settings.BEHIND_PROXY = token, behind
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == status


def test_a_stranger_elsewhere_gets_no_metrics(client):
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403


def test_each_answer_has_an_id_and_a_strangers_own_does_not_count(client, settings):
    first = client.get("/en/", headers={"X-Request-ID": "abcdefgh"})
    assert len(first["X-Request-ID"]) == 32
    settings.BEHIND_PROXY = True
    assert client.get("/en/", headers={"X-Request-ID": "abcdefgh"})["X-Request-ID"] == "abcdefgh"
    assert client.get("/en/", headers={"X-Request-ID": "a\tb c"})["X-Request-ID"] != "a\tb c"


@pytest.mark.slow
def test_logs_are_json_with_request_ids_and_nothing_of_a_person_and_processes_count_together(folder):
    with Instance(folder / "instance", LOG_FORMAT="json", WEB_PROCESSES="2", LOG_LEVEL="DEBUG") as instance:
        device = Device(instance.url)
        [sentence] = device.sentences(1)
        device.send(sentence, sound.flac(sound.speech(seconds=1.5)))
        for _ in range(20):
            urllib.request.urlopen(f"{instance.url}/en/?q=canary-of-the-search").close()
        with urllib.request.urlopen(f"{instance.url}/metrics") as answer:
            found = samples(answer.read().decode())
        written = instance.logs()
    assert found["voicecollect_request_seconds_count", "GET", "en/", "200"] == 20
    lines = [json.loads(line) for line in instance.web.log.read_text().splitlines() if line.startswith("{")]
    uploads = [line for line in lines if line["message"].startswith("POST api/v1/<tag:locale>/clips 200")]
    assert [len(line["request"]) for line in uploads] == [32]
    for private in (
        TOKEN,
        sentence["text"],
        "canary-of-the-search",
        "127.0.0.1 -",
        device.headers["Authorization"],
    ):
        assert private not in written


def test_of_an_exception_the_places_are_told_and_not_the_words():
    name = "ada"
    try:
        raise ValueError(f"{name}@example.org")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", 40, "f", 1, "broke", (), sys.exc_info())
    for formatter in (JsonLines(), Lines()):
        text = formatter.format(record)
        assert "ValueError" in text
        assert "test_metrics.py" in text
        assert "ada@" not in text
