"""What we ask of object storage, asked of a real server with the settings that the project uses."""

import base64
import hashlib
import threading
import urllib.error
import urllib.request
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from common.storage import S3_CONFIG
from tests.servers.seaweedfs import ACCESS_KEY, REGION, SECRET_KEY

SOUND = b"0123456789"
LEAST_PART = 5 << 20  # of a multipart upload, but for the last
WRITERS, ROUNDS = 8, 3


@pytest.fixture(scope="module")
def bucket(s3):
    return s3.create_bucket("clips-of-this-test")


@pytest.fixture(scope="module")
def client(s3):
    return boto3.client(
        "s3",
        endpoint_url=s3.url,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        region_name=REGION,
        config=S3_CONFIG,
    )


@pytest.fixture
def where(bucket):
    """What names an object of this test; there is none yet."""
    return {"Bucket": bucket, "Key": f"{uuid.uuid4()}/clip"}


@pytest.fixture
def stored(client, where):
    client.put_object(**where, Body=SOUND)
    return where


def read(client, where) -> bytes:
    return client.get_object(**where)["Body"].read()


def is_there(client, where) -> bool:
    return client.list_objects_v2(Bucket=where["Bucket"], Prefix=where["Key"])["KeyCount"] > 0


def base64_of(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


CHECKSUMS = {
    "ChecksumCRC32": lambda body: base64_of(zlib.crc32(body).to_bytes(4, "big")),
    "ChecksumSHA256": lambda body: base64_of(hashlib.sha256(body).digest()),
}


def test_our_settings_sign_the_new_way_by_path_and_try_again_often():
    assert S3_CONFIG.signature_version == "s3v4"
    assert S3_CONFIG.s3 == {"addressing_style": "path"}
    assert S3_CONFIG.retries["total_max_attempts"] >= 5


def test_an_object_written_is_read_back(client, stored):
    assert read(client, stored) == SOUND


def test_parts_become_one_object(client, where):
    parts = [b"a" * LEAST_PART, b"b" * LEAST_PART, b"the rest"]
    upload = client.create_multipart_upload(**where)["UploadId"]
    tags = [
        client.upload_part(**where, UploadId=upload, PartNumber=number, Body=part)["ETag"]
        for number, part in enumerate(parts, 1)
    ]
    assert not is_there(client, where)
    told = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
    done = client.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": told})

    digests = [hashlib.md5(part).digest() for part in parts]
    assert tags == [f'"{digest.hex()}"' for digest in digests]
    assert done["ETag"] == f'"{hashlib.md5(b"".join(digests)).hexdigest()}-3"'
    assert read(client, where) == b"".join(parts)


def test_parts_that_are_not_those_sent_make_no_object(client, where):
    upload = client.create_multipart_upload(**where)["UploadId"]
    client.upload_part(**where, UploadId=upload, PartNumber=1, Body=b"sound")
    wrong = {"Parts": [{"PartNumber": 1, "ETag": f'"{hashlib.md5(b"other").hexdigest()}"'}]}
    with pytest.raises(ClientError, match="InvalidPart"):
        client.complete_multipart_upload(**where, UploadId=upload, MultipartUpload=wrong)
    assert not is_there(client, where)


@pytest.mark.parametrize(
    ("wanted", "found", "told"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-100", b"89", "bytes 8-9/10"),
    ],
)
def test_a_range_is_read_alone(client, stored, wanted, found, told):
    answer = client.get_object(**stored, Range=wanted)
    assert (answer["Body"].read(), answer["ContentRange"]) == (found, told)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_a_range_behind_the_end_is_refused(client, stored):
    with pytest.raises(ClientError, match="InvalidRange"):
        client.get_object(**stored, Range="bytes=10-")


def link_to(client, where, seconds=60) -> str:
    return client.generate_presigned_url("get_object", Params=where, ExpiresIn=seconds)


def refused(link: str, **options) -> bool:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(link, **options))
    caught.value.close()
    return caught.value.code == 403


def test_a_signed_link_opens_its_object(client, stored):
    with urllib.request.urlopen(link_to(client, stored)) as answer:
        assert answer.read() == SOUND


def test_a_signed_link_names_the_bucket_in_its_path(client, where):
    link = urlsplit(link_to(client, where))
    assert link.path == f"/{where['Bucket']}/{where['Key']}"
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link.query


@pytest.mark.parametrize(
    ("part", "other"), [("/clip", "/other"), ("Expires=60", "Expires=61"), ("Signature=", "Signature=0")]
)
def test_a_link_that_was_changed_is_refused(client, stored, part, other):
    client.put_object(Bucket=stored["Bucket"], Key=stored["Key"].replace("clip", "other"), Body=b"other")
    link = link_to(client, stored)
    assert part in link
    assert refused(link.replace(part, other))


def test_a_link_for_reading_does_not_write(client, stored):
    assert refused(link_to(client, stored), data=b"other", method="PUT")
    assert read(client, stored) == SOUND


def test_a_link_expires(client, stored, monkeypatch):
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: hour_ago.replace(tzinfo=None))
    assert refused(link_to(client, stored, seconds=3599))
    with urllib.request.urlopen(link_to(client, stored, seconds=7200)) as answer:
        assert answer.read() == SOUND


def test_an_object_that_is_there_is_not_replaced_unless_asked(client, stored):
    with pytest.raises(ClientError, match="PreconditionFailed"):
        client.put_object(**stored, Body=b"other", IfNoneMatch="*")
    assert read(client, stored) == SOUND


def test_of_many_writers_at_once_one_wins(client, bucket):
    together = threading.Barrier(WRITERS)

    def write(key: str, body: bytes) -> bytes | None:
        together.wait(60)
        try:
            client.put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "PreconditionFailed"
            return None
        return body

    bodies = [b"writer %d" % number for number in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as writers:
        for key in (f"race/{number}" for number in range(ROUNDS)):
            [winner] = filter(None, writers.map(write, [key] * WRITERS, bodies))
            assert read(client, {"Bucket": bucket, "Key": key}) == winner


@pytest.mark.parametrize("checksum", CHECKSUMS)
def test_bytes_that_differ_from_their_checksum_are_refused(client, where, checksum):
    with pytest.raises(ClientError, match=r"BadDigest|Checksum|InvalidDigest"):
        client.put_object(**where, Body=SOUND, **{checksum: CHECKSUMS[checksum](b"other")})
    assert not is_there(client, where)


@pytest.mark.parametrize("checksum", CHECKSUMS)
def test_a_right_checksum_is_kept_and_told(client, where, checksum):
    right = CHECKSUMS[checksum](SOUND)
    client.put_object(**where, Body=SOUND, **{checksum: right})
    assert client.head_object(**where, ChecksumMode="ENABLED")[checksum] == right


def test_a_wrong_secret_is_refused(s3, bucket):
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        s3.client(secret_key="wrong").list_objects_v2(Bucket=bucket)


def test_nobody_reads_without_a_signature(s3, stored):
    assert refused(f"{s3.url}/{stored['Bucket']}/{stored['Key']}")
