"""Which voice a browser or a device speaks for."""

import uuid

import pytest
from django.contrib.sessions.backends.cache import SessionStore

from accounts import speakers
from tests import make

pytestmark = pytest.mark.django_db


def test_a_browser_keeps_its_voice():
    session = SessionStore()
    assert speakers.current(session) is None
    speaker = speakers.current_or_new(session)
    assert speakers.current(session) == speakers.current_or_new(session) == speaker


def test_takes_of_an_earlier_voice_of_the_same_browser_still_find_it():
    session = SessionStore()
    first = speakers.current_or_new(session)
    session[speakers.CURRENT] = None
    speakers.current_or_new(session)
    assert speakers.held(session, first.pk) == first
    assert speakers.held(session, make.speaker().pk) is None


def test_a_device_is_known_by_the_token_of_its_first_call():
    device = uuid.uuid4()
    first = speakers.of_device(device, "a" * 40)
    assert speakers.of_device(device, "a" * 40) == first
    assert speakers.of_device(device, "b" * 40) is None


def test_no_device_may_take_over_the_voice_of_a_browser():
    assert speakers.of_device(make.speaker().pk, "a" * 40) is None
