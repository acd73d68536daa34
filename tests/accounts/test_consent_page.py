"""The page about how a voice is used."""

import pytest

from accounts import consent
from accounts.models import Consent, Speaker
from accounts.options import Method
from tests import make

pytestmark = pytest.mark.django_db

ALL = ["collect", "publish", "train_recognition", "train_synthesis", "research"]


def agree(client, purposes=ALL, **fields):
    return client.post("/en/consent/", {"purpose": purposes} | fields)


def test_agreeing_makes_a_voice_and_keeps_what_it_agreed_to(client):
    response = agree(client, ["collect", "publish"], next="/en/en/speak/")
    assert response.url == "/en/en/speak/"
    consent = Consent.objects.get()
    assert client.session["speaker"] == str(consent.speaker_id)
    assert (consent.collect, consent.publish, consent.research) == (True, True, False)
    assert (consent.method, consent.text.locale) == (Method.WEB, "en")


def test_the_text_is_shown_and_kept_in_the_language_of_the_page(client):
    client.post("/ar/consent/", {"purpose": ALL})
    assert Consent.objects.get().text.locale == "ar"


def test_nothing_is_ticked_beforehand(client):
    assert b'" checked' not in client.get("/en/consent/").content


def test_the_last_answer_is_shown_again(client):
    agree(client, ["collect", "research"])
    page = client.get("/en/consent/").content.decode()
    assert page.count('" checked') == 2


def test_without_leave_to_collect_it_is_said_what_is_needed(client):
    response = agree(client, ["publish"])
    assert response.status_code == 200
    assert "please agree that your recordings are stored" in response.content.decode()
    assert not Consent.objects.exists()


def test_agreeing_again_adds_an_answer_of_the_same_voice(client):
    agree(client)
    agree(client, ["collect"])
    assert Speaker.objects.count() == 1
    assert Consent.objects.count() == 2


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_it_leads_to_no_other_site(client, wanted):
    assert agree(client, next=wanted).url == "/en/"


def test_nobody_else_can_agree_for_a_person(client):
    client.handler.enforce_csrf_checks = True
    response = agree(client)
    assert response.status_code == 403
    assert "Please try again" in response.content.decode()


def test_the_page_is_kept_nowhere(client):
    assert "no-store" in client.get("/en/consent/")["Cache-Control"]


def test_a_text_that_was_read_aloud_can_be_listened_to_in_its_language(client):
    make.reading(text=consent.current_text("fr"))
    assert (
        '<audio controls preload="none" src="/api/v1/readings/' in client.get("/fr/consent/").content.decode()
    )
    assert "<audio" not in client.get("/en/consent/").content.decode()


def test_staff_are_told_that_nobody_has_read_a_text_aloud(client, admin_client):
    words = "Nobody has read this version"
    page = admin_client.get("/en/consent/").content.decode()
    assert words in page
    assert f"/admin/recordings/reading/add/?text={consent.current_text('en').pk}" in page
    client.logout()
    assert words not in client.get("/en/consent/").content.decode()
