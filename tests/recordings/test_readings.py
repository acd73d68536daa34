"""Texts read aloud for people who don't read: real sound, the real sandbox, real files."""

import uuid
from datetime import timedelta
from functools import partial

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils import timezone

from accounts import aloud, consent
from common.errors import Refused
from prompts import submitting
from prompts.states import PromptState
from recordings import erasing, processing, readings, rendering, withdrawal
from recordings.models import Reading
from recordings.states import ReadingState
from recordings.wording import REFUSALS
from tests import make, sound

pytestmark = pytest.mark.django_db
at_once = partial(TestCase.captureOnCommitCallbacks, execute=True)  # what waits for the end of a transaction


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    yield
    processing.sandbox().close()
    processing.sandbox.cache_clear()


def speech():
    return sound.flac(sound.speech(seconds=2))


def added(body=None, **of):
    of = of or {"prompt": make.prompt()}
    with at_once():
        return readings.add(file=ContentFile(body or speech()), agreed=True, **of)


def rendered(reading):
    with at_once():
        assert rendering.process(reading.pk)
    reading.refresh_from_db()
    return reading


def objects():
    return {each.key for each in storages["private"].objects("readings/")}


def test_a_sentence_read_aloud_can_be_heard_and_nothing_else_of_it_is_kept(client):
    prompt = make.prompt()
    reading = added(prompt=prompt)
    assert objects() == {aloud.upload_key(reading.pk)}
    assert rendered(reading).state == ReadingState.READY
    prompt.refresh_from_db()
    assert prompt.spoken == reading.pk
    assert objects() == {aloud.key(reading.pk)}
    answer = client.get(client.get(prompt.audio).url)
    body = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "audio/mpeg"
    assert len(body) == reading.size
    assert body[0] == 0xFF  # a frame: no tag that could name anybody comes first
    assert body[-128:-125] != b"TAG"


def test_a_consent_text_read_aloud_is_of_that_version_alone():
    text = consent.current_text("fr")
    rendered(added(text=text))
    text.refresh_from_db()
    assert text.audio
    assert not consent.current_text("en").audio


def test_a_text_of_six_minutes_fits_into_the_memory_of_the_cage():
    six_minutes = np.resize(sound.reading(), int((rendering.LONGEST_SECONDS - 1) * sound.RATE))
    assert rendered(added(sound.wav(six_minutes))).state == ReadingState.READY


def test_another_reading_takes_the_place_of_the_first_once_it_can_be_heard():
    prompt = make.prompt()
    first = rendered(added(prompt=prompt))
    second = added(prompt=prompt)
    prompt.refresh_from_db()
    assert prompt.spoken == first.pk
    rendered(second)
    prompt.refresh_from_db()
    assert prompt.spoken == second.pk
    assert objects() == {aloud.key(second.pk)}
    assert list(Reading.objects.all()) == [second]


def test_what_was_sent_by_mistake_goes_when_the_right_file_is_sent():
    prompt = make.prompt()
    added(prompt=prompt)
    second = added(prompt=prompt)
    assert objects() == {aloud.upload_key(second.pk)}
    assert Reading.objects.get() == second


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"MZ" + bytes(1000), "not-audio"), (sound.flac(np.zeros(96_000, np.float32)), "no-speech")],
)
def test_what_is_no_voice_is_refused_in_words_and_an_earlier_reading_stays(body, code):
    prompt = make.prompt()
    first = rendered(added(prompt=prompt))
    refused = rendered(added(body, prompt=prompt))
    assert (refused.state, refused.refusal) == (ReadingState.REFUSED, code)
    assert code in REFUSALS
    prompt.refresh_from_db()
    assert prompt.spoken == first.pk
    assert objects() == {aloud.key(first.pk)}


def test_nothing_is_taken_without_the_readers_agreement_or_for_no_text_in_use():
    prompt, text = make.prompt(), consent.current_text("en")
    file, retired = ContentFile(b"x"), make.prompt(state=PromptState.RETIRED)
    for said, code in [
        ({"file": file, "prompt": prompt, "agreed": False}, "consent-needed"),
        ({"file": file, "agreed": True}, "one-text"),
        ({"file": file, "prompt": prompt, "text": text, "agreed": True}, "one-text"),
        ({"file": file, "prompt": retired, "agreed": True}, "prompt-gone"),
        ({"file": ContentFile(b""), "prompt": prompt, "agreed": True}, "size"),
    ]:
        with pytest.raises(Refused) as no:
            readings.add(**said)
        assert no.value.code == code
    assert objects() == set()


