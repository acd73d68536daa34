"""Which clip comes next."""

import pytest

from prompts.models import Stretch
from recordings.models import Clip
from recordings.states import ClipState
from tests import make
from validation.behind import place_late_votes
from validation.models import ClipSkip, Heard, Vote
from validation.options import Choice
from validation.selection import next_clips, with_prompts

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


def test_what_was_judged_by_code_from_before_is_behind_one_by_the_next_night():
    listener, clip = make.speaker(), make.clip()
    make.vote(clip, Choice.YES, by=listener)
    Vote.objects.update(place=None)
    assert heard_by(listener) == [clip]
    assert place_late_votes() == 1
    assert heard_by(listener) == []
    assert place_late_votes() == 0


def test_what_is_handed_out_tells_its_sentence_and_its_sound(django_assert_num_queries):
    clip = make.clip(pipeline_version=3)
    [handed] = with_prompts(heard_by(make.speaker()))
    with django_assert_num_queries(0):
        told = (handed.prompt.text, handed.prompt_id, handed.delivery_key, handed.speaker_id)
    assert told == (clip.prompt.text, clip.prompt_id, clip.delivery_key, clip.speaker_id)


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
    with django_assert_max_num_queries(12):
        assert len(next_clips(language=language, listener=listener, count=10)) == 10


def test_clips_of_all_voices_of_an_account_are_ones_own(django_user_model):
    user = django_user_model.objects.create(username="many voices")
    voice, another = (make.speaker(user=user) for _ in range(2))
    make.clip(speaker=another)
    make.vote(make.clip(), Choice.YES, by=another)
    wanted = make.clip()
    assert heard_by(voice) == [wanted]


def test_clips_with_warnings_come_last_of_those_equally_near():
    clips = [make.clip(warnings=["noisy"]), make.clip(), make.clip(votes="y", warnings=["quiet"])]
    assert heard_by(make.speaker()) == clips[::-1]


def test_speakers_and_variants_that_were_heard_little_come_earlier():
    clips = [make.clip() for _ in range(3)]
    for clip, judged, of_variant in zip(clips, (90, 10, 90), (1000, 1000, 100), strict=True):
        Heard.objects.create(
            speaker=clip.speaker, language=clip.language, clips=judged, of_variant=of_variant
        )
    newcomer = make.clip()
    assert heard_by(make.speaker()) == [newcomer, clips[2], clips[1], clips[0]]


def test_what_people_cannot_agree_about_is_not_asked_for_ever():
    make.clip(votes="yyynnn")
    assert heard_by(make.speaker()) == []


def test_few_that_are_left_among_very_many_are_found_every_time():
    listener = make.speaker()
    speaker, prompt = make.speaker(), make.prompt()
    recording = make.recording(speaker=speaker, prompt=prompt)
    clips = [
        make.clip(recording=recording, position=n, place=n * 1000, yes_count=1, no_count=n % 2)
        for n in range(400)
    ]
    left = {clips[n].pk for n in (3, 170, 399)}
    Vote.objects.bulk_create(
        Vote(clip=clip, speaker=listener, choice=Choice.YES) for clip in clips if clip.pk not in left
    )
    for _ in range(3):
        assert {clip.pk for clip in heard_by(listener)} == left
    assert Stretch.objects.filter(speaker=listener).count() == 2  # where at least 64 lie behind in a row
