"""Dataset pages and downloads, for browsers without JavaScript and for programs."""

from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.options import Purpose
from export import catalogue, packing, publishing
from export.build import Order
from export.keys import Kind
from export.models import Archive, Document, Release, Slice
from recordings.models import Clip
from tests import make
from tests.export.releasing import frozen, people, slice_small, today
from tests.latin import latin_words

pytestmark = pytest.mark.django_db


def _publish(number="1.0", *locales):
    for locale in locales or ("en",):
        for _ in range(3):
            make.stored_clip(prompt=make.prompt(language=make.language(locale)), votes="yy")
    return publishing.make_release(number=number, cutoff=today(), locales=locales or ("en",), order=Order())


def _archive_url():
    return urlsplit(Archive.objects.first().url).path


PAGES = ["/en/datasets/", "/en/datasets/en/", "/en/datasets/en/1.0/", "/ar/datasets/", "/fr/datasets/en/1.0/"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_what_was_published(client, page):
    _publish()
    answer = client.get(page)
    assert answer.status_code == 200
    assert "1.0" in answer.content.decode()


@pytest.mark.parametrize(
    "page", ["/ar/", "/ar/en/", "/ar/datasets/", "/ar/datasets/en/", "/ar/datasets/en/1.0/"]
)
def test_pages_in_arabic_hold_no_english_but_names_of_tables(client, page):
    _publish()
    assert latin_words(client.get(page).content.decode()) <= {"train", "dev", "test"}


def test_the_address_by_which_a_release_is_cited_leads_to_its_languages(client):
    _publish("1.0", "br", "en")
    answer = client.get("/datasets/1.0/", follow=True)
    assert answer.status_code == 200
    assert {each.edition.locale for each in answer.context["datasets"]} == {"br", "en"}
    assert client.get("/datasets/2.0/", follow=True).status_code == 404


def test_pages_are_there_before_anything_is_published(client):
    make.language()
    assert "Nothing has been published yet" in client.get("/en/datasets/").content.decode()
    assert "Nothing of this language" in client.get("/en/datasets/en/").content.decode()


def test_the_page_of_a_version_names_size_checksum_and_address(client):
    _publish()
    archive, page = Archive.objects.get(), client.get("/en/datasets/en/1.0/").content.decode()
    assert archive.sha256 in page
    assert f'href="{_archive_url()}"' in page
    assert all(document.name in page for document in Document.objects.all())


@pytest.mark.parametrize(
    "path",
    [
        "/en/datasets/xx/", "/en/datasets/en/2.0/", "/en/datasets/en/one/", "/en/datasets/br/1.0/",
        "/datasets/1.0/other.tar.gz", "/datasets/2.0/SHA256SUMS", "/datasets/1.0/..%2f..%2fsecret-key",
        "/datasets/x/SHA256SUMS",
    ],
)  # fmt: skip
def test_what_is_not_published_is_not_found(client, path):
    _publish()
    make.language("br")
    assert client.get(path).status_code == 404


def test_a_release_is_not_seen_before_it_is_published(client):
    release = _publish()
    address = _archive_url()
    type(release).objects.update(state="ready", published_at=None)
    assert client.get(address).status_code == 404
    assert client.get("/en/datasets/en/1.0/").status_code == 404
    assert client.get("/api/v1/datasets").json() == []


def _body(answer):
    return b"".join(answer) if answer.streaming else answer.content


def test_an_archive_is_downloaded_whole(client):
    _publish()
    archive = Archive.objects.get()
    answer = client.get(_archive_url())
    with storages["releases"].open(archive.key) as stored:
        assert _body(answer) == stored.read()
    assert answer["Content-Type"] == "application/gzip"
    assert int(answer["Content-Length"]) == archive.bytes
    assert "Content-Encoding" not in answer


def test_an_archive_is_downloaded_in_parts_that_can_be_resumed(client):
    _publish()
    whole = _body(client.get(_archive_url()))
    answer = client.get(_archive_url(), headers={"range": "bytes=1000-"})
    assert answer.status_code == 206
    assert _body(answer) == whole[1000:]
    assert answer["Content-Range"] == f"bytes 1000-{len(whole) - 1}/{len(whole)}"


def test_head_tells_the_size_and_sends_nothing(client):
    _publish()
    answer = client.head(_archive_url())
    answer.close()
    assert (answer.status_code, int(answer["Content-Length"])) == (200, Archive.objects.get().bytes)


@pytest.mark.parametrize("name", ["archive", "SHA256SUMS"])
def test_what_a_client_has_is_not_sent_again(client, name):
    _publish()
    address = _archive_url() if name == "archive" else "/datasets/1.0/SHA256SUMS"
    first = client.get(address)
    etag = first["ETag"]
    first.close()
    assert client.get(address, headers={"if-none-match": etag}).status_code == 304


def test_nobody_uploads_to_a_download(client):
    _publish()
    assert client.post(_archive_url()).status_code == 405


def test_documents_have_their_own_type(client):
    _publish()
    answer = client.get(f"/datasets/1.0/voicecollect-1.0-{today()}.json")
    assert answer["Content-Type"].startswith("application/json")
    assert answer.json()["locales"]["en"]["clips"] == 3


def test_the_public_key_has_an_address_of_its_own(client):
    _publish()
    assert client.get("/datasets/minisign.pub").content == client.get("/datasets/1.0/minisign.pub").content


def test_a_withdrawn_release_is_gone_with_a_pointer(client):
    _publish()
    address = _archive_url()
    _publish("1.1")
    publishing.withdraw(number="1.0", because="A speaker was named.")
    for path in (
        address,
        "/en/datasets/1.0/",
        "/en/datasets/en/1.0/",
        "/datasets/1.0/SHA256SUMS",
        "/api/v1/datasets/1.0",
    ):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "A speaker was named." in answer.content.decode()
        assert "1.1" in answer.content.decode()
    assert [each["number"] for each in client.get("/api/v1/datasets").json()] == ["1.1"]


def test_the_api_lists_what_the_pages_list(client):
    _publish("1.0", "br", "en")
    listed = client.get("/api/v1/datasets").json()
    assert [(each["number"], each["locale"]) for each in listed] == [("1.0", "br"), ("1.0", "en")]
    archive = Archive.objects.get(edition__locale="br")
    assert listed[0]["archives"] == [
        {
            "kind": "mp3", "name": archive.name, "bytes": archive.bytes, "sha256": archive.sha256, "clips": 3,
            "hours": archive.hours, "url": archive.url,
        }
    ]  # fmt: skip
    assert client.get("/api/v1/datasets/1.0").json() == listed
    assert client.get("/api/v1/datasets/7.7").status_code == 404


def test_a_page_shows_the_documents_of_its_language_and_of_the_whole_release_alone(client):
    _publish("1.0", "br", "en")
    page = client.get("/en/datasets/br/1.0/").content.decode()
    there = {document.name for document in Document.objects.all() if f"/{document.name}" in page}
    assert there == {
        each.name for each in Document.objects.all() if not each.edition or each.edition.locale == "br"
    }
    assert len([name for name in there if name.endswith(".svg")]) == 6
    listed = next(each for each in client.get("/api/v1/datasets").json() if each["locale"] == "br")
    assert {each["name"] for each in listed["documents"]} == there
    for each in listed["documents"]:
        assert client.get(urlsplit(each["url"]).path).status_code == 200


def test_pictures_have_words(client):
    _publish()
    page = client.get("/en/datasets/en/1.0/").content.decode()
    images = [line for line in page.splitlines() if "<img" in line]
    assert len(images) == 6
    assert all('alt="' in image and 'alt=""' not in image for image in images)
    answer = client.get(images[0].split('src="')[1].split('"')[0])
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert "style-src 'self' 'unsafe-inline'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in client.get("/datasets/1.0/SHA256SUMS")["Content-Security-Policy"]


def test_a_page_says_what_changed_since_the_version_before(client):
    _publish()
    gone = Clip.objects.first()
    make.consent(gone.speaker, frozenset({Purpose.COLLECT}))
    _publish("1.1")
    facts = catalogue.datasets()[0].edition.statistics
    assert facts["changes"] == {
        "since": "1.0", "added": 3, "removed": 1, "judged": 0, "duration_ms": 200, "speakers": 2
    }  # fmt: skip
    page = client.get("/en/datasets/en/1.1/").content.decode()
    assert "3 recordings are new." in page
    assert "1 was taken back or hidden." in page
    assert "Since 1.0: 3 recordings added, 1 left out" in client.get("/en/datasets/en/").content.decode()
    assert "Since" not in client.get("/en/datasets/en/1.0/").content.decode()


ATOM = "{http://www.w3.org/2005/Atom}"


def _feed(client, path):
    answer = client.get(path)
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)


