"""Taking recordings back: nothing of them is left, and nothing brings them back."""

import hashlib
import uuid
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from common.errors import Refused
from recordings import erasing, intake, processing
from recordings.models import Clip, Recording, Signal, Withdrawal
from recordings.states import RecordingState
from recordings.withdrawal import withdraw_all, withdraw_take
from tests import make, sound
from validation.models import Vote
from validation.options import Choice
from validation.selection import next_clips

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    yield
    processing.sandbox().close()
    processing.sandbox.cache_clear()


def taken(speaker, prompt=None, *, process=True):
    """Send a take and process it; return the id that the browser gave it."""
    take = intake.Take(take_id=uuid.uuid4(), read=BytesIO(sound.flac(sound.speech(seconds=1.5))).read)
    intake.accept_take(take=take, speaker=speaker, prompt=prompt or make.prompt())
    if process:
        assert processing.process(Recording.objects.get(take_id=take.take_id).pk)
    return take.take_id


def erase_all():
    return [erasing.erase(pk) for pk in erasing.due(1000)]


def files():
    return list(Path(storages["private"].location).rglob("*"))


def test_what_is_withdrawn_is_gone_at_once_and_soon_erased_everywhere():
    speaker, prompt = make.speaker(), make.prompt()
    take_id = taken(speaker, prompt)
    clip = Clip.objects.get()
    make.vote(clip, Choice.YES)
    withdraw_take(speaker=speaker, take_id=take_id)
    assert next_clips(language=make.language(), listener=make.speaker(), count=10) == []
    assert erase_all() == [True]
    assert files() == []
    assert not any(rows.objects.exists() for rows in (Recording, Clip, Signal, Vote))
    prompt.refresh_from_db()
    assert prompt.clips_count == 0


def test_the_list_tells_others_what_to_delete_and_nothing_of_the_person():
    speaker = make.speaker()
    take_id = taken(speaker)
    clip = Clip.objects.get()
    with storages["private"].open(clip.delivery_key) as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    withdraw_take(speaker=speaker, take_id=take_id)
    listed = Withdrawal.objects.get()
    assert (listed.clip_id, listed.locale, listed.delivery_sha256) == (clip.pk, "en", digest)
    assert {field.name for field in Withdrawal._meta.get_fields()} == {
        "clip_id", "locale", "delivery_sha256", "master_sha256", "withdrawn_at",
    }  # fmt: skip


def test_withdrawing_again_changes_nothing():
    speaker = make.speaker()
    take_id = taken(speaker)
    for _ in range(2):
        withdraw_take(speaker=speaker, take_id=take_id)
    erase_all()
    withdraw_take(speaker=speaker, take_id=take_id)
    assert Withdrawal.objects.count() == 1


def test_a_take_that_was_withdrawn_is_not_taken_in_again():
    speaker, prompt = make.speaker(), make.prompt()
    body = sound.flac(sound.speech(seconds=1.5))
    take_id = uuid.uuid4()
    intake.accept_take(take=intake.Take(take_id, BytesIO(body).read), speaker=speaker, prompt=prompt)
    withdraw_take(speaker=speaker, take_id=take_id)
    erase_all()
    with pytest.raises(Refused) as no:
        intake.accept_take(take=intake.Take(take_id, BytesIO(body).read), speaker=speaker, prompt=prompt)
    assert (no.value.code, files()) == ("withdrawn", [])


def test_nobody_withdraws_for_others():
    take_id = taken(make.speaker())
    with pytest.raises(Refused) as no:
        withdraw_take(speaker=make.speaker(), take_id=take_id)
    assert no.value.status == 404
    assert Clip.objects.exists()


def test_everything_of_one_voice_goes_and_others_stay():
    speaker, other = make.speaker(), make.speaker()
    for _ in range(3):
        taken(speaker)
    taken(speaker, process=False)
    kept = taken(other)
    assert withdraw_all(speaker=speaker) == 4
    assert withdraw_all(speaker=speaker) == 0
    assert erase_all() == [True] * 4
    assert Recording.objects.get().take_id == kept
    assert len([path for path in files() if path.is_file()]) == 3


def test_a_job_that_is_cut_off_anywhere_goes_on(monkeypatch):
    speaker = make.speaker()
    taken(speaker)
    withdraw_all(speaker=speaker)
    storage, delete, cut_off = storages["private"], storages["private"].delete, 0

    def fail_at_times(name):
        nonlocal cut_off
        cut_off += 1
        if cut_off % 3 == 0:
            raise ConnectionError
        delete(name)

    monkeypatch.setattr(storage, "delete", fail_at_times)
    monkeypatch.setattr(erasing, "VERSION", 1)
    for _ in range(10):
        try:
            erase_all()
        except ConnectionError:
            monkeypatch.setattr(storage, "delete", delete if cut_off > 6 else fail_at_times)
    assert (files(), Recording.objects.count()) == ([], 0)


def test_a_worker_that_was_at_it_leaves_nothing_behind(monkeypatch):
    speaker = make.speaker()
    take_id = taken(speaker, process=False)
    row = Recording.objects.get()
    record = processing.deriving.record

    def withdrawn_meanwhile(recording, outcome, clips):
        withdraw_take(speaker=speaker, take_id=take_id)
        record(recording, outcome, clips)

    monkeypatch.setattr(processing.deriving, "record", withdrawn_meanwhile)
    assert processing.process(row.pk)
    assert erase_all() == []  # not before the worker's lease has run out
    Recording.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    assert erase_all() == [True]
    assert (files(), Clip.objects.count()) == ([], 0)


def test_a_refused_recording_can_be_withdrawn_too():
    speaker, prompt = make.speaker(), make.prompt(clips_count=5)
    row = make.recording(speaker=speaker, prompt=prompt, state=RecordingState.REFUSED, refusal="no-speech")
    withdraw_take(speaker=speaker, take_id=row.take_id)
    prompt.refresh_from_db()
    assert (prompt.clips_count, erase_all()) == (5, [True])


def test_two_clicks_on_the_page_take_a_recording_back(client):
    speaker = make.speaker()
    session = client.session
    session["speaker"] = str(speaker.pk)
    session.save()
    first, second = make.recording(speaker=speaker), make.recording(speaker=speaker)
    assert str(first.take_id) in client.get("/en/me/").content.decode()
    page = client.post("/en/me/withdraw/", {"take": str(first.take_id)}, follow=True).content.decode()
    assert "was taken back" in page
    assert str(first.take_id) not in page
    assert str(second.take_id) in page
    client.post("/en/me/withdraw/", {"all": "1"})
    assert set(Recording.objects.values_list("state", flat=True)) == {RecordingState.WITHDRAWN}


@pytest.mark.parametrize("sent", [{}, {"take": "x"}, {"take": str(uuid.UUID(int=1))}])
def test_what_cannot_be_taken_back_is_said_in_words(client, sent):
    session = client.session
    session["speaker"] = str(make.speaker().pk)
    session.save()
    page = client.post("/en/me/withdraw/", sent, follow=True)
    assert "no such recording" in page.content.decode()
