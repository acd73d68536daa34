"""Objects as files, and in a bucket of a real server."""

import uuid
from io import BytesIO
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.core.files import File

from common.storage import Bucket, DurableFiles
from tests.servers.seaweedfs import ACCESS_KEY, SECRET_KEY


def save(storage, key, content):
    return storage.save(key, File(BytesIO(content)))


def read(storage, key):
    with storage.open(key) as file:
        return file.read()


@pytest.fixture
def files(tmp_path):
    return DurableFiles(location=tmp_path)


@pytest.fixture
def bucket(s3):
    return Bucket(
        bucket_name=s3.create_bucket(f"storage-{uuid.uuid4()}"),
        endpoint_url=s3.url,
        browser_url=s3.url,
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        region_name="us-east-1",
        querystring_expire=60,
    )


@pytest.mark.parametrize("kind", ["files", "bucket"])
def test_a_key_means_one_object_and_saving_again_replaces_it(request, kind):
    storage = request.getfixturevalue(kind)
    assert save(storage, "clips/ab/one.mp3", b"first") == "clips/ab/one.mp3"
    assert save(storage, "clips/ab/one.mp3", b"second") == "clips/ab/one.mp3"
    assert read(storage, "clips/ab/one.mp3") == b"second"
    assert storage.size("clips/ab/one.mp3") == 6


def test_a_write_that_breaks_off_leaves_no_object_and_no_litter(files, tmp_path):
    class Broken(File):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        files.save("clips/one", Broken(BytesIO()))
    assert not files.exists("clips/one")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_link_opens_one_object_of_a_bucket_for_reading_alone(bucket):
    save(bucket, "clips/ab/one.mp3", b"sound of one")
    link = bucket.url("clips/ab/one.mp3")
    assert urlopen(Request(link, headers={"Range": "bytes=0-4"})).read() == b"sound"
    for wrong in (link.replace("one.mp3", "two.mp3"), link.replace("Expires=60", "Expires=6000")):
        with pytest.raises(HTTPError, match="403"):
            urlopen(wrong)
