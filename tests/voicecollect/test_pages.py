"""Pages that belong to no app."""

import json

import pytest
from django.urls import reverse
from django.utils.translation import override

from dashboard.models import Tally
from languages.models import Language
from tests import make
from voicecollect import choosing
from voicecollect.pages import SHOWN
from voicecollect.templatetags.interface import duration

pytestmark = pytest.mark.django_db


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def names(response):
    """Return the own names of the languages on a page, in order."""
    return [choice.language.native_name for choice in response.context["found"]]


def test_the_root_leads_to_the_browsers_language(client):
    assert client.get("/", headers={"Accept-Language": "ar"}).url == "/ar/"
    assert client.get("/", headers={"Accept-Language": "xx"}).url == "/en/"


@pytest.mark.parametrize(
    "name", ["home", "languages", "help", "about", "accessibility", "offline", "consent"]
)
@pytest.mark.parametrize("ui", ["en", "fr", "ar"])
def test_pages_open_on_an_empty_instance(client, name, ui):
    path = reverse(name).replace("/en/", f"/{ui}/", 1)
    assert f'lang="{ui}"' in text(client.get(path))


def test_the_persons_own_languages_come_first(client):
    for tag in ("en", "br", "hi", "sw"):
        make.language(tag)
    assert names(client.get("/en/", headers={"Accept-Language": "hi, sw;q=0.5"}))[:2] == [
        "हिन्दी",
        "Kiswahili",
    ]
    session = client.session
    session["language"] = "br"
    session.save()
    assert names(client.get("/en/", headers={"Accept-Language": "hi"}))[:2] == ["brezhoneg", "हिन्दी"]


@pytest.mark.parametrize(
    "sought", ["breton", "BREZHONEG", "brezh", "br", "bre", " Breton ", "Llydaweg", "البريتونية"]
)
def test_a_language_is_found_by_any_of_its_names(client, sought):
    make.language("br", other_names="Llydaweg, Bretonisch")
    for tag in ("en", "fr"):
        make.language(tag)
    assert names(client.get("/fr/", {"q": sought})) == ["brezhoneg"]


def test_a_language_is_found_without_its_accents(client):
    make.language("fr")
    assert names(client.get("/en/", {"q": "francais"})) == ["français"]


def test_a_language_that_is_not_there_is_said_in_words(client):
    make.language("fr")
    assert "No language here goes by" in text(client.get("/en/", {"q": "<script>"}))
    assert "<script>”" not in text(client.get("/en/", {"q": "<script>"}))


def test_languages_that_are_not_open_are_not_offered(client):
    make.language("fr", state=Language.State.PREPARING)
    assert names(client.get("/en/")) == []
    assert "français" in text(client.get("/en/languages/"))


def test_a_paused_language_invites_nobody(client):
    make.language("br", state=Language.State.PAUSED)
    for path in ("/en/br/", "/en/br/speak/", "/en/br/listen/"):
        page = text(client.get(path))
        assert "takes no recordings" in page
        assert 'class="button" href="/en/br/speak/"' not in page


@pytest.mark.parametrize(
    "path", ["/en/xx/", "/en/xx/speak/", "/en/xx/listen/", "/en/nothing/at/all/", "/fr/xx/"]
)
def test_an_unknown_address_is_said_in_words(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert b"<h1>" in response.content


def test_the_service_worker_rules_over_the_whole_site(client):
    response = client.get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert "no-cache" in response["Cache-Control"]
    assert b"/static/assets/" in response.content


@pytest.mark.parametrize("ui", ["en", "ar"])
def test_the_site_can_be_installed(client, ui):
    response = client.get("/manifest.webmanifest", headers={"Accept-Language": ui})
    manifest = json.loads(response.content)
    assert (manifest["lang"], manifest["start_url"]) == (ui, f"/{ui}/")
    assert {icon.get("purpose") for icon in manifest["icons"]} == {None, "maskable"}


def test_scripts_carry_the_nonce_of_the_policy(client):
    response = client.get("/en/")
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    [nonce] = {part.split("'")[0] for part in policy.split("nonce-")[1:]}
    assert f'nonce="{nonce}"' in text(response)


@pytest.mark.parametrize("path", ["/en/", "/en/languages/", "/en/en/"])
def test_pages_cost_the_same_for_many_rows(
    client, path, django_assert_num_queries, django_assert_max_num_queries
):
    make.clip()
    with django_assert_max_num_queries(6) as few:
        client.get(path)
    for tag in ("br", "fr", "hi", "sw", "ar", "de", "es", "it", "pt"):
        for _ in range(5):
            make.clip(prompt=make.prompt(language=make.language(tag)))
    with django_assert_num_queries(len(few)):
        client.get(path)


def test_a_language_without_a_code_keeps_its_english_name():
    language = make.language("x-mytongue", english_name="My tongue", native_name="Lengva", direction="ltr")
    assert choosing.name_in("fr", language) == "My tongue"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "0 s"),
        (59_400, "59 s"),
        (60_000, "1 min"),
        (3_599_000, "60 min"),
        (3_600_000, "1.00 h"),
        (360_000_000, "100 h"),
    ],
)
def test_durations_are_written_in_the_unit_that_suits(milliseconds, words):
    with override("en"):
        assert duration(milliseconds) == words


def test_languages_are_listed_in_the_order_asked_for(client):
    for tag, recorded in (("br", 1), ("fr", 3), ("hi", 2)):
        Tally.objects.create(language=make.language(tag), recorded_ms=recorded, checked_ms=-recorded % 5)
    assert names(client.get("/en/languages/")) == ["brezhoneg", "français", "हिन्दी"]
    assert names(client.get("/en/languages/?order=recorded")) == ["français", "हिन्दी", "brezhoneg"]
    assert names(client.get("/en/languages/?order=nonsense")) == ["brezhoneg", "français", "हिन्दी"]
    assert names(client.get("/en/languages/?order=voices&q=hindi")) == ["हिन्दी"]
    assert "No language here goes by" in text(client.get("/en/languages/?q=klingon"))


def test_the_home_page_shows_some_languages_and_says_how_many_more_there_are(client):
    tags = "de el es et fa fi ga gl gu he hr hu hy id is it ja ka kk km ko ky lo lt lv"
    for tag in tags.split():
        make.language(tag)
    response = client.get("/en/")
    assert len(names(response)) == SHOWN
    assert "1 more language" in text(response)
