"""Gold clips: known answers among all others."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Refused
from recordings.states import ClipState
from tests import make
from validation import assigning, gold
from validation.assigning import hand_out
from validation.models import Gold
from validation.options import Choice
from validation.verdict import Verdict
from validation.voting import cast_vote

pytestmark = pytest.mark.django_db


def handed_to(listener, count=10):
    return hand_out(language=make.language(), listener=listener, count=count)


@pytest.mark.parametrize(("state", "is_good"), [(ClipState.VALID, True), (ClipState.INVALID, False)])
def test_what_people_decided_becomes_the_known_answer(state, is_good, django_user_model):
    clip, by = make.clip(state=state), django_user_model.objects.create(username="organiser")
    for _ in range(2):
        assert gold.mark(clip=clip, by=by).is_good is is_good
    assert Gold.objects.get().marked_by == by


@pytest.mark.parametrize("state", [ClipState.OPEN, ClipState.HIDDEN, ClipState.UNTRANSCRIBED])
def test_what_nobody_decided_cannot_be_known(state, django_user_model):
    with pytest.raises(Refused) as no:
        gold.mark(clip=make.clip(state=state), by=django_user_model.objects.create(username="organiser"))
    assert no.value.code == "undecided"


def test_votes_on_gold_count_for_the_listener_and_not_for_the_clip():
    clip, listener = make.gold(is_good=True), make.speaker()
    make.served(clip, listener)
    assert cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.NO) is Verdict.VALID
    clip.refresh_from_db()
    assert (clip.state, clip.yes_count, clip.no_count) == (ClipState.VALID, 2, 0)
    assert listener.votes.get().standing == "gold"


def test_gold_is_one_of_twenty_clips_that_one_hears():
    random.seed(20)
    assert assigning._about(10_000, assigning.GOLD_SHARE) == pytest.approx(500, abs=100)


def test_gold_comes_among_other_clips_to_those_who_have_not_judged_it(monkeypatch):
    monkeypatch.setattr(assigning, "GOLD_SHARE", 1)
    known, others, listener = make.gold(is_good=False), [make.clip() for _ in range(3)], make.speaker()
    assert known in handed_to(listener, 3)
    assert len(handed_to(listener, 3)) == 3
    make.vote(known, Choice.NO, by=listener)
    assert set(handed_to(listener)) == set(others)
    assert known not in handed_to(known.speaker)


def test_gold_is_no_work_of_its_own(monkeypatch):
    monkeypatch.setattr(assigning, "GOLD_SHARE", 1)
    make.gold(is_good=True)
    assert handed_to(make.speaker()) == []


def test_gold_that_is_hidden_or_withdrawn_does_not_come(monkeypatch):
    monkeypatch.setattr(assigning, "GOLD_SHARE", 1)
    known, other = make.gold(is_good=True, state=ClipState.HIDDEN), make.clip()
    assert handed_to(make.speaker()) == [other]
    known.delete()
    assert not Gold.objects.exists()


def test_many_gold_clips_cost_no_more(monkeypatch):
    monkeypatch.setattr(assigning, "GOLD_SHARE", 1)
    monkeypatch.setattr(assigning, "SECOND_OPINIONS", 1)
    monkeypatch.setattr("common.ring.random.randrange", lambda _end: 0)  # all lies behind the start
    listener, counts = make.speaker(), []
    for more in (10, 90):
        for _ in range(more):
            make.gold(is_good=True)
            make.clip()
        with CaptureQueriesContext(connection) as counted:
            assert len(handed_to(listener, 4)) == 4
        counts.append(len(counted))
    assert counts[0] == counts[1]
