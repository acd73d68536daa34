"""Accounts: an e-mail address is enough, the device's voices come along, and nothing tells who has an account."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import Claim, Speaker, User
from tests import make
from tests.accounts.signing_in import ADDRESS, code_of_last_mail, set_up_second_factor, sign_in, sign_up

pytestmark = pytest.mark.django_db

PASSWORD = "wandering otters sing"


@pytest.fixture(autouse=True)
def _nobody_tried_yet():
    cache.clear()
    yield
    cache.clear()


def is_signed_in(client):
    return "_auth_user_id" in client.session


def with_a_voice(client):
    client.post("/en/consent/", {"purpose": ["collect", "publish"]})
    return Speaker.objects.get(pk=client.session["speaker"])


def test_an_address_and_a_code_make_an_account_that_has_no_name(client):
    user = sign_up(client)
    assert is_signed_in(client)
    assert not user.has_usable_password()
    assert "amina" not in user.username + user.first_name + user.last_name


def test_without_the_code_there_is_no_way_in(client):
    client.post("/en/account/signup/", {"email": ADDRESS})
    assert not is_signed_in(client)
    page = client.post("/en/account/confirm-email/", {"code": "ABCDEF"})
    assert "errorlist" in page.content.decode()
    assert not is_signed_in(client)


def test_a_code_opens_the_account_elsewhere(client):
    sign_up(client)
    elsewhere = Client()
    page = sign_in(elsewhere)
    assert is_signed_in(elsewhere)
    assert ADDRESS in page.content.decode()


def test_a_password_opens_it_too_and_a_wrong_one_does_not(client):
    sign_up(client, password=PASSWORD)
    elsewhere = Client()
    for password, opens in (("wandering otters", False), (PASSWORD, True)):
        elsewhere.post("/en/account/login/", {"login": ADDRESS, "password": password})
        assert is_signed_in(elsewhere) == opens


@pytest.mark.parametrize("path", ["account/login/code/", "account/signup/", "account/password/reset/"])
def test_nobody_learns_whether_an_address_has_an_account(client, path):
    sign_up(client)
    said = []
    for address in (ADDRESS, "nobody@example.org"):
        cache.clear()
        page = Client().post(f"/en/{path}", {"email": address}, follow=True)
        text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", page.content.decode())
        said.append((page.redirect_chain, text.replace(address, "")))
    assert said[0] == said[1]
    assert said[0][0]


def test_nobody_tries_codes_for_ever(client):
    sign_up(client)
    elsewhere = Client()
    elsewhere.post("/en/account/login/code/", {"email": ADDRESS})
    right = code_of_last_mail()
    for _ in range(4):
        elsewhere.post("/en/account/login/code/confirm/", {"code": "XXXXXX"})
    elsewhere.post("/en/account/login/code/confirm/", {"code": right})
    assert not is_signed_in(elsewhere)


def test_a_forgotten_password_is_set_anew_with_a_code(client):
    sign_up(client, password=PASSWORD)
    elsewhere = Client()
    elsewhere.post("/en/account/password/reset/", {"email": ADDRESS})
    elsewhere.post("/en/account/password/reset/confirm/", {"code": code_of_last_mail()})
    new = {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    elsewhere.post("/en/account/password/reset/complete/", new)
    assert User.objects.get().check_password(PASSWORD + "!")


def test_signing_in_brings_the_voices_of_the_device_along_and_says_so(client):
    voice = with_a_voice(client)
    clip = make.clip(speaker=voice)
    user = sign_up(client)
    assert list(user.speakers.all()) == [voice]
    page = client.get("/en/me/account/").content.decode()
    assert "belongs to your account now" in page
    assert clip.prompt.text in client.get("/en/me/").content.decode()


def test_another_device_has_the_voices_while_it_is_signed_in(client):
    clip = make.clip(speaker=with_a_voice(client))
    sign_up(client)
    elsewhere = Client()
    sign_in(elsewhere)
    assert clip.prompt.text in elsewhere.get("/en/me/").content.decode()
    elsewhere.post("/en/account/logout/")
    assert clip.prompt.text not in elsewhere.get("/en/me/").content.decode()
    assert "speakers" not in elsewhere.session


def test_undoing_on_the_page_gives_the_voices_back_and_signing_out_leaves_them_here(client):
    voice = with_a_voice(client)
    sign_up(client)
    page = client.post(f"/en/me/account/claims/{Claim.objects.get().pk}/undo/", follow=True)
    assert "belong to no account, as before" in page.content.decode()
    assert Speaker.objects.get(pk=voice.pk).user is None
    client.post("/en/account/logout/")
    assert client.session["speaker"] == str(voice.pk)
    sign_in(client)
    assert Speaker.objects.get(pk=voice.pk).user is None
    client.post("/en/me/account/claim/")
    assert Speaker.objects.get(pk=voice.pk).user == User.objects.get()


@pytest.mark.parametrize("claim", [0, 7, 2**63, 10**30])
def test_nobody_undoes_what_is_not_theirs(client, claim):
    sign_up(client)
    page = client.post(f"/en/me/account/claims/{claim}/undo/", follow=True)
    assert "undone any more" in page.content.decode()


@pytest.mark.parametrize("path", ["", "claim/", "claims/1/undo/"])
def test_the_account_is_for_who_is_signed_in(client, path):
    response = client.post(f"/en/me/account/{path}") if path else client.get("/en/me/account/")
    assert response.url.startswith("/en/account/login/?next=")


def test_pages_and_mails_speak_the_language_of_the_page(client):
    page = client.get("/fr/account/signup/").content.decode()
    assert '<html lang="fr"' in page
    sign_up(client, ui="fr")
    assert "Bonjour" in mail.outbox[0].body
    page = client.get("/ar/account/email/").content.decode()
    assert 'dir="rtl"' in page


PAGES = [
    "me/account/", "account/email/", "account/password/set/", "account/logout/", "account/second-factor/",
    "account/second-factor/totp/deactivate/", "account/second-factor/recovery-codes/",
]  # fmt: skip
OPEN_PAGES = ["account/login/", "account/signup/", "account/login/code/", "account/password/reset/"]


@pytest.mark.parametrize("path", [*PAGES, *OPEN_PAGES])
def test_pages_have_the_frame_of_the_site_and_no_script_that_its_policy_forbids(client, path):
    if path in PAGES:
        sign_up(client)
        set_up_second_factor(client)
    page = client.get(f"/en/{path}")
    text = page.content.decode()
    assert page.status_code == 200
    assert 'class="skip-link"' in text
    scripts = re.findall("<script[^>]*>", text)
    assert scripts
    assert all(f'nonce="{page.wsgi_request.csp_nonce}"' in script for script in scripts)
    assert " style=" not in text


def test_the_frame_leads_to_signing_in_and_then_to_the_account(client):
    assert "/en/account/login/" in client.get("/en/").content.decode()
    sign_up(client)
    page = client.get("/en/").content.decode()
    assert "/en/me/account/" in page
    assert "/en/account/login/" not in page