def test_an_erased_reading_leaves_nothing(client):
    prompt = make.prompt()
    reading = rendered(added(prompt=prompt))
    with at_once():
        assert erasing.erase_readings(Reading.objects.filter(pk=reading.pk)) == 1
    prompt.refresh_from_db()
    assert (prompt.spoken, prompt.audio) == (None, "")
    assert objects() == set()
    assert client.get(aloud.link(reading.pk)).status_code == 404


def test_a_voice_that_takes_all_back_takes_back_what_it_read_for_others():
    reader = make.speaker()
    reading = make.reading(reader=reader)
    other = make.reading(reader=make.speaker())
    with at_once():
        withdrawal.withdraw_all(speaker=reader)
    assert Reading.objects.get() == other
    reading.prompt.refresh_from_db()
    assert reading.prompt.spoken is None


def test_what_is_erased_while_a_worker_works_leaves_nothing(monkeypatch):
    reading = added()

    def store_and_be_too_late(key, path):
        erasing.erase_readings(Reading.objects.all())
        return processing.save(key, path)

    monkeypatch.setattr(rendering, "save", store_and_be_too_late)
    with at_once():
        assert rendering.process(reading.pk)
    assert objects() == set()


def test_a_reading_whose_worker_died_is_due_when_its_lease_is_over():
    reading = added()
    assert rendering._claim(reading.pk)
    assert not rendering.process(reading.pk)
    Reading.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    with at_once():
        assert rendering.process_next()
    assert Reading.objects.get().state == ReadingState.READY
    assert not rendering.process_next()


def test_what_no_worker_survives_is_refused_in_the_end():
    reading = added()
    storages["private"].delete(aloud.upload_key(reading.pk))
    for _ in range(rendering.MAX_ATTEMPTS):
        assert rendering.process(reading.pk)
        Reading.objects.update(lease_until=None)
    assert not rendering.process_next()
    reading.refresh_from_db()
    assert (reading.state, reading.refusal) == (ReadingState.REFUSED, "failed")


def test_a_corrected_sentence_has_no_reading_until_somebody_reads_it():
    prompt = make.reading().prompt
    prompt.refresh_from_db()
    corrected = submitting.correct(prompt=prompt, text="The baker sold each loaf before noon.")
    assert prompt.audio
    assert not corrected.audio


@pytest.mark.parametrize("count", [10, 50])
def test_sentences_come_with_their_readings_by_no_further_statement(
    client, count, django_assert_max_num_queries
):
    language = make.language()
    silent = make.prompt(language=language)
    spoken = [make.reading(prompt=make.prompt(language=language)).prompt for _ in range(count - 1)]
    with django_assert_max_num_queries(12):
        told = client.get("/api/v1/en/sentences?count=50").json()
    assert len(told) == count
    with_sound = {each["id"] for each in told if each.get("audio")}
    assert with_sound == {str(prompt.pk) for prompt in spoken}
    assert all(each["audio"].startswith("http://testserver/") for each in told if "audio" in each)
    assert next(each for each in told if each["id"] == str(silent.pk)) == {
        "id": str(silent.pk),
        "text": silent.text,
    }


def test_a_sentence_out_of_use_is_not_handed_out_with_its_reading(client):
    reading = make.reading()
    assert client.get(aloud.link(reading.pk)).status_code == 302
    reading.prompt.move_to(PromptState.RETIRED)
    assert client.get("/api/v1/en/sentences").json() == []
    assert client.get(aloud.link(reading.pk)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"prompt": None},
        {"state": ReadingState.READY, "duration_ms": 0},
        {"state": ReadingState.WAITING, "duration_ms": 5},
        {"state": ReadingState.REFUSED, "refusal": ""},
        {"state": ReadingState.WAITING, "refusal": "no-speech"},
    ],
)
def test_the_database_refuses_rows_that_say_nothing_or_two_things(wrong):
    right = {"prompt": make.prompt(), "size": 1, "sha256": "0" * 64}
    with pytest.raises(IntegrityError), transaction.atomic():
        Reading.objects.create(id=uuid.uuid4(), **right | wrong)


def test_the_database_refuses_two_readings_of_one_text_in_the_same_state():
    first = make.reading()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.reading(prompt=first.prompt)
    text = consent.current_text("en")
    make.reading(text=text)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.reading(text=text)
