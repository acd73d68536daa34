"""What existing clients send, byte for byte, and what they parse of the answer."""

import base64
import uuid
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from recordings.models import Recording
from tests import make
from validation.models import Assignment, Report, Vote

pytestmark = pytest.mark.django_db
TOKEN = "0123456789abcdefghij0123456789abcdefghij"


def basic(device, token=TOKEN):
    return {"Authorization": "Basic " + base64.b64encode(f"{device}:{token}".encode()).decode()}


@pytest.fixture
def app(client):
    """An app on a device of its own: `app(method, path, ...)` answers."""
    who = basic(uuid.uuid4())

    def call(method, path, headers=None, **more):
        return getattr(client, method)(f"/api/v1/{path}", headers=who | (headers or {}), **more)

    return call


def upload(app, prompt, body=b"OggS...", **headers):
    named = {"sentence": quote(prompt.text), "sentence-id": str(prompt.pk)} | headers
    return app("post", "en/clips", named, data=body, content_type="audio/mpeg; codecs=aac")


def test_sentences_are_id_and_text(app):
    prompt = make.prompt("Où est le « café » ?")
    assert app("get", "en/sentences?count=10").json() == [{"id": str(prompt.pk), "text": prompt.text}]


@pytest.mark.parametrize("count", ["0", "51", "many", "-1"])
def test_a_count_that_cannot_be_is_a_problem_in_words(app, count):
    make.language()
    answer = app("get", f"en/sentences?count={count}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert set(answer.json()) >= {"type", "title", "status", "detail", "errors"}


def test_a_take_is_kept_as_the_bytes_are_whatever_the_header_says(app, settings):
    settings.CLIENT_CONSENT = "accept"
    prompt = make.prompt("Ça va ?")
    answer = upload(app, prompt)
    row = Recording.objects.get()
    assert answer.json() == {"filePrefix": str(row.take_id)}
    assert (row.prompt, row.consent.method) == (prompt, "client")
    with storages["private"].open(row.original_key) as kept:
        assert kept.read() == b"OggS..."


def test_the_same_take_twice_is_one_recording(app):
    prompt = make.prompt()
    assert upload(app, prompt).json() == upload(app, prompt).json()
    assert Recording.objects.count() == 1
    upload(app, prompt, body=b"another")
    assert Recording.objects.count() == 2


def test_the_text_finds_the_sentence_where_the_id_does_not(app):
    prompt = make.prompt("Demat d’an holl")
    upload(app, prompt, **{"sentence-id": "an-id-of-an-older-server"})
    assert Recording.objects.get().prompt == prompt


def test_a_take_for_a_retired_sentence_is_kept(app):
    upload(app, make.prompt(state="retired"))
    assert Recording.objects.count() == 1


def test_an_empty_take_is_a_problem_and_leaves_nothing(app):
    answer = upload(app, make.prompt(), body=b"")
    assert (answer.status_code, answer.json()["code"]) == (400, "empty")
    assert not Recording.objects.exists()


def test_clips_come_with_a_link_that_needs_no_credentials(app, client):
    clip = make.clip()
    storages["private"].save(clip.delivery_key, ContentFile(b"sound"))
    [got] = app("get", "en/clips?count=5").json()
    link = got.pop("audioSrc")
    sentence = {"id": str(clip.prompt.pk), "text": clip.prompt.text}
    assert got == {"id": str(clip.pk), "glob": str(clip.pk), "sentence": sentence}
    heard = client.get(link)
    assert (b"".join(heard.streaming_content), heard["Content-Type"]) == (b"sound", "audio/mpeg")
    assert client.get(link[:-1] + ("a" if link[-1] != "a" else "b")).status_code == 404


def handed(app):
    """Return a clip that the app was handed long enough ago to have heard it."""
    clip = make.clip()
    app("get", "en/clips?count=1")
    Assignment.objects.update(served_at=timezone.now() - timedelta(minutes=1))
    return clip


def vote(app, clip, body):
    return app("post", f"en/clips/{clip.pk}/votes", data=body, content_type="application/json")


@pytest.mark.parametrize(("valid", "choice"), [(True, "yes"), (False, "no"), (None, "unsure")])
def test_a_vote(app, valid, choice):
    clip = handed(app)
    answer = vote(app, clip, {"isValid": valid, "challenge": None})
    assert (answer.status_code, answer.json()) == (200, {"glob": str(clip.pk)})
    assert (Vote.objects.get().choice, Vote.objects.get().standing) == (choice, "counts")


def test_a_vote_that_is_sent_again_after_a_lost_answer_is_answered_the_same(app):
    clip = handed(app)
    answers = [vote(app, clip, {"isValid": True, "challenge": None}) for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {"glob": str(clip.pk)})] * 2
    assert Vote.objects.count() == 1


def test_a_vote_that_comes_at_once_is_answered_like_any_other_and_not_counted(app):
    clip = make.clip()
    app("get", "en/clips?count=1")
    assert vote(app, clip, {"isValid": True, "challenge": None}).json() == {"glob": str(clip.pk)}
    assert Vote.objects.get().standing == "too-fast"
    clip.refresh_from_db()
    assert clip.yes_count == 0


