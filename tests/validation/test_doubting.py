"""Second opinions about what the rule decided and the model doubts."""

import pytest

from recordings.states import ClipState
from tests import make
from validation.assigning import hand_out
from validation.models import Doubt
from validation.options import Choice
from validation.verdict import Verdict
from validation.voting import cast_vote

pytestmark = pytest.mark.django_db


def doubtful(votes="yy", state=ClipState.VALID):
    clip = make.clip(votes=votes, state=state)
    Doubt.objects.create(clip=clip, language=clip.language, posterior=0.6)
    return clip


def handed_to(listener, count=10):
    return hand_out(language=make.language(), listener=listener, count=count)


def test_a_doubted_clip_is_heard_by_those_who_have_not_judged_it():
    clip = doubtful()
    assert handed_to(make.speaker()) == [clip]
    assert handed_to(clip.speaker) == handed_to(clip.votes.first().speaker) == []


def test_second_opinions_are_few_while_open_clips_wait():
    for _ in range(30):
        doubtful()
        make.clip()
    states = [clip.state for _ in range(4) for clip in handed_to(make.speaker(), 20)]
    assert len(states) == 80
    assert 0 < states.count(ClipState.VALID) < 40


def test_the_rule_alone_decides_what_a_second_opinion_changes():
    clip, listener = doubtful("yyn"), make.speaker()
    make.served(clip, listener)
    assert cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.NO) is Verdict.OPEN
    clip.refresh_from_db()
    assert clip.state == ClipState.OPEN


def test_what_was_hidden_since_or_asked_enough_is_left_out():
    doubtful(state=ClipState.HIDDEN)
    doubtful("yyyynnn")
    assert handed_to(make.speaker()) == []
