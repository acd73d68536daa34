import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def bucket(s3):
    return s3.create_bucket("clips-of-this-test")


def test_an_object_written_is_read_back(s3, bucket):
    s3.client().put_object(Bucket=bucket, Key="a/clip", Body=b"sound")
    assert s3.client().get_object(Bucket=bucket, Key="a/clip")["Body"].read() == b"sound"


def test_a_signed_link_opens_its_object_and_no_other(s3, bucket):
    client = s3.client()
    client.put_object(Bucket=bucket, Key="linked", Body=b"sound")
    client.put_object(Bucket=bucket, Key="other", Body=b"other")
    link = client.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "linked"}, ExpiresIn=60
    )
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == b"sound"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(link.replace("/linked", "/other"))


def test_a_wrong_secret_is_refused(s3, bucket):
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        s3.client(secret_key="wrong").list_objects_v2(Bucket=bucket)


def test_nobody_reads_without_a_signature(s3, bucket):
    s3.client().put_object(Bucket=bucket, Key="private", Body=b"sound")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{s3.url}/{bucket}/private")


def test_damaged_bytes_are_refused(s3, bucket):
    with pytest.raises(ClientError, match=r"BadDigest|Checksum|InvalidDigest"):
        s3.client().put_object(Bucket=bucket, Key="damaged", Body=b"sound", ChecksumCRC32="AAAAAA==")
