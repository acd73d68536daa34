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

from accounts import consent as consents
from prompts.models import Reservation
from recordings import agreement, processing
from recordings.management.commands import work
from recordings.models import Recording
from tests import make, sound
from tests.recordings.audio.sounds import ffmpeg
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


FORMATS = {
    "ogg": ("-c:a", "libopus", "-ar", "48000"),
    "webm": ("-c:a", "libopus", "-ar", "48000"),
    "mp4": ("-c:a", "aac", "-ar", "32000"),
}


@pytest.fixture
def sandboxed():
    """End the sandbox that a test has processed in."""
    processing.sandbox.cache_clear()
    yield
    processing.sandbox().close()
    processing.sandbox.cache_clear()


@pytest.mark.parametrize("container", FORMATS)
def test_what_apps_record_becomes_a_clip_though_they_call_it_otherwise(
    app, settings, tmp_path, sandboxed, container
):
    settings.CLIENT_CONSENT = "accept"
    (tmp_path / "take.wav").write_bytes(sound.wav(sound.speech(seconds=2)))
    ffmpeg("-i", tmp_path / "take.wav", "-ac", "1", *FORMATS[container], tmp_path / f"take.{container}")
    take = upload(app, make.prompt(), body=(tmp_path / f"take.{container}").read_bytes()).json()["filePrefix"]
    assert processing.process(Recording.objects.get(take_id=take).pk)
    told = app("get", f"recordings/{take}").json()
    assert (told["state"], [clip["state"] for clip in told["clips"]]) == ("processed", ["open"])


def test_older_apps_name_the_sentence_with_an_underscore(app):
    prompt = make.prompt("Demat")
    answer = app("post", "en/clips", {"sentence_id": str(prompt.pk)}, data=b"OggS", content_type="audio/mpeg")
    assert answer.status_code == 200
    assert Recording.objects.get().prompt == prompt


def test_a_take_may_come_a_week_after_its_sentence_and_is_not_asked_of_others_meanwhile(app):
    prompt = make.prompt()
    app("get", "en/sentences")
    held = Reservation.objects.get()
    assert held.until > timezone.now() + timedelta(days=7, hours=23)
    Reservation.objects.update(until=timezone.now() - timedelta(days=1))
    prompt.language.state = "paused"
    prompt.language.save()
    assert upload(app, prompt).status_code == 200


@pytest.mark.parametrize("body", [b"no sound at all", b"RIFF", b"\0" * 5000])
def test_what_is_no_sound_is_taken_and_told_apart_later(app, body):
    assert upload(app, make.prompt(), body=body).status_code == 200
    assert Recording.objects.count() == 1


def test_takes_of_an_app_wait_until_its_speaker_agrees_on_the_web(app, settings):
    settings.CLIENT_CONSENT = "quarantine"
    take = upload(app, make.prompt()).json()["filePrefix"]
    stranger = upload_of_a_stranger()
    assert app("get", f"recordings/{take}").json()["state"] == "quarantined"
    make.consent(Recording.objects.get(take_id=take).speaker)
    assert work._process_one()  # which lets go on first, before it does anything else
    row = Recording.objects.get(take_id=take)
    assert (row.state, row.consent.speaker) == ("received", row.speaker)
    stranger.refresh_from_db()
    assert stranger.state == "quarantined"


def test_who_agreed_and_no_longer_does_lets_nothing_go_on(app):
    upload(app, make.prompt())
    row = Recording.objects.get()
    make.consent(row.speaker)
    consents.end(speaker=row.speaker, text=consents.current_text("en"))
    assert agreement.let_agreed_go_on() == 0


def upload_of_a_stranger():
    return make.recording(speaker=make.speaker(consenting=False), state="quarantined", pcm_sha256="")


def test_a_browser_that_is_signed_in_needs_no_other_credentials(client, django_user_model):
    clip = make.clip()
    client.force_login(django_user_model.objects.create(username="u"))
    assert client.get("/api/v1/en/sentences").status_code == 200
    assert [each["id"] for each in client.get("/api/v1/en/clips").json()] == [str(clip.pk)]


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
    clip = make.clip(duration_ms=500_000)
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


@pytest.mark.parametrize("reason", ["offensive-language", "grammar-or-spelling", "different-language"])
def test_a_report_about_a_clip(app, reason):
    clip = make.clip()
    body = {"id": str(clip.pk), "kind": "clip", "reasons": [reason]}
    assert app("post", "reports", data=body, content_type="application/json").status_code == 204
    assert (Report.objects.get().clip, Report.objects.get().reason) == (clip, reason)


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
