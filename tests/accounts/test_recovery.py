"""A voice without an account is found again with its code, and with nothing else."""

import re

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client

from accounts import codes, recovery
from accounts.models import Speaker
from common.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_tried_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client_elsewhere():
    return Client()


def agreed(client):
    client.post("/en/consent/", {"purpose": ["collect", "publish"]})
    return Speaker.objects.get(pk=client.session["speaker"])


def shown_code(page):
    return re.search(r'<code dir="ltr">([0-9A-Z-]{24})</code>', page.content.decode())[1]


def test_the_code_leads_to_its_voice_and_only_a_hash_is_kept():
    speaker, other = make.speaker(), make.speaker()
    code, _others = recovery.make_code(speaker=speaker), recovery.make_code(speaker=other)
    assert recovery.speaker_of(code.lower()) == speaker
    kept = Speaker.objects.get(pk=speaker.pk).recovery_sha256
    assert kept == codes.digest(code.replace("-", ""))


def test_a_new_code_replaces_the_old_one():
    speaker = make.speaker()
    old, new = recovery.make_code(speaker=speaker), recovery.make_code(speaker=speaker)
    assert recovery.speaker_of(new) == speaker
    with pytest.raises(Refused) as no:
        recovery.speaker_of(old)
    assert no.value.code == "unknown-code"


def test_voices_without_a_code_are_not_found_by_an_empty_one():
    make.speaker()
    with pytest.raises(Refused) as no:
        recovery.speaker_of("")
    assert no.value.code == "mistyped"


def test_no_two_voices_share_a_code():
    first, second = make.speaker(), make.speaker()
    recovery.make_code(speaker=first)
    first.refresh_from_db()
    second.recovery_sha256 = first.recovery_sha256
    with pytest.raises(IntegrityError):
        second.save()


def test_a_code_is_made_on_one_device_and_used_on_another(client, client_elsewhere):
    speaker = agreed(client)
    clip = make.clip(speaker=speaker)
    code = shown_code(client.post("/en/me/code/"))
    page = client_elsewhere.post("/ar/recover/", {"code": code.lower()}, follow=True)
    assert clip.prompt.text in page.content.decode()
    client_elsewhere.post("/en/me/withdraw/", {"take": str(clip.recording.take_id)})
    assert clip.prompt.text not in client.get("/en/me/").content.decode()


def test_the_code_is_shown_once_and_kept_by_no_cache(client):
    agreed(client)
    response = client.post("/en/me/code/")
    assert shown_code(response)
    assert "no-store" in response["Cache-Control"]
    again = client.get("/en/me/code/").content.decode()
    assert "<code" not in again
    assert "You have a code already" in again


def test_the_session_before_has_no_part_in_the_voice_that_was_found(client):
    code = recovery.make_code(speaker=make.speaker())
    client.get("/en/en/speak/")
    agreed(client)
    before = client.session.session_key
    client.post("/en/recover/", {"code": code})
    assert client.session.session_key != before
    assert len(client.session["speakers"]) == 2


@pytest.mark.parametrize(
    ("typed", "status"),
    [("", 400), ("HKQ2", 400), (codes.new(), 404), ("\0" * 99, 400)],
    ids=["nothing", "too short", "nobody's", "no letters"],
)
def test_a_wrong_code_is_said_in_words_and_changes_nothing(client, typed, status):
    response = client.post("/en/recover/", {"code": typed})
    assert response.status_code == status
    assert 'class="error"' in response.content.decode()
    assert "speaker" not in client.session


def test_nobody_may_try_for_ever(client, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"code": (3, 600)}
    said = [client.post("/en/recover/", {"code": codes.new()}).status_code for _ in range(4)]
    assert said == [404, 404, 404, 429]
    invented = {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert client.post("/en/recover/", {"code": codes.new()}, **invented).status_code == 429
    assert client.post("/en/recover/", {"code": codes.new()}, REMOTE_ADDR="203.0.113.9").status_code == 404


def test_making_a_code_needs_a_voice(client):
    assert client.post("/en/me/code/").status_code == 200
    assert not Speaker.objects.exists()
    assert "no voice in this browser" in client.get("/en/me/code/").content.decode()
