"""Which voices are one person: nobody judges what they said themselves, under whatever voice."""

import pytest
from django.contrib.sessions.backends.cache import SessionStore

from accounts import persons, recovery, speakers
from accounts.models import Speaker
from common.errors import Refused
from tests import make
from validation.options import Choice
from validation.selection import next_clips
from validation.voting import cast_vote

pytestmark = pytest.mark.django_db


def of_one(*voices):
    return {frozenset(persons.voices_of(voice)) for voice in map(again, voices)} == {
        frozenset(voice.pk for voice in voices)
    }


def again(voice):
    return Speaker.objects.get(pk=voice.pk)


def test_voices_of_one_browser_are_one_person_and_those_of_another_are_not():
    session, other = SessionStore(), speakers.current_or_new(SessionStore())
    first, second = speakers.current_or_new(session), speakers.add(session)
    assert of_one(first, second)
    assert of_one(other)


def test_a_voice_that_the_browser_forgot_is_still_of_the_same_person():
    session = SessionStore()
    former = speakers.current_or_new(session)
    speakers.forget(session, str(former.pk))
    assert of_one(former, speakers.current_or_new(session))


def test_a_voice_that_was_found_again_joins_those_that_were_there():
    session = SessionStore()
    here, found = speakers.current_or_new(session), make.speaker()
    speakers.take_up(session, recovery.speaker_of(recovery.make_code(speaker=found)))
    assert of_one(here, found, speakers.add(session))


def test_a_voice_found_on_a_third_device_brings_all_of_the_others_along():
    first, second = SessionStore(), SessionStore()
    a, b = speakers.current_or_new(first), speakers.current_or_new(second)
    speakers.take_up(second, again(a))
    third = SessionStore()
    c = speakers.current_or_new(third)
    speakers.take_up(third, again(b))
    assert of_one(a, b, c, speakers.add(first))


@pytest.mark.parametrize("forgotten", [False, True])
def test_nobody_hears_or_judges_what_another_of_their_voices_said(forgotten):
    session = SessionStore()
    former = speakers.current_or_new(session)
    clip = make.clip(speaker=former)
    if forgotten:
        speakers.forget(session, str(former.pk))
    listener = speakers.add(session)
    assert next_clips(language=make.language(), listener=listener, count=10) == []
    with pytest.raises(Refused) as no:
        cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
    assert no.value.code == "own-clip"
    assert [each.pk for each in next_clips(language=make.language(), listener=make.speaker(), count=10)] == [
        clip.pk
    ]


def test_what_one_voice_judged_is_not_asked_of_another_of_the_same_person():
    session = SessionStore()
    first, second = speakers.current_or_new(session), speakers.add(session)
    make.vote(make.clip(), Choice.YES, by=first)
    assert next_clips(language=make.language(), listener=second, count=10) == []
