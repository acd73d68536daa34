"""Deleting an account, with all that was recorded or without."""

import pytest
from django.core import mail
from django.core.cache import cache

from accounts.models import Consent, Speaker, User
from accounts.options import Age, Role
from recordings.models import Clip, Recording, Withdrawal
from tests import make
from tests.accounts.signing_in import ADDRESS, code_of_last_mail, sign_up

pytestmark = pytest.mark.django_db
PAGE = "/en/me/account/delete/"


@pytest.fixture(autouse=True)
def _nobody_tried_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def owner(client):
    """Return the account that the client is signed in with; it has two voices, one of which recorded something."""
    user = sign_up(client)
    voices = [make.speaker(user=user, age=Age.THIRTIES) for _ in range(2)]
    make.clip(speaker=voices[0])
    return user


def prove(client):
    """Prove with a code from the e-mail who is at it."""
    client.post("/en/account/reauthenticate/code/", {"recipient": ADDRESS})
    client.post("/en/account/reauthenticate/code/confirm/", {"code": code_of_last_mail()})


def test_only_who_just_proved_to_be_its_owner_deletes_an_account(client, owner):
    assert client.get(PAGE).url.startswith("/en/account/reauthenticate/")
    assert client.post(PAGE, {"recordings": "delete"}).status_code == 302
    assert User.objects.get() == owner
    prove(client)
    assert client.get(PAGE).status_code == 200


def test_without_a_choice_nothing_happens(client, owner):
    prove(client)
    for said in ({}, {"recordings": "perhaps"}):
        assert client.post(PAGE, said).status_code == 200
    assert User.objects.get() == owner
    assert Clip.objects.exists()


def test_recordings_that_are_kept_belong_to_nobody(client, owner):
    prove(client)
    page = client.post(PAGE, {"recordings": "keep"}, follow=True)
    assert "Your account is deleted." in page.text
    assert not User.objects.exists()
    assert Clip.objects.count() == 1
    assert {(voice.user, voice.age) for voice in Speaker.objects.all()} == {(None, Age.THIRTIES)}
    assert client.get("/en/me/account/").url.startswith("/en/account/login/")


def test_recordings_that_are_not_kept_are_withdrawn_and_what_was_told_is_forgotten(client, owner):
    someone_else = make.clip()
    prove(client)
    client.post(PAGE, {"recordings": "delete"})
    assert not User.objects.exists()
    assert list(Clip.objects.all()) == [someone_else]
    assert Withdrawal.objects.count() == 1
    assert set(Recording.objects.values_list("state", flat=True)) == {"withdrawn", "processed"}
    theirs = Speaker.objects.exclude(pk=someone_else.speaker_id)
    assert set(theirs.values_list("age", flat=True)) == {""}
    assert not any(
        Consent.objects.filter(speaker=voice).last().publish for voice in theirs if voice.consents.exists()
    )


def test_who_has_a_role_is_told_to_give_it_back_first(client, owner):
    owner.grants.create(role=Role.MODERATOR)
    prove(client)
    page = client.post(PAGE, {"recordings": "keep"}, follow=True)
    assert "You have a role here." in page.text
    assert User.objects.get() == owner


def test_nothing_is_mailed_to_an_address_that_is_gone(client, owner):
    prove(client)
    mail.outbox.clear()
    client.post(PAGE, {"recordings": "keep"})
    assert mail.outbox == []
