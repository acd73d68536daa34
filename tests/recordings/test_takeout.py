"""Taking out all that a voice gave: everything of theirs, nothing of others, whatever the amount."""

import hashlib
import io
import json
import tracemalloc
import zipfile

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import codes, portrait, recovery
from accounts.models import OwnAccent, Speaker
from prompts.models import PromptSkip
from recordings import takeout
from recordings.models import Recording, Signal
from recordings.states import RecordingState
from tests import make
from validation.models import ClipSkip, Report
from validation.options import Choice

pytestmark = pytest.mark.django_db

CANARY, OTHER = "nightingale", "cormorant"


def everything_of(word, listener_of=None):
    """Return a voice with one row of all that there is, each with the word in it somewhere."""
    speaker = make.speaker()
    row = make.recording(
        speaker=speaker,
        prompt=make.prompt(f"The {word} sang."),
        recorder={"name": word},
        container="webm",
        accents=word,
    )
    storages["private"].save(row.original_key, ContentFile(f"original of the {word}".encode()))
    clip = make.stored_clip(recording=row, warnings=[word])
    Signal.objects.create(clip=clip, name=f"{word}_level", value=-20.5, unit="dB", version=1)
    OwnAccent.objects.create(speaker=speaker, language=clip.language, words=word)
    heard = listener_of or make.clip()
    make.vote(heard, Choice.NO, by=speaker)
    Report.objects.create(speaker=speaker, clip=heard, reason=word)
    ClipSkip.objects.create(speaker=speaker, clip=heard)
    PromptSkip.objects.create(speaker=speaker, prompt=heard.prompt)
    return speaker, clip


def archive(speaker):
    return zipfile.ZipFile(io.BytesIO(b"".join(takeout.stream(speaker))))


def lines(taken, name):
    return [json.loads(line) for line in taken.read(name).splitlines()]


def test_everything_is_there_and_reads_back():
    speaker, clip = everything_of(CANARY)
    taken = archive(speaker)
    assert taken.testzip() is None
    [told] = lines(taken, "recordings.jsonl")
    assert told["read"] == [f"The {CANARY} sang."]
    assert told["clips"][0]["signals"][0]["name"] == f"{CANARY}_level"
    assert taken.read(f"originals/{clip.recording.take_id}.webm") == f"original of the {CANARY}".encode()
    for ending, digest in (("flac", clip.master_sha256), ("mp3", clip.delivery_sha256)):
        assert hashlib.sha256(taken.read(f"clips/{clip.pk}.{ending}")).hexdigest() == digest
    assert json.loads(taken.read("voice.json"))["accents_in_own_words"][0]["words"] == CANARY
    assert [vote["choice"] for vote in lines(taken, "activity/validation.vote.jsonl")] == ["no"]
    assert [report["reason"] for report in lines(taken, "activity/validation.report.jsonl")] == [CANARY]
    for name in ("validation.clipskip", "prompts.promptskip"):
        assert len(lines(taken, f"activity/{name}.jsonl")) == 1
    [receipt] = [name for name in taken.namelist() if name.endswith("receipt.json")]
    assert json.loads(taken.read(receipt))["piiPrincipalId"] == str(speaker.pk)
    assert taken.read(receipt.replace("receipt.json", "text.txt")).startswith(b"What happens with your voice")


def test_nothing_of_others_is_there():
    speaker, clip = everything_of(CANARY)
    other, other_clip = everything_of(
        OTHER, listener_of=clip
    )  # the other one even judged and reported this clip
    recovery.make_code(speaker=speaker)
    taken = archive(speaker)
    whole = b"\n".join(taken.read(name) for name in taken.namelist()) + "\n".join(taken.namelist()).encode()
    assert CANARY.encode() in whole
    row = other_clip.recording
    for strange in (OTHER, other.pk, other_clip.pk, row.pk, row.take_id, row.sha256):
        assert str(strange).encode() not in whole
    with storages["private"].open(other_clip.delivery_key) as file:
        assert file.read() not in whole


def test_no_secret_of_the_voice_is_there():
    speaker = make.speaker(token_sha256="f" * 64)
    code = recovery.make_code(speaker=speaker)
    whole = b"".join(archive(speaker).read(name) for name in archive(speaker).namelist())
    for secret in ("f" * 64, code, codes.digest(code.replace("-", ""))):
        assert secret.encode() not in whole


def test_every_table_that_names_a_voice_is_covered():
    told = {name for name in archive(make.speaker()).namelist() if name.startswith("activity/")}
    tables = {
        relation.related_model._meta
        for relation in Speaker._meta.get_fields(include_hidden=True)
        if relation.one_to_many
    }
    expected = {f"activity/{table.label_lower}.jsonl" for table in tables if not table.auto_created}
    apart = {f"activity/{label.lower()}.jsonl" for label in takeout.TOLD_APART}
    # What others thought of this voice's sentences, and whose texts it reviewed
    second = {"activity/prompts.review.submitter.jsonl", "activity/validation.transcription.reviewer.jsonl"}
    assert told == expected - apart | second
    assert "activity/validation.vote.jsonl" in told


