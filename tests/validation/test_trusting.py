"""Verdicts where votes are weighed by how far their listeners are trusted."""

import pytest
from django.db.models import Q

from languages.models import Language
from operations.damage import votes_apart
from recordings.models import Clip
from recordings.states import ClipState
from tests import make
from validation.models import Judgement, Reliability
from validation.options import Choice
from validation.selection import next_clips
from validation.trusting import posteriors_of
from validation.verdict import Verdict
from validation.voting import cast_vote
from validation.weighing import weigh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _language():
    make.language(weighs_votes=True)


def listener(right=None):
    """Return a speaker of whom nothing is known, or whose votes weigh so much since last night."""
    speaker = make.speaker()
    if right is not None:
        Reliability.objects.create(
            speaker=speaker, language=make.language(), skill=0.5, answers=9, gold_answers=0,
            answers_alike=False, for_yes=right, for_no=right,
        )  # fmt: skip
    return speaker


def say(clip, by, choice=Choice.YES):
    make.served(clip, by)
    return cast_vote(clip_id=clip.pk, listener=by, choice=choice)


def test_two_strangers_are_not_enough_and_three_are():
    clip = make.clip()
    assert [say(clip, listener()) for _ in range(3)] == [Verdict.OPEN, Verdict.OPEN, Verdict.VALID]


def test_two_who_proved_to_be_right_are_enough_and_one_is_not():
    clip = make.clip()
    assert [say(clip, listener(right=4)) for _ in range(2)] == [Verdict.OPEN, Verdict.VALID]


def test_votes_that_say_nothing_decide_nothing_however_many_they_are():
    clip = make.clip()
    assert [say(clip, listener(right=0)) for _ in range(4)] == [Verdict.OPEN] * 4
    good = [say(clip, listener(right=4), Choice.NO) for _ in range(2)]
    assert good == [Verdict.OPEN, Verdict.INVALID]
    assert Judgement.objects.get().posterior < 0.03


def test_where_votes_are_counted_nothing_is_weighed():
    Language.objects.update(weighs_votes=False)
    clip = make.clip()
    assert [say(clip, listener(right=0)) for _ in range(2)] == [Verdict.OPEN, Verdict.VALID]
    assert posteriors_of([clip.pk]) == {}
    assert Judgement.objects.get().posterior is None


def test_a_clip_that_people_do_not_agree_about_is_heard_by_seven_at_most():
    torn, long_torn = make.clip(votes="yyynnn"), make.clip(votes="yyyynnn")
    found = next_clips(language=make.language(), listener=make.speaker(), count=10)
    assert found == [torn]
    assert long_torn not in found


def test_at_night_clips_are_decided_anew_by_what_is_known_of_their_listeners_then():
    bots, honest = [make.speaker() for _ in range(3)], [make.speaker() for _ in range(3)]
    for n in range(30):
        clip = make.clip()
        for by in honest:
            make.vote(clip, Choice.NO if n % 2 else Choice.YES, by=by)
        for by in bots:
            make.vote(clip, Choice.YES, by=by)
        Clip.objects.filter(pk=clip.pk).update(yes_count=3 if n % 2 else 6, no_count=3 if n % 2 else 0)
    passed_by_bots = make.clip(votes="", state=ClipState.VALID, yes_count=3)
    for by in bots:
        make.vote(passed_by_bots, Choice.YES, by=by)
    weigh(make.language())
    passed_by_bots.refresh_from_db()
    assert passed_by_bots.state == ClipState.OPEN
    assert passed_by_bots.judgements.get().verdict == Verdict.OPEN
    assert not votes_apart(Q())


def test_at_night_clips_follow_a_rule_that_was_chosen_since():
    Language.objects.update(weighs_votes=False, quorum=3)
    clip = make.clip(votes="yy", state=ClipState.VALID)
    assert votes_apart(Q()) == [clip.pk]
    weigh(Language.objects.get())
    clip.refresh_from_db()
    assert clip.state == ClipState.OPEN
    assert votes_apart(Q()) == []


def test_gold_keeps_its_answer_whoever_said_so():
    clip = make.gold(is_good=False)
    weigh(make.language())
    clip.refresh_from_db()
    assert clip.state == ClipState.INVALID
    assert posteriors_of([clip.pk]) == {clip.pk: 0.0}


def test_votes_that_do_not_count_are_no_damage():
    clip = make.clip(votes="y")
    clip.votes.create(speaker=make.speaker(), choice=Choice.YES, standing="too-fast")
    assert votes_apart(Q()) == []
