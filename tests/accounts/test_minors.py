"""Minors: nothing of a child is published before a guardian agreed, and no words of theirs name anybody."""

import re
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts import ages, consent, guardians, portrait
from accounts.models import Consent, GuardianLink, OwnAccent, Speaker
from accounts.options import Method, Purpose
from common.errors import Refused
from export import snapshot
from export.models import Edition, Release
from tests import make

pytestmark = pytest.mark.django_db

ALL = frozenset(Purpose)


@pytest.fixture(autouse=True)
def _nobody_tried_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize(
    ("country", "age"), [("FR", 15), ("fr", 15), ("DE", 16), ("BE", 13), ("IT", 14), ("", 16), ("ZZ", 16)]
)
def test_each_country_has_its_own_age(country, age):
    assert ages.age_of_consent(country) == age


def test_no_age_is_outside_of_what_the_law_allows():
    assert set(ages.AGE_OF_CONSENT.values()) <= {13, 14, 15, 16}


def answered(age, country="FR", purposes=ALL, speaker=None):
    return consent.give(
        speaker=speaker or make.speaker(consenting=False), text=consent.current_text("en"), purposes=purposes,
        method=Method.WEB, young=consent.Young(age, country),
    )  # fmt: skip


def published():
    """Return what a release would hold now."""
    release = Release.objects.create(
        major=Release.objects.count(), minor=0, corpus="voicecollect", cutoff=datetime.now(UTC).date()
    )
    edition = Edition.objects.create(release=release, language=make.language(), locale="en", quorum=2)
    return set(snapshot.eligible(edition).values_list("pk", flat=True))


def test_a_14_year_old_in_france_is_not_published_until_a_guardian_agreed():
    child = answered(14).speaker
    clip, other = make.clip(speaker=child), make.clip()
    assert published() == {other.pk}
    token = guardians.make_link(speaker=child)
    assert published() == {other.pk}
    guardians.answer(token=token, purposes=ALL)
    assert published() == {clip.pk, other.pk}


WAITS = [
    (14, "FR", True),
    (15, "FR", False),
    (14, "BE", False),
    (15, "DE", True),
    (17, "DE", False),
    (15, "", True),
]


@pytest.mark.parametrize(("age", "country", "waits"), WAITS)
def test_who_waits_for_a_guardian(age, country, waits):
    given = answered(age, country)
    assert (given.needs_guardian, given.is_minor) == (waits, True)


def test_of_adults_nothing_about_their_age_is_kept():
    given = answered(18)
    assert (given.needs_guardian, given.is_minor, given.country) == (False, False, "")


def test_what_the_guardian_refuses_stays_unpublished_and_a_no_ends_recording():
    child = answered(14).speaker
    make.clip(speaker=child)
    guardians.answer(token=guardians.make_link(speaker=child), purposes=frozenset({Purpose.COLLECT}))
    assert (published(), consent.allows_recording(child)) == (set(), True)
    answered(14, speaker=child)
    guardians.answer(token=guardians.make_link(speaker=child), purposes=frozenset())
    assert (published(), consent.allows_recording(child)) == (set(), False)


def test_a_child_may_say_less_than_the_guardian_allowed_but_not_more():
    child = answered(14).speaker
    allowed = frozenset({Purpose.COLLECT, Purpose.PUBLISH})
    guardians.answer(token=guardians.make_link(speaker=child), purposes=allowed)
    assert not answered(14, purposes=allowed, speaker=child).needs_guardian
    assert answered(14, purposes=ALL, speaker=child).needs_guardian


def test_a_link_works_once():
    child = answered(14).speaker
    token = guardians.make_link(speaker=child)
    guardians.answer(token=token, purposes=ALL)
    for again in (guardians.child_of, lambda token: guardians.answer(token=token, purposes=ALL)):
        with pytest.raises(Refused) as no:
            again(token)
        assert no.value.code == "no-link"


def test_a_newer_link_a_newer_answer_and_time_end_a_link():
    child = answered(14).speaker
    replaced, token = guardians.make_link(speaker=child), guardians.make_link(speaker=child)
    with pytest.raises(Refused):
        guardians.child_of(replaced)
    answered(14, speaker=child)
    with pytest.raises(Refused) as no:
        guardians.answer(token=token, purposes=ALL)
    assert no.value.code == "changed"
    token = guardians.make_link(speaker=child)
    GuardianLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        guardians.child_of(token)


def test_only_a_hash_of_the_link_is_kept():
    token = guardians.make_link(speaker=answered(14).speaker)
    assert token not in str(list(GuardianLink.objects.values()))


def test_nobody_asks_a_guardian_without_need():
    with pytest.raises(Refused):
        guardians.make_link(speaker=make.speaker())


def test_a_guardians_answer_has_a_link_and_only_minors_wait():
    given = answered(14)
    with pytest.raises(IntegrityError):
        Consent.objects.create(speaker=given.speaker, text=given.text, method=Method.GUARDIAN)


