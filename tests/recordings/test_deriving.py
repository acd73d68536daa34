"""Deriving recordings again, long recordings, and clips that sound alike."""

import uuid
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test import Client

from prompts.topics import next_topics
from recordings import intake, pipeline, processing, reprocessing
from recordings.models import Clip, Recording
from recordings.states import ClipState, RecordingState
from tests import make, sound
from validation.options import Choice
from validation.voting import cast_vote

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    yield
    processing.sandbox().close()
    processing.sandbox.cache_clear()


def taken(samples, *, speaker=None, prompt=None):
    """Send a take, process it, and return its row."""
    speaker = speaker or make.speaker()
    take = intake.Take(take_id=uuid.uuid4(), read=BytesIO(sound.flac(samples)).read)
    intake.accept_take(take=take, speaker=speaker, prompt=prompt or make.prompt())
    row = Recording.objects.get(take_id=take.take_id)
    assert processing.process(row.pk)
    row.refresh_from_db()
    return row


def again(row):
    """Derive a recording again."""
    [queued] = reprocessing.queue_again(Recording.objects.filter(pk=row.pk))
    assert processing.process(queued.pk)
    row.refresh_from_db()
    return row


def test_a_recording_that_is_derived_again_keeps_its_clip_and_its_votes():
    row = taken(sound.speech(seconds=2))
    clip = row.clips.get()
    listener = make.speaker()
    make.served(clip, listener)
    cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
    again(row)
    kept = row.clips.get()
    assert (row.state, row.again, kept.pk, kept.yes_count) == (RecordingState.PROCESSED, False, clip.pk, 1)
    assert kept.delivery_sha256 == clip.delivery_sha256
    assert [each.clips[0]["delivery_sha256"] for each in row.derivations.all()] == [clip.delivery_sha256] * 2


def test_a_machine_does_not_take_back_what_was_opened_to_votes():
    row = taken(sound.speech(seconds=3))
    row.language.audio_limits = {"max_seconds": 1}
    row.language.save()
    again(row)
    assert (row.state, row.clips.count()) == (RecordingState.PROCESSED, 1)
    assert [each.refusal for each in row.derivations.all()] == ["", "too-long"]


def test_files_of_the_earlier_version_stay_for_releases_that_froze_them(monkeypatch):
    row = taken(sound.speech(seconds=2))
    before = row.clips.get()
    Recording.objects.update(pipeline_version=0)
    Clip.objects.update(pipeline_version=0)
    assert list(reprocessing.processed(None, outdated=True)) == [row]
    again(row)
    after = row.clips.get()
    assert after.pipeline_version == pipeline.VERSION
    assert storages["private"].exists(before.delivery_key)
    assert not list(reprocessing.processed(None, outdated=True))


def test_what_is_new_goes_before_what_is_derived_again():
    old = taken(sound.speech(seconds=2))
    list(reprocessing.queue_again(Recording.objects.all()))
    new = make.recording(state=RecordingState.RECEIVED, pcm_sha256="")
    assert Recording.objects.next_due(2) == [new.pk, old.pk]


def test_the_command_queues_what_is_outdated(capsys):
    row = taken(sound.speech(seconds=2))
    call_command("reprocess")
    assert "0 recordings" in capsys.readouterr().out
    call_command("reprocess", all=True, locale="en")
    assert "1 recordings" in capsys.readouterr().out
    row.refresh_from_db()
    assert row.state == RecordingState.RECEIVED
    with pytest.raises(CommandError, match="not collected here"):
        call_command("reprocess", locale="tlh")


def test_a_take_that_is_sent_again_louder_and_cut_otherwise_is_marked():
    samples = sound.speech(seconds=3)
    prompt = make.prompt()
    taken(samples, prompt=prompt)
    [copy] = taken(samples[4_000:] * 0.5, prompt=prompt).clips.all()
    assert "near-duplicate" in copy.warnings


def test_another_reading_is_not_marked():
    prompt, speaker = make.prompt(), make.speaker()
    reading = sound.reading()
    taken(reading[: 3 * sound.RATE], prompt=prompt, speaker=speaker)
    [other] = taken(reading[-3 * sound.RATE :], prompt=prompt, speaker=speaker).clips.all()
    assert "near-duplicate" not in other.warnings
    assert other.signals.get(name="nearest").value > 0.3


