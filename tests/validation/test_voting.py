"""Casting votes."""

import uuid

import pytest

from common.errors import Refused
from recordings.states import ClipState
from tests import make
from validation.models import Vote
from validation.options import Choice
from validation.verdict import Verdict
from validation.voting import cast_vote

pytestmark = pytest.mark.django_db


def cast(clip, choice=Choice.YES, listener=None, **more):
    return cast_vote(
        clip_id=clip.pk, listener=listener or make.speaker(consenting=False), choice=choice, **more
    )


def test_the_second_yes_makes_a_clip_valid():
    clip = make.clip(votes="y")
    assert cast(clip) is Verdict.VALID
    clip.refresh_from_db()
    assert (clip.state, clip.yes_count, clip.no_count) == (ClipState.VALID, 2, 0)


def test_a_later_no_opens_a_valid_clip_again():
    clip = make.clip(votes="yyn", state=ClipState.VALID)
    assert cast(clip, Choice.NO) is Verdict.OPEN


def test_not_sure_counts_for_neither_side():
    clip = make.clip(votes="yu")
    assert cast(clip, Choice.UNSURE) is Verdict.OPEN


def test_a_second_vote_replaces_the_first():
    clip, listener = make.clip(), make.speaker()
    cast(clip, Choice.YES, listener)
    cast(clip, Choice.NO, listener, reasons=["noise"])
    vote = Vote.objects.get(clip=clip)
    assert (vote.choice, vote.reasons) == (Choice.NO, ["noise"])


def test_nobody_judges_their_own_voice():
    clip = make.clip()
    with pytest.raises(Refused) as no:
        cast(clip, listener=clip.speaker)
    assert no.value.code == "own-clip"


def test_an_unknown_reason_is_refused_and_leaves_nothing():
    clip = make.clip()
    with pytest.raises(Refused) as no:
        cast(clip, Choice.NO, reasons=["ugly"])
    assert no.value.code == "unknown-reason"
    assert not clip.votes.exists()


def test_a_clip_that_is_gone_is_refused():
    with pytest.raises(Refused) as no:
        cast_vote(clip_id=uuid.uuid4(), listener=make.speaker(), choice=Choice.YES)
    assert no.value.status == 404
