"""Parts become one object, in files and in S3, however they come and whatever is cut off."""

import hashlib
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from export.storing import Joint, reader, stream
from tests.servers import seaweedfs

KEY = "datasets/1.0/a.tar.gz"
PARTS = [bytes([n]) * (5 << 20) for n in range(2)] + [b"the last one is short"]
WHOLE = b"".join(PARTS) + b"ending"


@pytest.fixture
def files():
    return None


@pytest.fixture
def bucket(s3, settings):
    options = {
        "bucket_name": s3.create_bucket(f"joint-{uuid.uuid4().hex}"), "endpoint_url": s3.url, "browser_url": s3.url,
        "access_key": seaweedfs.ACCESS_KEY, "secret_key": seaweedfs.SECRET_KEY, "region_name": seaweedfs.REGION,
    }  # fmt: skip
    settings.STORAGES = settings.STORAGES | {
        alias: {"BACKEND": "common.storage.Bucket", "OPTIONS": options} for alias in ("private", "releases")
    }


@pytest.fixture(params=["files", "bucket"])
def either(request):
    request.getfixturevalue(request.param)


def _put(joint, tmp_path, number):
    path = (joint.workspace() or tmp_path) / "part"
    path.write_bytes(PARTS[number])
    return joint.put(number, path, last=number == len(PARTS) - 1)


def _whole():
    return hashlib.sha256(b"".join(stream("releases", KEY))).hexdigest()


EXPECTED = hashlib.sha256(WHOLE).hexdigest()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_parts_become_one_object_in_whatever_order_they_come(either, tmp_path, order):
    joint = Joint(KEY, Joint.begin(KEY))
    parts = {number: _put(joint, tmp_path, number) for number in order}
    assert not storages["releases"].exists(KEY)
    joint.join([parts[number] for number in range(3)], b"ending")
    assert _whole() == EXPECTED


def test_a_part_that_is_put_again_replaces_itself(either, tmp_path):
    joint = Joint(KEY, Joint.begin(KEY))
    parts = [_put(joint, tmp_path, number) for number in range(3)]
    parts[1] = _put(joint, tmp_path, 1)
    joint.join(parts, b"ending")
    assert _whole() == EXPECTED


def test_joining_again_after_a_crash_changes_nothing(either, tmp_path):
    joint = Joint(KEY, Joint.begin(KEY))
    parts = [_put(joint, tmp_path, number) for number in range(3)]
    joint.join(parts, b"ending")
    joint.join(parts, b"ending")
    assert _whole() == EXPECTED


def test_joining_that_was_cut_off_in_the_middle_goes_on(tmp_path, monkeypatch):
    joint = Joint(KEY, Joint.begin(KEY))
    parts = [_put(joint, tmp_path, number) for number in range(3)]
    appended = []

    def cut_off(file, offset, part, append=Joint.join.__globals__["_append"]):
        if len(appended) == 1:
            file.seek(offset)
            file.write(part.read_bytes()[:1000])
            file.flush()
            raise KeyboardInterrupt
        appended.append(part)
        append(file, offset, part)

    with monkeypatch.context() as patch:
        patch.setattr("export.storing._append", cut_off)
        with pytest.raises(KeyboardInterrupt):
            joint.join(parts, b"ending")
    assert not storages["releases"].exists(KEY)
    joint.join(parts, b"ending")
    assert _whole() == EXPECTED
    assert [path.name for path in Path(storages["releases"].location).rglob("*") if path.is_file()] == [
        "a.tar.gz"
    ]


def test_what_is_abandoned_leaves_nothing(either, tmp_path):
    joint = Joint(KEY, Joint.begin(KEY))
    for number in range(3):
        _put(joint, tmp_path, number)
    joint.abandon()
    joint.abandon()
    assert not storages["releases"].exists(KEY)
    with pytest.raises(FileNotFoundError):
        reader("releases")(f"building/{KEY}")


def test_an_object_that_is_not_there_is_not_found(either):
    with pytest.raises(FileNotFoundError):
        reader("private")("clips/none")


def test_a_small_object_is_read_whole(either):
    storages["private"].save("clips/one", ContentFile(b"sound"))
    assert reader("private")("clips/one") == b"sound"
