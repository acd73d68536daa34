"""Counting what was given."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from dashboard import counting
from dashboard.models import Day, Group, Kind, Tally
from dashboard.numbers import Numbers, by_language, total
from prompts.states import PromptState
from recordings.models import Clip
from recordings.states import ClipState
from tests import make
from validation.models import Judgement
from validation.verdict import Verdict

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = 3_600_000


def clip_of(day, **fields):
    made = make.clip(duration_ms=HOUR, **fields)
    Clip.objects.filter(pk=made.pk).update(created_at=MONDAY + timedelta(days=day))
    return made


def test_each_language_has_its_numbers():
    valid = make.clip(duration_ms=HOUR, state=ClipState.VALID)
    make.clip(duration_ms=HOUR // 2)
    make.prompt(state=PromptState.SUBMITTED)
    breton = make.clip(prompt=make.prompt(language=make.language("br")), duration_ms=1000)
    while counting.count_next():
        pass
    numbers = by_language()
    assert numbers[breton.language_id] == Numbers(
        recorded_ms=1000, voices=1, clips=1, undecided=1, sentences_left=1
    )
    assert numbers[valid.language_id] == Numbers(
        recorded_ms=HOUR * 3 // 2, checked_ms=HOUR, voices=2, clips=2, undecided=1,
        sentences_left=2, sentences_submitted=1,
    )  # fmt: skip
    assert total(numbers.values()).voices == 3


def test_a_language_is_counted_when_it_is_due_and_by_one_worker():
    make.language()
    assert counting.count_next()
    assert not counting.count_next()
    tally = Tally.objects.get()
    assert tally.due_at >= tally.counted_at + counting.AT_LEAST
    Tally.objects.update(due_at=timezone.now())
    make.clip(duration_ms=1000)
    assert counting.count_next()
    assert Tally.objects.get().clips == 1


def test_what_was_recorded_counts_on_its_day_and_what_is_valid_on_the_day_of_the_last_verdict():
    clip_of(0)
    valid = clip_of(0, state=ClipState.VALID)
    for day, verdict in ((1, Verdict.VALID), (2, Verdict.OPEN), (4, Verdict.VALID)):
        Judgement.objects.create(
            clip=valid, verdict=verdict, yes_count=2, no_count=0, rule_version=1,
            made_at=MONDAY + timedelta(days=day),
        )  # fmt: skip
    clip_of(1, state=ClipState.VALID)  # of a list that came with its verdicts
    counting.count(valid.language)
    rows = [(row.day.day, row.clips, row.recorded_ms, row.checked_ms) for row in Day.objects.all()]
    assert rows == [(2, 2, 2 * HOUR, 0), (3, 1, HOUR, HOUR), (6, 0, 0, HOUR)]


def test_people_are_counted_once_in_each_group_whatever_voices_they_have():
    one = make.speaker()
    other = make.speaker(person=one.person)
    for speaker, accents in ((one, "coast"), (one, "coast|hills"), (other, "coast"), (make.speaker(), "")):
        clip = make.clip(recording=make.recording(speaker=speaker, age="twenties", accents=accents))
    counting.count(clip.language)
    people = {(row.kind, row.value): row.people for row in Group.objects.all()}
    assert people == {
        (Kind.AGE, "twenties"): 2,
        (Kind.GENDER, ""): 2,
        (Kind.ACCENT, "coast"): 1,
        (Kind.ACCENT, "hills"): 1,
        (Kind.ACCENT, ""): 1,
    }


def test_counting_again_after_a_withdrawal_leaves_nothing_of_it():
    clip = make.clip(duration_ms=HOUR)
    counting.count(clip.language)
    language = clip.language
    clip.delete()
    counting.count(language)
    assert not Day.objects.exists()
    assert not Group.objects.exists()
    assert by_language()[language.pk].recorded_ms == 0