def test_feeds_tell_what_is_new(client):
    _publish("1.0", "br", "en")
    _publish("1.1")
    feed = _feed(client, "/datasets/feed.atom")
    entries = feed.findall(f"{ATOM}entry")
    assert [each.find(f"{ATOM}title").text for each in entries] == [
        "English 1.1",
        "brezhoneg 1.0",
        "English 1.0",
    ]
    [of_breton] = _feed(client, "/datasets/br/feed.atom").findall(f"{ATOM}entry")
    address = of_breton.find(f"{ATOM}link").get("href")
    assert client.get(urlsplit(address).path, follow=True).status_code == 200
    for needed in ("id", "updated", "summary"):
        assert of_breton.find(f"{ATOM}{needed}").text
    assert client.get("/datasets/xx/feed.atom").status_code == 404


def test_a_withdrawn_release_is_in_no_feed(client):
    _publish()
    publishing.withdraw(number="1.0", because="A speaker was named.")
    assert _feed(client, "/datasets/feed.atom").findall(f"{ATOM}entry") == []


@pytest.mark.parametrize(
    "path",
    ["/en/datasets/", "/en/datasets/en/", "/api/v1/datasets", "/datasets/feed.atom", "/en/datasets/en/1.0/"],
)
def test_lists_cost_the_same_for_many_releases(client, path):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    _publish()
    client.get(path)
    few = queries()
    for minor in range(1, 5):
        _publish(f"1.{minor}")
    assert queries() == few


def test_organisers_see_how_far_a_release_is_and_nobody_else_does(admin_client, monkeypatch):
    slice_small(monkeypatch)
    people(3)
    edition = frozen("en")
    [archive] = packing.plan(edition, Kind.MP3)
    page = admin_client.get("/en/datasets/1.0/").content.decode()
    assert "What it will hold is copied." in page
    assert "0 of 9 recordings" in page
    assert "left." not in page
    packing.build_next(archive)
    packing.build_next(archive)
    Slice.objects.filter(number=0).update(built_at=timezone.now() - timedelta(seconds=10))
    page = admin_client.get("/en/datasets/1.0/").content.decode()
    done = sum(Slice.objects.filter(state="built").values_list("clips", flat=True))
    assert f"{done} of 9 recordings" in page
    assert "a second; about" in page
    assert Client().get("/en/datasets/1.0/").status_code == 404


def test_organisers_see_why_a_release_was_refused(admin_client):
    people(1)
    frozen("en")
    Release.objects.update(refused="A disk is full.")
    assert "A disk is full." in admin_client.get("/en/datasets/1.0/").content.decode()
