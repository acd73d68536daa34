"""Signing in by OpenID Connect, at a provider that the tests start."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Speaker, User
from languages.models import Language
from tests.servers.openid import CLIENT_ID, CLIENT_SECRET, Provider
from tests.servers.ports import free_port

pytestmark = pytest.mark.django_db
LOGIN, CALLBACK = (f"/account/oidc/oidc/login/{part}" for part in ("", "callback/"))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    people = ["amina", "bilal", "impostor", "stray"]
    with Provider(
        tmp_path_factory.mktemp("openid"), callback=f"http://testserver{CALLBACK}", people=people
    ) as made:
        yield made


@pytest.fixture(autouse=True)
def provider(server, settings):
    """Let the site know the provider, as OIDC_URL and what belongs to it do."""
    cache.clear()
    app = settings.OIDC_APP | {
        "client_id": CLIENT_ID, "secret": CLIENT_SECRET, "settings": {"server_url": server.url},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    return server


def come_back(client, provider, person):
    """Sign in at the provider; return the address, with a code, that it sends the browser back to."""
    leads_to = client.post(LOGIN).url
    assert leads_to.startswith(f"{provider.url}/")
    asked = dict(parse_qsl(urlsplit(leads_to).query))
    assert asked["code_challenge_method"] == "S256"
    assert {"state", "code_challenge"} <= set(asked)
    return provider.authorize(leads_to, person).removeprefix("http://testserver")


def sign_in(client, provider, person="amina"):
    return client.get(come_back(client, provider, person), follow=True)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_the_page_for_signing_in_offers_it(client):
    assert LOGIN in client.get("/en/account/login/").text
    assert reverse("openid_connect_callback", args=["oidc"]) == CALLBACK


def test_somebody_new_gets_an_account_with_the_address_that_the_provider_proved(client, provider):
    sign_in(client, provider)
    assert is_signed_in(client)
    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == ("amina@example.org", False)
    assert EmailAddress.objects.get().verified
    assert "amina" not in user.username


def test_the_same_person_comes_back_to_the_same_account_and_another_does_not(client, provider):
    for person in ("amina", "amina", "bilal"):
        sign_in(Client(), provider, person)
    assert sorted(User.objects.values_list("email", flat=True)) == ["amina@example.org", "bilal@example.org"]


def test_the_voice_of_the_device_comes_along(client, provider):
    client.post("/en/consent/", {"purpose": ["collect", "publish"]})
    sign_in(client, provider)
    assert Speaker.objects.get().user == User.objects.get()


def test_an_account_that_is_there_is_not_taken_over_by_an_equal_address(client, provider):
    owner = User.objects.create_user("somebody", "amina@example.org")
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    sign_in(client, provider)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_staff_need_their_second_factor_all_the_same(client, provider):
    sign_in(client, provider)
    User.objects.update(is_staff=True, is_superuser=True)
    page = client.get("/admin/languages/language/", follow=True)
    assert "/en/account/second-factor/totp/activate/" in [
        way.split("?")[0] for way, _status in page.redirect_chain
    ]
    client.post("/admin/languages/language/add/", {"tag": "br"})
    assert not Language.objects.exists()


@pytest.mark.parametrize("person", ["impostor", "stray"])
def test_tokens_of_another_issuer_or_for_another_site_are_refused(client, provider, person):
    page = sign_in(client, provider, person)
    assert page.status_code < 500
    assert not is_signed_in(client)
    assert not User.objects.exists()


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(client, provider):
    address = come_back(client, provider, "amina")
    for somebody_else, answer in ((Client(), address), (client, address.replace("state=", "state=x"))):
        assert somebody_else.get(answer, follow=True).status_code < 500
        assert not is_signed_in(somebody_else)


def test_a_code_works_once(client, provider):
    address = come_back(client, provider, "amina")
    client.get(address)
    client.post("/en/account/logout/")
    assert client.get(address, follow=True).status_code < 500
    assert not is_signed_in(client)


def test_while_the_provider_is_away_people_are_told_to_come_back_later(settings):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    away = app | {"settings": {"server_url": f"http://127.0.0.1:{free_port()}"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [away]}}
    client = Client(raise_request_exception=False)
    answer = client.post(LOGIN)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert not is_signed_in(client)