def test_what_was_taken_back_is_not_handed_out():
    speaker, clip = everything_of(CANARY)
    Recording.objects.filter(pk=clip.recording_id).update(state=RecordingState.WITHDRAWN)
    taken = archive(speaker)
    assert lines(taken, "recordings.jsonl") == []
    assert not [name for name in taken.namelist() if name.startswith(("clips/", "originals/"))]


def test_a_file_that_is_gone_is_left_out_and_the_rest_comes():
    speaker, clip = everything_of(CANARY)
    storages["private"].delete(clip.master_key)
    taken = archive(speaker)
    assert f"clips/{clip.pk}.mp3" in taken.namelist()
    assert f"clips/{clip.pk}.flac" not in taken.namelist()


def test_it_comes_out_of_postgresql_too(on_postgresql):
    assert connection.vendor == "postgresql"
    speaker, clip = everything_of(CANARY)
    portrait.describe(
        speaker=speaker, age="fifties", speeches=[portrait.Speech(clip.language, own_words="Kentish")]
    )
    assert portrait.of(speaker, clip.language_id)["accents"] == "Kentish"
    assert list(portrait.languages_of(speaker, "")) == [clip.language]
    assert recovery.speaker_of(recovery.make_code(speaker=speaker)) == speaker
    taken = archive(speaker)
    assert taken.testzip() is None
    assert f"clips/{clip.pk}.flac" in taken.namelist()
    assert [vote["choice"] for vote in lines(taken, "activity/validation.vote.jsonl")] == ["no"]


def test_it_comes_out_of_a_bucket_too(bucket):
    speaker, clip = everything_of(CANARY)
    row = make.recording(speaker=speaker)
    original = bytes(range(256)) * 12_000
    storages["private"].save(row.original_key, ContentFile(original))
    storages["private"].delete(clip.master_key)
    taken = archive(speaker)
    assert taken.testzip() is None
    assert taken.read(f"originals/{row.take_id}") == original
    assert f"clips/{clip.pk}.mp3" in taken.namelist()
    assert f"clips/{clip.pk}.flac" not in taken.namelist()


def test_long_recordings_pass_through_without_being_held():
    speaker = make.speaker()
    row = make.recording(speaker=speaker)
    storages["private"].save(row.original_key, ContentFile(bytes(40_000_000)))
    tracemalloc.start()
    size = sum(len(piece) for piece in takeout.stream(speaker))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 40_000_000
    assert peak < 4_000_000


def test_queries_grow_by_batches_and_not_by_rows(monkeypatch):
    def queries(speaker):
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert archive(speaker)
        return len(context)

    few, many = make.speaker(), make.speaker()
    for speaker, count in ((few, 10), (many, 100)):
        for _ in range(count):
            make.clip(speaker=speaker)
    assert queries(few) == queries(many)
    monkeypatch.setattr(takeout, "AT_ONCE", 10)
    assert len(lines(archive(many), "recordings.jsonl")) == 100


@pytest.fixture
def page(client):
    cache.clear()
    speaker, _clip = everything_of(CANARY)
    session = client.session
    session.update({"speaker": str(speaker.pk), "speakers": [str(speaker.pk)]})
    session.save()
    yield client
    cache.clear()


def test_the_page_streams_a_file_with_words_in_its_language(page):
    response = page.get("/fr/me/download/")
    assert response.streaming
    assert response["Content-Type"] == "application/zip"
    assert 'filename="voice-' in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    taken = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert taken.testzip() is None
    assert "voice.json" in taken.read("README.txt").decode()


def test_it_is_not_handed_out_without_end(page, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"take-out": (2, 3600)}
    assert [page.get("/en/me/download/").status_code for _ in range(3)] == [200, 200, 302]
    assert "try again in an hour" in page.get("/en/me/").content.decode()


def test_a_visitor_without_a_voice_gets_nothing(client):
    make.stored_clip()
    assert client.get("/en/me/download/").url == "/en/me/"


def test_what_one_told_of_oneself_is_there():
    speaker = make.speaker()
    portrait.describe(speaker=speaker, age="fifties", gender="intersex", first_language="br")
    told = json.loads(archive(speaker).read("voice.json"))
    assert (told["age"], told["gender"], told["first_language"]) == ("fifties", "intersex", "br")


def test_what_a_voice_read_for_others_is_there_and_what_others_read_is_not():
    reading, other = make.reading(reader=make.speaker()), make.reading(reader=make.speaker())
    taken = archive(reading.reader)
    assert hashlib.sha256(taken.read(f"readings/{reading.pk}.mp3")).hexdigest() == reading.sha256
    [told] = lines(taken, "activity/recordings.reading.jsonl")
    assert told["id"] == str(reading.pk)
    assert not [name for name in taken.namelist() if str(other.pk) in name]
