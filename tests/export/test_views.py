"""Dataset pages and downloads, for browsers without JavaScript and for programs."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from export import publishing
from export.build import Order
from export.models import Archive, Document
from tests import make

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).date()


def _publish(number="1.0", *locales):
    for locale in locales or ("en",):
        for _ in range(3):
            make.stored_clip(prompt=make.prompt(language=make.language(locale)), votes="yy")
    return publishing.make_release(number=number, cutoff=TODAY, locales=locales or ("en",), order=Order())


def _archive_url():
    return urlsplit(Archive.objects.first().url).path


PAGES = ["/en/datasets/", "/en/datasets/en/", "/en/datasets/en/1.0/", "/ar/datasets/", "/fr/datasets/en/1.0/"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_what_was_published(client, page):
    _publish()
    answer = client.get(page)
    assert answer.status_code == 200
    assert "1.0" in answer.content.decode()


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
    answer = client.get(f"/datasets/1.0/voicecollect-1.0-{TODAY}.json")
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


@pytest.mark.parametrize("path", ["/en/datasets/", "/en/datasets/en/", "/api/v1/datasets"])
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
