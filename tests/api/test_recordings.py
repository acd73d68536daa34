"""Sending a take from a browser, and asking what became of it."""

import base64
import hashlib
import json
import uuid

import pytest
from django.test import Client

from accounts import speakers
from prompts.options import Kind
from recordings import intake
from recordings.audio.order import Cut
from recordings.models import Recording
from tests import make

pytestmark = pytest.mark.django_db
BODY = b"fLaC..."
DIGEST = "sha-256=:" + base64.b64encode(hashlib.sha256(BODY).digest()).decode() + ":"


def browser_of(speaker):
    """Return a browser whose session speaks for the speaker."""
    browser = Client(enforce_csrf_checks=True)
    session = browser.session
    session[speakers.CURRENT] = str(speaker.pk)
    session[speakers.ALL] = [str(speaker.pk)]
    session.save()
    browser.cookies["csrftoken"] = "t" * 32
    return browser


@pytest.fixture
def speaker():
    return make.speaker()


@pytest.fixture
def browser(speaker):
    return browser_of(speaker)


def put(browser, take_id, prompt, body=BODY, query="", **headers):
    return browser.put(
        f"/api/v1/recordings/{take_id}?prompt={prompt.pk if prompt else ''}{query}",
        data=body,
        content_type="audio/flac",
        headers={"X-CSRFToken": "t" * 32, "Content-Digest": DIGEST} | headers,
    )


def test_a_take_is_answered_with_a_receipt_and_again_with_the_same(browser):
    take_id, prompt = uuid.uuid4(), make.prompt()
    first, again = put(browser, take_id, prompt), put(browser, take_id, prompt)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json().keys() == {"id", "sha256", "received_at"}
    assert (first.json()["id"], first.json()["sha256"]) == (str(take_id), hashlib.sha256(BODY).hexdigest())


def test_what_the_browser_applied_is_kept_and_nonsense_is_not(browser):
    told = {"echoCancellation": False, "lost_ms": 0}
    put(browser, uuid.uuid4(), make.prompt(), **{"Recorder-Settings": json.dumps(told)})
    put(browser, uuid.uuid4(), make.prompt(), **{"Recorder-Settings": "{"})
    assert sorted(Recording.objects.values_list("recorder", flat=True), key=str) == [told, {}]


def test_an_answer_to_a_question_is_cut_at_its_pauses(browser):
    assert put(browser, uuid.uuid4(), make.prompt(kind=Kind.TOPIC)).status_code == 201
    assert put(browser, uuid.uuid4(), make.prompt()).status_code == 201
    assert sorted(Recording.objects.values_list("cut", "prompt__kind")) == [
        ("pauses", "topic"),
        ("whole", "sentence"),
    ]


def test_an_answer_may_be_longer_than_a_sentence_but_not_endless(browser, monkeypatch):
    monkeypatch.setattr(intake, "MAX_ANSWER_BYTES", len(BODY))
    monkeypatch.setitem(intake.MAX_BYTES, Cut.WHOLE, len(BODY) - 1)
    question = make.prompt(kind=Kind.TOPIC)
    assert put(browser, uuid.uuid4(), question).status_code == 201
    assert put(browser, uuid.uuid4(), make.prompt()).status_code == 413
    answer = put(browser, uuid.uuid4(), question, body=BODY + b".", **{"Content-Digest": ""})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("digest", ["sha-256=:AAAA:", "md5=:AAAA:", "x"])
def test_a_checksum_that_cannot_be_read_is_refused(browser, digest):
    assert (
        put(browser, uuid.uuid4(), make.prompt(), **{"Content-Digest": digest}).json()["code"]
        == "digest-format"
    )


def test_damage_on_the_way_is_found(browser):
    answer = put(browser, uuid.uuid4(), make.prompt(), body=b"fLaC..!")
    assert (answer.status_code, answer.json()["code"]) == (400, "digest")
    assert not Recording.objects.exists()


def test_without_consent_the_take_is_refused_in_words():
    answer = put(browser_of(make.speaker(consenting=False)), uuid.uuid4(), make.prompt())
    assert (answer.status_code, answer.json()["code"]) == (403, "consent-needed")


def test_without_the_token_of_our_pages_nothing_is_taken(browser):
    answer = put(browser, uuid.uuid4(), make.prompt(), **{"X-CSRFToken": "u" * 32})
    assert answer.status_code == 403
    assert not Recording.objects.exists()


def test_a_late_take_goes_to_the_voice_that_recorded_it(browser):
    other = make.speaker()
    session = browser.session
    session[speakers.ALL] = [*session[speakers.ALL], str(other.pk)]
    session.save()
    put(browser, uuid.uuid4(), make.prompt(), query=f"&speaker={other.pk}")
    assert Recording.objects.get().speaker == other


def test_nobody_sends_for_a_voice_of_another_browser(browser):
    answer = put(browser, uuid.uuid4(), make.prompt(), query=f"&speaker={make.speaker().pk}")
    assert (answer.status_code, answer.json()["code"]) == (403, "other-speaker")


def test_a_take_with_its_pass_arrives_from_a_browser_that_lost_its_cookies(speaker):
    answer = put(Client(), uuid.uuid4(), make.prompt(), Authorization=f"Pass {speakers.pass_of(speaker)}")
    assert answer.status_code == 201
    assert Recording.objects.get().speaker == speaker


def test_a_pass_that_is_not_ours_counts_as_none(browser, speaker):
    proof = speakers.pass_of(speaker)
    for wrong in ("", proof[:-1], f"{make.speaker().pk}:{proof.partition(':')[2]}"):
        answer = put(
            Client(enforce_csrf_checks=True), uuid.uuid4(), make.prompt(), Authorization=f"Pass {wrong}"
        )
        assert answer.status_code == 403
    assert put(browser, uuid.uuid4(), make.prompt(), Authorization="Pass x").status_code == 201


@pytest.mark.parametrize("query", ["", "?prompt=x", f"?prompt={uuid.UUID(int=1)}"])
def test_a_take_for_no_sentence_is_a_problem(browser, query):
    answer = browser.put(f"/api/v1/recordings/{uuid.uuid4()}{query}", headers={"X-CSRFToken": "t" * 32})
    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_the_speaker_is_told_why_a_take_was_refused(browser, speaker):
    row = make.recording(speaker=speaker, state="refused", refusal="no-speech", warnings=["quiet"])
    told = browser.get(f"/api/v1/recordings/{row.take_id}").json()
    assert (told["state"], told["reason"]["code"], told["clips"]) == ("refused", "no-speech", [])
    assert told["reason"]["words"]
    assert told["warnings"][0]["code"] == "quiet"


def test_nobody_else_learns_of_it(browser):
    assert browser.get(f"/api/v1/recordings/{make.recording().take_id}").status_code == 404


def test_a_flood_is_slowed_down_and_told_when_to_come_back(browser, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"upload": (2, 600)}
    prompt = make.prompt()
    answers = [put(browser, uuid.uuid4(), prompt) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 601
