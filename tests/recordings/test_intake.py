"""Taking in a take: nothing acknowledged without bytes and row, and the same again is the same."""

import hashlib
import uuid
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction

from accounts.options import Method
from common.errors import Refused
from recordings import intake
from recordings.models import Recording
from recordings.states import NEXT, RecordingState
from tests import make

pytestmark = pytest.mark.django_db
BODY = b"the bytes as they came"


def take(body=BODY, **more):
    return intake.Take(**{"take_id": uuid.uuid4(), "read": BytesIO(body).read} | more)


def accept(of, speaker=None, prompt=None, **more):
    return intake.accept_take(
        take=of, speaker=speaker or make.speaker(), prompt=prompt or make.prompt(), **more
    )


def refused(of, **more):
    with pytest.raises(Refused) as no:
        accept(of, **more)
    assert not Recording.objects.exists()
    assert not list(Path(storages["private"].location).rglob("*"))
    return no.value


def test_a_receipt_means_that_bytes_and_row_are_there():
    sent = take()
    receipt = accept(sent)
    row = Recording.objects.get()
    assert (receipt.id, receipt.sha256, receipt.new) == (sent.take_id, hashlib.sha256(BODY).hexdigest(), True)
    assert (row.state, row.size, row.received_at) == (RecordingState.RECEIVED, len(BODY), receipt.received_at)
    with storages["private"].open(row.original_key) as kept:
        assert kept.read() == BODY


def test_the_same_take_again_gives_the_same_receipt():
    speaker, prompt, number = make.speaker(), make.prompt(), uuid.uuid4()
    first = accept(take(take_id=number), speaker=speaker, prompt=prompt)
    again = accept(take(take_id=number), speaker=speaker, prompt=prompt)
    assert (again.id, again.sha256, again.received_at, again.new) == (*list(vars(first).values())[:3], False)
    prompt.refresh_from_db()
    assert (Recording.objects.count(), prompt.clips_count) == (1, 1)


def test_another_sound_under_the_same_number_is_refused_and_the_first_one_stays():
    speaker, number = make.speaker(), uuid.uuid4()
    accept(take(take_id=number), speaker=speaker)
    with pytest.raises(Refused) as no:
        accept(take(b"another", take_id=number), speaker=speaker)
    assert no.value.code == "take-id-taken"
    with storages["private"].open(Recording.objects.get().original_key) as kept:
        assert kept.read() == BODY


def test_two_speakers_may_happen_on_the_same_number():
    number = uuid.uuid4()
    accept(take(take_id=number))
    accept(take(take_id=number))
    assert Recording.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "code", "status"),
    [
        (take(b""), "empty", 400),
        (take(digest=bytes(32)), "digest", 400),
        (take(read=lambda size: b"x" * size), "too-large", 413),
    ],
)
def test_what_cannot_be_kept_leaves_no_trace(sent, code, status):
    no = refused(sent)
    assert (no.code, no.status) == (code, status)


def test_a_connection_that_breaks_off_leaves_no_trace():
    def read(size):
        raise OSError

    assert refused(take(read=read)).code == "cut-off"


def test_a_digest_that_fits_is_fine():
    assert accept(take(digest=hashlib.sha256(BODY).digest())).new


def test_without_consent_nothing_is_kept():
    assert refused(take(), speaker=make.speaker(consenting=False)).status == 403


@pytest.mark.parametrize(
    ("setting", "state"), [("accept", RecordingState.RECEIVED), ("quarantine", RecordingState.QUARANTINED)]
)
def test_takes_of_an_app_that_knows_no_consent_are_kept_as_the_instance_is_set(settings, setting, state):
    settings.CLIENT_CONSENT = setting
    accept(take(), speaker=make.speaker(consenting=False), knows_consent=False)
    row = Recording.objects.get()
    assert row.state == state
    assert (row.consent and row.consent.method) == (Method.CLIENT if setting == "accept" else None)


def test_what_the_speaker_says_of_themselves_is_kept_as_it_was():
    speaker = make.speaker(age="thirties", gender="non-binary")
    speaker.accents.add(
        make.language().accents.create(name="North"), make.language().accents.create(name="Coast")
    )
    accept(take(), speaker=speaker)
    speaker.age = "fourties"
    speaker.save()
    row = Recording.objects.get()
    assert (row.age, row.gender, row.accents) == ("thirties", "non-binary", "Coast|North")


def test_an_upload_costs_a_fixed_number_of_queries(django_assert_max_num_queries):
    speaker, prompt = make.speaker(), make.prompt()
    with django_assert_max_num_queries(10):  # two of them open and close the transaction
        accept(take(), speaker=speaker, prompt=prompt)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": RecordingState.PROCESSING},
        {"state": RecordingState.REFUSED, "refusal": ""},
        {"state": RecordingState.PROCESSED, "pcm_sha256": ""},
    ],
)
def test_the_database_refuses_a_state_without_what_belongs_to_it(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.recording(**broken)


def test_a_state_that_may_not_follow_is_an_error():
    row = make.recording(state=RecordingState.QUARANTINED)
    with pytest.raises(ValueError, match="quarantined"):
        row.move_to(RecordingState.PROCESSED)
    assert set(NEXT) == set(RecordingState)