def test_a_clip_whose_number_was_guessed_cannot_be_judged(app):
    answer = vote(app, make.clip(), {"isValid": True, "challenge": None})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-served")
    assert not Vote.objects.exists()


def test_skipped_things_are_not_handed_out_again(app):
    clip = make.clip()
    assert app("post", f"skipped_sentences/{clip.prompt.pk}").status_code == 204
    assert app("post", f"skipped_clips/{clip.pk}").status_code == 204
    assert app("get", "en/sentences").json() == app("get", "en/clips").json() == []


def test_a_report(app):
    prompt = make.prompt()
    body = {
        "id": str(prompt.pk),
        "kind": "sentence",
        "reasons": ["difficult-pronunciation", "I don't like it"],
    }
    assert app("post", "reports", data=body, content_type="application/json").status_code == 204
    assert set(Report.objects.values_list("reason", flat=True)) == {"difficult-pronounce", "I don't like it"}


def test_user_client_tells_what_is_known_of_the_voice(app, client):
    assert client.get("/api/v1/user_client").json() is None
    known = app("get", "user_client").json()
    assert {"age", "email", "gender", "username", "avatar_url", "avatar_clip_url"} < set(known)
    assert (known["clips_count"], known["votes_count"]) == (0, 0)


def test_languages_are_rows(app):
    make.language("br")
    assert app("get", "languages").json()[0].items() >= {"name": "br", "direction": "ltr"}.items()


def test_another_token_for_a_known_id_is_refused(client):
    make.language()
    device = uuid.uuid4()
    url = "/api/v1/en/sentences"
    assert client.get(url, headers=basic(device)).status_code == 200
    answer = client.get(url, headers=basic(device, TOKEN[::-1]))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize(
    "credentials", ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"nobody:x").decode(), "Basic w7/Dvw=="]
)
def test_credentials_that_cannot_be_read_are_refused(client, credentials):
    make.language()
    assert client.get("/api/v1/en/sentences", headers={"Authorization": credentials}).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "tlh/sentences", 404),
        ("get", "tlh/clips", 404),
        ("post", f"en/clips/{uuid.UUID(int=1)}/votes", 404),
        ("post", "en/clips/not-an-id/votes", 404),
        ("post", f"skipped_sentences/{uuid.UUID(int=1)}", 404),
        ("post", f"skipped_clips/{uuid.UUID(int=1)}", 404),
        ("get", f"recordings/{uuid.UUID(int=1)}", 404),
        ("delete", "languages", 405),
    ],
)
def test_what_is_not_there_is_a_problem_in_words(app, method, path, status):
    make.language()
    more = {"data": {"isValid": True}, "content_type": "application/json"} if method == "post" else {}
    answer = app(method, path, **more)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b"{}", b'{"isValid": "perhaps"}', b"\xff\xfe", b'{"isValid": [1]}']
)
def test_json_that_cannot_be_read_is_a_problem_in_words(app, body):
    clip = make.clip()
    answer = app("post", f"en/clips/{clip.pk}/votes", data=body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Vote.objects.exists()


def test_a_language_that_is_paused_hands_out_nothing(app):
    make.language("br", state="paused")
    assert app("get", "br/sentences").json()["code"] == "not-open"


@pytest.fixture
def emptied_cache():
    cache.clear()
    yield
    cache.clear()


def test_what_was_given_today_is_a_bare_number(app, emptied_cache):
    make.clip(votes="yn")
    make.clip(created_at=timezone.now() - timedelta(days=1))
    make.clip(prompt=make.prompt(language=make.language("br")), votes="y")
    assert app("get", "en/clips/daily_count").json() == 1
    assert app("get", "en/clips/votes/daily_count").json() == 2


def test_stats_and_voices_are_rows_of_the_last_ten_days(app, emptied_cache):
    speaker, today = make.speaker(), timezone.now()
    for state in ("valid", "open"):
        make.clip(speaker=speaker, state=state)
    make.clip(created_at=today - timedelta(days=20))
    date = today.date().isoformat()
    assert app("get", "en/clips/stats").json() == [{"date": date, "total": 2, "valid": 1}]
    assert app("get", "en/clips/voices").json() == [{"date": date, "value": 1}]


@pytest.mark.parametrize("path", ["clips/leaderboard", "clips/votes/leaderboard"])
def test_leaderboards_name_nobody_who_did_not_ask_for_it(app, path):
    make.clip(votes="y")
    assert app("get", f"en/{path}").json() == []
    assert app("get", f"xx/{path}").status_code == 404


def test_a_vote_can_be_taken_back(app):
    clip = handed(app)
    vote(app, clip, {"isValid": True})
    assert app("delete", f"en/clips/{clip.pk}/votes").status_code == 204
    assert not Vote.objects.exists()
    assert app("delete", f"en/clips/{clip.pk}/votes").json()["code"] == "not-undoable"