@pytest.fixture
def session(tmp_path):
    """A file of three utterances with a second of quiet between them."""
    pause = np.random.default_rng(1).normal(0, 1e-4, sound.RATE).astype(np.float32)
    words = [sound.speech(seconds=2, around=0.2) for _ in range(3)]
    path = tmp_path / "session.flac"
    path.write_bytes(sound.flac(np.concatenate([part for word in words for part in (pause, word, pause)])))
    return path


def ingest(path, *arguments, locale="en"):
    call_command("ingest", str(path), "--locale", locale, *map(str, arguments))


def test_a_long_file_is_cut_at_its_pauses_and_waits_for_its_words(session, capsys):
    make.language()
    ingest(session, "--topic", "Tales of the river", "--source", "Radio archive, CC0", "--agreed")
    assert "session.flac: 3 clips" in capsys.readouterr().out
    clips = Clip.objects.order_by("position")
    assert {clip.state for clip in clips} == {ClipState.UNTRANSCRIBED}
    assert all(one.end <= two.start for one, two in pairwise(clips))
    assert next_topics(language=make.language(), speaker=None, count=10) == []  # nobody is asked about it
    ingest(session, "--topic", "Tales of the river", "--speaker", clips[0].speaker_id)
    assert Recording.objects.count() == 1


def test_a_file_that_cannot_be_taken_in_does_not_stop_the_others(session, tmp_path, capsys):
    make.language()
    empty = tmp_path / "empty.wav"
    empty.touch()
    with pytest.raises(CommandError, match="1 of 2 files"):
        call_command("ingest", str(empty), str(session), locale="en", topic="Tales", agreed=True)
    said = capsys.readouterr()
    assert "empty.wav: Nothing arrived" in said.err
    assert "session.flac: 3 clips" in said.out


def test_files_of_one_name_and_size_are_told_apart(session, tmp_path, capsys):
    make.language()
    speaker = make.speaker()
    other = tmp_path / "other" / session.name
    other.parent.mkdir()
    data = bytearray(session.read_bytes())
    data[-1] ^= 1
    other.write_bytes(data)
    for path in (session, other):
        ingest(path, "--topic", "Tales", "--speaker", speaker.pk)
    assert Recording.objects.count() == 2


def test_a_session_read_from_a_list_gives_clips_in_its_order(session, tmp_path):
    prompts = [make.prompt() for _ in range(3)]
    (tmp_path / "list.txt").write_text("\n".join(prompt.text for prompt in prompts))
    ingest(session, "--sentences", tmp_path / "list.txt", "--agreed")
    clips = Clip.objects.order_by("position")
    assert [clip.prompt for clip in clips] == prompts
    assert {clip.state for clip in clips} == {ClipState.OPEN}


def test_a_session_of_another_length_waits_for_people(session, tmp_path):
    (tmp_path / "list.txt").write_text("\n".join(make.prompt().text for _ in range(2)))
    ingest(session, "--sentences", tmp_path / "list.txt", "--agreed")
    assert set(Clip.objects.values_list("state", flat=True)) == {ClipState.UNTRANSCRIBED}


@pytest.mark.parametrize(
    ("arguments", "locale", "words"),
    [
        (["--topic", "x"], "en", "hold the proof"),
        (["--topic", " ", "--agreed"], "en", "Say what"),
        (["--topic", "x", "--speaker", uuid.UUID(int=1)], "en", "no such speaker"),
        (["--topic", "x", "--agreed"], "tlh", "not collected here"),
        (["--sentences", "/dev/null", "--agreed"], "en", "no sentence"),
    ],
)
def test_what_cannot_be_ingested_is_said_in_words(session, arguments, locale, words):
    make.language()
    with pytest.raises(CommandError, match=words):
        ingest(session, *arguments, locale=locale)
    assert not Recording.objects.exists()


def test_organisers_ingest_by_the_api_and_others_may_not(session, admin_user, admin_client):
    make.language()
    url = f"/api/v1/en/recordings/{uuid.uuid4()}?topic=Tales&agreed=true"
    half = Client()
    assert half.put(url, session.read_bytes(), content_type="audio/flac").status_code == 403
    half.force_login(admin_user)  # without the second factor
    assert half.put(url, session.read_bytes(), content_type="audio/flac").status_code == 403
    first, second = (admin_client.put(url, session.read_bytes(), content_type="audio/flac") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert Recording.objects.get().cut == "pauses"