def test_only_minors_wait():
    given = answered(18)
    with pytest.raises(IntegrityError):
        Consent.objects.create(speaker=given.speaker, text=given.text, method=Method.WEB, needs_guardian=True)


def test_own_words_of_minors_are_not_kept():
    speech = portrait.Speech(make.language(), own_words="like my aunt Amina")
    portrait.describe(speaker=answered(17).speaker, speeches=[speech])
    assert not OwnAccent.objects.exists()
    portrait.describe(speaker=make.speaker(), speeches=[speech])
    assert OwnAccent.objects.count() == 1


def test_on_the_pages_the_child_asks_and_the_guardian_agrees_on_another_device(client):
    sent = {
        "purpose": ["collect", "publish"],
        "young": "on",
        "age": "14",
        "country": "FR",
        "next": "/en/help/",
    }
    assert client.post("/en/consent/", sent).url == "/en/me/guardian/"
    child = Speaker.objects.get(pk=client.session["speaker"])
    clip = make.clip(speaker=child)
    page = client.post("/en/me/guardian/").content.decode()
    path = re.search(r"/en/guardian/[\w-]+/", page)[0]
    elsewhere = Client()
    for _ in range(3):  # looking uses nothing up
        asked = elsewhere.get(path).content.decode()
    assert asked.count('" checked') == 2
    assert published() == set()
    elsewhere.post(path, {"purpose": ["collect", "publish"], "agree": "1"})
    assert published() == {clip.pk}
    assert elsewhere.get(path).status_code == 404
    receipt = client.get(f"/en/me/consents/{child.consents.latest('pk').pk}/receipt.json").json()
    assert receipt["collectionMethod"] == "guardian"


@pytest.mark.parametrize("age", ["", "x", "-1", "1e3", "9999999", "١٤"])
def test_without_an_age_a_minor_is_asked_again(client, age):
    sent = {"purpose": ["collect"], "young": "on", "age": age, "country": "FR"}
    page = client.post("/en/consent/", sent)
    assert "tell your age" in page.content.decode()
    assert not Consent.objects.exists()


@pytest.mark.parametrize("token", ["x", "a" * 500, "é"])
def test_a_link_that_never_was_is_said_to_open_nothing(client, token):
    assert client.get(f"/en/guardian/{token}/").status_code == 404


def test_a_childs_voice_goes_with_all_answers_that_were_given_for_it():
    child = answered(14).speaker
    guardians.answer(token=guardians.make_link(speaker=child), purposes=ALL)
    child.delete()
    assert not Consent.objects.exists()
    assert not GuardianLink.objects.exists()


def asking_child(client):
    """Let the client speak for a child who waits for a guardian."""
    client.get("/en/consent/")
    session = client.session
    speaker = answered(14).speaker
    session["speaker"], session["speakers"] = str(speaker.pk), [str(speaker.pk)]
    session.save()
    return speaker


def test_a_guardian_gets_the_link_by_mail_and_the_address_is_kept_nowhere(client):
    child = asking_child(client)
    page = client.post("/en/me/guardian/", {"address": " aunt@example.org "})
    assert "The e-mail is on its way." in page.text
    [letter] = mail.outbox
    assert letter.to == ["aunt@example.org"]
    path = re.search(r"http://testserver(/en/guardian/\S+)", letter.body)[1]
    assert path not in page.text
    assert Client().get(path).status_code == 200
    kept = [str(list(model.objects.values())) for model in apps.get_models()]
    assert not [rows for rows in kept if "aunt@" in rows]
    assert child.consents.count() == 1


@pytest.mark.parametrize("address", ["", "aunt", "a@b.org, c@d.org", "a@b.org\nBcc: c@d.org"])
def test_what_is_no_address_gets_no_mail(client, address):
    asking_child(client)
    assert "This is no e-mail address." in client.post("/en/me/guardian/", {"address": address}).text
    assert mail.outbox == []


def test_a_mail_server_that_refuses_is_told_in_words(client, monkeypatch):
    asking_child(client)
    monkeypatch.setattr(guardians, "send_mail", _refused)
    page = client.post("/en/me/guardian/", {"address": "aunt@example.org"})
    assert "The e-mail could not be sent." in page.text


def _refused(*_args):
    raise SMTPRecipientsRefused({})


def test_nobody_has_many_mails_sent(client, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"letter": (2, 3600)}
    asking_child(client)
    pages = [client.post("/en/me/guardian/", {"address": "aunt@example.org"}).text for _ in range(3)]
    assert ["That was many e-mails." in page for page in pages] == [False, False, True]
    assert len(mail.outbox) == 2


def test_where_no_mail_is_sent_none_is_offered(client, settings):
    asking_child(client)
    assert 'name="address"' in client.get("/en/me/guardian/").text
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert 'name="address"' not in client.get("/en/me/guardian/").text
