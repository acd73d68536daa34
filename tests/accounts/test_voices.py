"""Several people at one browser: each has a voice and a consent of their own."""

import pytest
from django.contrib.sessions.models import Session

from accounts.models import Consent, Speaker
from recordings.models import Recording
from tests import make

pytestmark = pytest.mark.django_db

AGREED = {"purpose": ["collect", "publish"]}


def current(client):
    return client.session["speaker"]


@pytest.fixture
def two(client):
    """A browser where Amina speaks after Ben was added; returns the ids of both."""
    client.post("/en/consent/", AGREED)
    amina = current(client)
    client.post("/en/me/voices/name/", {"voice": amina, "name": "Amina"})
    client.post("/en/me/voices/add/", {"name": "Ben"})
    ben = current(client)
    client.post("/en/me/voices/switch/", {"voice": amina})
    return amina, ben


def test_an_added_voice_is_asked_for_a_consent_of_its_own(client, two):
    amina, ben = two
    assert amina != ben
    client.post("/en/me/voices/switch/", {"voice": ben})
    make.language()
    assert client.get("/en/en/speak/").url.startswith("/en/consent/")
    assert b'" checked' not in client.get("/en/consent/").content
    client.post("/en/consent/", {"purpose": ["collect"]})
    assert [(str(row.speaker_id), row.publish) for row in Consent.objects.order_by("pk")] == [
        (amina, True),
        (ben, False),
    ]


def test_one_tap_switches_and_leads_back(client, two):
    amina, ben = two
    response = client.post("/en/me/voices/switch/", {"voice": ben, "next": "/en/me/?page=1"})
    assert (response.url, current(client)) == ("/en/me/?page=1", ben)
    response = client.post("/en/me/voices/switch/", {"voice": amina, "next": "https://evil.example/"})
    assert (response.url, current(client)) == ("/en/me/voices/", amina)


PAGES = ["/en/en/speak/", "/en/consent/", "/en/me/", "/en/me/about/", "/en/me/code/", "/en/me/voices/"]


@pytest.mark.parametrize("page", PAGES)
def test_it_is_seen_whose_voice_speaks(client, two, page):
    make.prompt()
    text = client.get(page).content.decode()
    assert "Amina" in text
    assert f'value="{two[1]}"' in text


def test_each_sees_their_own_recordings_alone(client, two):
    clips = [make.clip(speaker=Speaker.objects.get(pk=voice)) for voice in two]
    for voice, own, other in ((two[0], *clips), (two[1], *reversed(clips))):
        client.post("/en/me/voices/switch/", {"voice": voice})
        page = client.get("/en/me/").content.decode()
        assert own.prompt.text in page
        assert other.prompt.text not in page


def test_names_are_on_the_device_and_nowhere_in_the_database(client, two):
    assert "Amina" in client.get("/en/me/voices/").content.decode()
    sessions = [session.get_decoded() for session in Session.objects.all()]
    speakers = list(Speaker.objects.values())
    assert "Amina" not in repr((sessions, speakers))
    assert "Ben" not in repr((sessions, speakers))
    del client.cookies["voices"]
    page = client.get("/en/me/voices/").content.decode()
    assert "Amina" not in page
    assert "Voice 1" in page


@pytest.mark.parametrize("cookie", ["x", "eyJ4IjoxfQ:1abcde:forged", ""])
def test_a_forged_cookie_of_names_names_nobody(client, two, cookie):
    client.cookies["voices"] = cookie
    assert "Voice 1" in client.get("/en/me/voices/").content.decode()


def test_names_of_twenty_voices_fit_into_a_cookie(client):
    for number in range(25):
        client.post("/en/me/voices/add/", {"name": f"{number:02}" + "صوتجميلطويل" * 9})
    assert Speaker.objects.count() == 20
    assert len(client.cookies["voices"].OutputString()) < 4096
    assert "as many voices as it can hold" in client.get("/en/me/voices/").content.decode()


def test_a_name_is_shown_as_text(client, two):
    client.post("/en/me/voices/name/", {"voice": two[0], "name": "<b>A\n\tB</b>"})
    assert "&lt;b&gt;A B&lt;/b&gt;" in client.get("/en/me/voices/").content.decode()


def test_nobody_switches_to_a_voice_of_another_browser(client, two):
    stranger = str(make.speaker().pk)
    for voice in (stranger, "", "x"):
        client.post("/en/me/voices/switch/", {"voice": voice})
        client.post("/en/me/voices/name/", {"voice": voice, "name": "Mine"})
    assert current(client) == two[0]
    page = client.get("/en/me/voices/").content.decode()
    assert "no such voice" in page
    assert "Mine" not in page


def test_a_forgotten_voice_is_gone_from_the_device_but_not_its_recordings(client, two):
    amina, ben = two
    clip = make.clip(speaker=Speaker.objects.get(pk=amina))
    client.post("/en/me/voices/forget/", {"voice": amina})
    assert (current(client), client.session["speakers"]) == (ben, [ben])
    assert "Amina" not in client.get("/en/me/voices/").content.decode()
    assert Recording.objects.filter(pk=clip.recording_id).exists()
    client.post("/en/me/voices/forget/", {"voice": ben})
    assert current(client) is None
    assert client.get("/en/me/").status_code == 200


def test_somebody_new_may_add_a_voice_at_once(client):
    assert client.get("/en/me/voices/").status_code == 200
    response = client.post("/en/me/voices/add/", {})
    assert response.url == "/en/consent/?next=%2Fen%2Fme%2Fvoices%2F"
    assert "Voice 1" in client.get("/en/me/").content.decode()
