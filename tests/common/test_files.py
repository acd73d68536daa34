"""Files with ranges, as players and downloads need them."""

import pytest
from django.test import RequestFactory

from common.files import file_response

pytestmark = pytest.mark.django_db  # closing a response closes connections that ran out
CONTENT = bytes(range(256))


@pytest.fixture
def path(tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    return tmp_path / "file"


@pytest.fixture
def answer():
    """Ask for the file, and close what was answered when the test is over."""
    given = []

    def ask(path, **headers):
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        given.append(file_response(RequestFactory().get("/", headers=asked), path, "audio/mpeg"))
        return given[-1]

    yield ask
    for response in given:
        response.close()


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_whole_file(answer, path):
    response = answer(path)
    assert (response.status_code, body(response)) == (200, CONTENT)
    assert response["Content-Length"] == "256"
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Type"] == "audio/mpeg"


@pytest.mark.parametrize(
    ("asked", "told", "part"),
    [
        ("bytes=0-0", "bytes 0-0/256", CONTENT[:1]),
        ("bytes=10-19", "bytes 10-19/256", CONTENT[10:20]),
        ("bytes=250-", "bytes 250-255/256", CONTENT[250:]),
        ("bytes=-6", "bytes 250-255/256", CONTENT[250:]),
        ("bytes=250-9999", "bytes 250-255/256", CONTENT[250:]),
        ("bytes=-9999", "bytes 0-255/256", CONTENT),
    ],
)
def test_a_part(answer, path, asked, told, part):
    response = answer(path, Range=asked)
    assert (response.status_code, response["Content-Range"], body(response)) == (206, told, part)
    assert response["Content-Length"] == str(len(part))


@pytest.mark.parametrize("asked", ["bytes=256-", "bytes=20-10", "bytes=-0"])
def test_a_part_that_is_not_there(answer, path, asked):
    response = answer(path, Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */256")


@pytest.mark.parametrize("asked", ["bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=x-y"])
def test_what_cannot_be_read_is_answered_with_the_whole(answer, path, asked):
    assert answer(path, Range=asked).status_code == 200


def test_a_download_resumes_only_on_the_same_file(answer, path):
    etag = answer(path)["ETag"]
    assert answer(path, Range="bytes=5-", If_Range=etag).status_code == 206
    assert answer(path, Range="bytes=5-", If_Range='"other"').status_code == 200


def test_a_client_that_has_it_gets_nothing(answer, path):
    assert answer(path, If_None_Match=answer(path)["ETag"]).status_code == 304
