"""Taking the voices of a device into an account, and undoing it."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.db import IntegrityError
from django.utils import timezone

from accounts import claiming, persons, speakers
from accounts.models import Claim, ClaimedVoice, Speaker, User
from common.errors import Refused
from recordings.models import Clip
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return User.objects.create(username="someone")


def device(voices=2):
    session = SessionStore()
    return [speakers.current_or_new(session), *(speakers.add(session) for _ in range(voices - 1))]


def ids(voices):
    return [voice.pk for voice in voices]


def state():
    """Return whose every voice is: its account and its person."""
    return {pk: whose for pk, *whose in Speaker.objects.values_list("pk", "user", "person")}


def test_all_voices_of_a_device_come_along_with_all_that_they_have(user):
    voices = device()
    clip = make.clip(speaker=voices[0])
    claiming.claim(user=user, voices=ids(voices))
    assert set(user.speakers.all()) == set(voices)
    assert Clip.objects.get(speaker__user=user) == clip


def test_a_second_device_becomes_the_same_person(user):
    first, second = device(), device(1)
    for voices in (first, second):
        claiming.claim(user=user, voices=ids(voices))
    assert set(persons.voices_of(Speaker.objects.get(pk=second[0].pk))) == {*ids(first), *ids(second)}


def test_undoing_leaves_everything_as_it_was(user):
    claiming.claim(user=user, voices=ids(device()))
    before, voices = state(), device()
    former = voices[0]
    before |= {each.pk: [None, each.person] for each in voices}
    made = claiming.claim(user=user, voices=ids(voices[1:]))  # the device has forgotten the first
    assert state() != before
    assert Speaker.objects.get(pk=former.pk).user is None
    claiming.undo(user=user, claim_id=made.pk)
    assert state() == before


def test_voices_of_other_accounts_are_never_taken(user):
    other = User.objects.create(username="another")
    voices = device()
    claiming.claim(user=other, voices=ids(voices))
    assert claiming.claim(user=user, voices=ids(voices)) is None
    assert set(other.speakers.all()) == set(voices)


def test_what_was_given_back_is_taken_again_only_when_asked_for(user):
    voices = device()
    made = claiming.claim(user=user, voices=ids(voices))
    claiming.undo(user=user, claim_id=made.pk)
    assert claiming.claim(user=user, voices=ids(voices)) is None
    assert claiming.claim(user=user, voices=ids(voices), again=True)
    assert user.speakers.count() == 2


def test_a_claim_is_undone_once_by_its_own_account_and_while_it_is_young(user):
    made = claiming.claim(user=user, voices=ids(device()))
    with pytest.raises(Refused):
        claiming.undo(user=User.objects.create(username="another"), claim_id=made.pk)
    Claim.objects.update(made_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Refused):
        claiming.undo(user=user, claim_id=made.pk)
    Claim.objects.update(made_at=timezone.now() - timedelta(days=29))
    claiming.undo(user=user, claim_id=made.pk)
    with pytest.raises(Refused):
        claiming.undo(user=user, claim_id=made.pk)


def test_a_claim_happens_wholly_or_not_at_all(user, monkeypatch):
    voices, before = device(), state()

    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(persons, "unite", broken)
    with pytest.raises(ConnectionError):
        claiming.claim(user=user, voices=ids(voices))
    assert (state() | before, Claim.objects.count()) == (state(), 0)


def test_a_voice_is_noted_once_in_a_claim(user):
    made = claiming.claim(user=user, voices=ids(device()))
    noted = made.voices.first()
    with pytest.raises(IntegrityError):
        ClaimedVoice.objects.create(
            claim=made, speaker=noted.speaker, person_before=noted.person_before, was_anonymous=True
        )
