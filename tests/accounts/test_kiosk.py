"""A device at an event."""

import pytest
from django.urls import reverse

from accounts import speakers
from accounts.models import Speaker
from languages.models import Language
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/en/en/kiosk/"


@pytest.fixture(autouse=True)
def language():
    return make.language()


def test_it_shows_where_to_go_on_with_ones_own_phone(client, settings):
    page = client.get(PAGE).content.decode()
    assert f"{settings.SITE_URL}/en/en/speak/" in page
    assert 'src="data:image/svg+xml' in page


def test_each_person_who_begins_is_somebody_new(client):
    seen = []
    for _ in range(2):
        answer = client.post(PAGE)
        assert answer.url == "/en/consent/?next=%2Fen%2Fen%2Fspeak%2F"
        seen.append(client.session[speakers.CURRENT])
        assert client.session[speakers.ALL] == seen[-1:]
    assert len(set(seen)) == 2
    assert Speaker.objects.count() == 2


def test_pages_ask_whether_somebody_is_there_until_kiosk_mode_ends(client):
    client.post(PAGE)
    assert f'data-home="{reverse("kiosk", args=["en"])}"' in client.get("/en/help/").content.decode()
    assert client.post(PAGE, {"end": "1"}).url == "/en/en/"
    assert "<vc-idle" not in client.get("/en/help/").content.decode()


def test_nobody_begins_in_a_paused_language(client, language):
    language.state = Language.State.PAUSED
    language.save()
    assert "takes no recordings" in client.post(PAGE).content.decode()
    assert not Speaker.objects.exists()
