"""Which clip comes next."""

import pytest

from recordings.models import Clip
from recordings.states import ClipState
from tests import make
from validation.models import ClipSkip
from validation.options import Choice
from validation.selection import next_clips

pytestmark = pytest.mark.django_db


def heard_by(listener, count=10):
    return next_clips(language=make.language(), listener=listener, count=count)


def test_one_hears_open_clips_of_others_that_are_new_to_one():
    listener = make.speaker()
    wanted = make.clip()
    make.clip(speaker=listener)
    make.clip(state=ClipState.VALID)
    make.vote(make.clip(), Choice.YES, by=listener)
    ClipSkip.objects.create(clip=make.clip(), speaker=listener)
    assert heard_by(listener) == [wanted]


def test_somebody_new_hears_whatever_is_open():
    assert len([make.clip(), make.clip()]) == len(heard_by(None))


def test_clips_near_a_decision_come_first():
    clips = [make.clip(), make.clip(votes="y"), make.clip(votes="yn")]
    assert heard_by(make.speaker()) == clips[::-1]


def test_no_more_than_three_of_one_speaker_come_in_a_row_while_there_are_others():
    talker = make.speaker()
    for _ in range(6):
        make.clip(speaker=talker, votes="y")
    other = make.clip()
    heard = [clip.speaker_id for clip in heard_by(make.speaker())]
    assert heard.index(other.speaker_id) == 3
    assert len(heard) == 7


def test_the_walk_starts_anywhere_and_still_finds_all():
    for _ in range(5):
        make.clip()
    Clip.objects.update(place=0)
    assert len(heard_by(make.speaker())) == 5


def test_choosing_costs_the_same_for_many_clips(django_assert_max_num_queries):
    for _ in range(30):
        make.clip()
    language, listener = make.language(), make.speaker()
    with django_assert_max_num_queries(2):
        assert len(next_clips(language=language, listener=listener, count=10)) == 10
