"""What must be true of releases is held by the database, whoever writes."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from export.keys import Kind
from export.models import (
    Archive,
    Document,
    Edition,
    FrozenClip,
    FrozenSentence,
    FrozenSpeaker,
    Home,
    Release,
    Slice,
    StaleTransition,
    Voice,
)
from export.states import NEXT, ReleaseState
from tests import make

pytestmark = pytest.mark.django_db
ZEROS = "0" * 64


def _release(**fields):
    return Release.objects.create(
        **{"major": 1, "minor": 0, "corpus": "voicecollect", "cutoff": date(2026, 11, 1)} | fields
    )


def _edition(**fields):
    return Edition.objects.create(
        **{"release": _release(), "language": make.language(), "locale": "en", "quorum": 2} | fields
    )


def _speaker(**fields):
    values = {"edition": None, "client_id": "a" * 128} | fields
    return FrozenSpeaker.objects.create(**values | {"edition": values["edition"] or _edition()})


def _sentence(edition=None, **fields):
    values = {"sentence_id": uuid.uuid4(), "text": "Hello.", "text_key": ZEROS, "status": "in_use"}
    return FrozenSentence.objects.create(edition=edition or _edition(), **values | fields)


def _clip(**fields):
    edition = _edition()
    values = {
        "edition": edition, "clip_id": uuid.UUID(int=1), "speaker": _speaker(edition=edition),
        "sentence": _sentence(edition), "created_at": timezone.now(), "up_votes": 2, "down_votes": 0,
        "verdict": "valid", "duration_ms": 1000, "pipeline_version": 1, "delivery_size": 1, "delivery_sha256": ZEROS,
        "master_size": 1, "master_sha256": ZEROS,
    }  # fmt: skip
    return FrozenClip.objects.create(**values | fields)


def _archive(**fields):
    values = {"edition": None, "kind": Kind.MP3, "name": "a.tar.gz", "clips": 1, "duration_ms": 1} | fields
    return Archive.objects.create(**values | {"edition": values["edition"] or _edition()})


def _slice(**fields):
    values = {"archive": None, "number": 0} | fields
    return Slice.objects.create(**values | {"archive": values["archive"] or _archive()})


def _again(row):
    """Insert a copy of the row."""
    row.pk = None
    row._state.adding = True
    row.save()


BROKEN = {
    "release_number_once": lambda: _again(_release()),
    "release_frozen_has_time": lambda: _release(state=ReleaseState.FROZEN),
    "release_public_has_time": lambda: _release(state=ReleaseState.PUBLISHED, frozen_at=timezone.now()),
    "edition_language_once": lambda: _again(_edition()),
    "voice_once": lambda: [
        Voice.objects.create(language=make.language(), speaker=speaker, client_id=name)
        for speaker in [make.speaker()]
        for name in "ab"
    ],
    "voice_client_id_once": lambda: [
        Voice.objects.create(language=make.language(), speaker=make.speaker(), client_id="a") for _ in "ab"
    ],
    "voice_split_is_known": lambda: Voice.objects.create(
        language=make.language(), speaker=make.speaker(), client_id="a", split="exam"
    ),
    "home_once": lambda: _again(
        Home.objects.create(language=make.language(), text_key=ZEROS, split="test", clip_id=uuid.UUID(int=1))
    ),
    "home_split_is_known": lambda: Home.objects.create(
        language=make.language(), text_key=ZEROS, split="", clip_id=uuid.UUID(int=1)
    ),
    "frozen_speaker_once": lambda: _again(_speaker()),
    "frozen_speaker_split_is_known": lambda: _speaker(split="exam"),
    "frozen_sentence_once": lambda: _again(_sentence()),
    "frozen_sentence_has_text": lambda: _sentence(text=""),
    "frozen_clip_once": lambda: _again(_clip()),
    "frozen_clip_has_length": lambda: _clip(duration_ms=0),
    "frozen_clip_split_is_known": lambda: _clip(split="exam"),
    "frozen_clip_split_is_valid": lambda: _clip(split="test", verdict="open"),
    "frozen_clip_train_is_in_train_all": lambda: _clip(split="train"),
    "frozen_clip_held_out_is_not": lambda: _clip(split="dev", train_all=True),
    "archive_kind_once": lambda: [_archive(edition=each, name=n) for each in [_edition()] for n in "ab"],
    "archive_whole_has_bytes": lambda: _archive(sha256=ZEROS),
    "slice_number_once": lambda: _again(_slice()),
    "slice_held_has_token": lambda: _slice(state="building"),
    "slice_built_has_bytes": lambda: _slice(state="built"),
    "document_name_once": lambda: _again(
        Document.objects.create(release=_release(), name="a", media_type="text/plain", text="")
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_that_breaks_the_constraint_is_refused(name):
    with pytest.raises(IntegrityError), transaction.atomic():
        BROKEN[name]()


def test_every_constraint_has_a_row_that_breaks_it():
    models = [
        Archive, Document, Edition, FrozenClip, FrozenSentence, FrozenSpeaker, Home, Release, Slice, Voice,
    ]  # fmt: skip
    names = {constraint.name for model in models for constraint in model._meta.constraints}
    assert names <= set(BROKEN)


def test_rows_that_keep_the_constraints_are_taken():
    _clip(split="train", train_all=True)
    assert FrozenClip.objects.count() == 1


@pytest.mark.parametrize("state", ReleaseState)
def test_a_release_goes_only_where_the_table_says(state):
    release = _release(state=state, frozen_at=timezone.now(), published_at=timezone.now())
    for target in set(ReleaseState) - NEXT[state]:
        with pytest.raises(ValueError, match="does not go"):
            release.move_to(target)
    for target in NEXT[state]:
        release.move_to(target)
        assert Release.objects.get().state == target


def test_of_two_who_move_a_release_one_is_told_that_it_was_late():
    first, second = _release(), Release.objects.get()
    first.move_to(ReleaseState.FROZEN, frozen_at=timezone.now())
    with pytest.raises(StaleTransition):
        second.move_to(ReleaseState.FROZEN, frozen_at=timezone.now())


@pytest.mark.parametrize("number", ["1", "1.0.0", "01.0", "1.x", "", "1.0 ", "٣.٠", "99999.0"])
def test_what_is_no_number_finds_nothing(number):
    _release()
    assert not Release.objects.numbered(number).exists()


def test_a_release_is_found_by_its_number():
    _release(major=10, minor=2)
    assert Release.objects.numbered("10.2").get().stem == "voicecollect-10.2-2026-11-01"
