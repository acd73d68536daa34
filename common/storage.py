"""Where objects lie: files that survive a power cut, or a bucket of any S3-compatible store.

Both keep Django's storage interface; a key always means the same object, and saving it again replaces it whole.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.core.signing import TimestampSigner
from django.urls import reverse
from django.utils.functional import cached_property
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

CHUNK = 1 << 20
# What a storage raises that can't be reached, or that gives something else than was put there
STORE_FAULTS = (OSError, BotoCoreError, ClientError, Boto3Error, RetriesExceededError)
ASIDE = ".aside-"  # what names of files begin with that aren't whole yet
# With 10 % failing calls three tries leave 7 of 1,000 uploads failed, five leave none (docs/reliability.md).
S3_CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    retries={"total_max_attempts": 6, "mode": "standard"},
    connect_timeout=5,
    read_timeout=30,
)


class StoredObject(NamedTuple):
    """What a listing tells of an object: its key, its size in bytes, and when it was put."""

    key: str
    size: int
    modified: datetime


class DurableFiles(FileSystemStorage):
    """Files in a folder: written aside, synced, then renamed, so that a key holds a whole object or none."""

    def __init__(self, *, location: Path) -> None:
        super().__init__(location=location, allow_overwrite=True)

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=ASIDE)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks(CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).chmod(0o640)
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return name

    def delete(self, name: str) -> None:
        """Delete an object, and the folders that hold nothing else; what isn't there needs no deleting."""
        super().delete(name)
        folder = Path(self.path(name)).parent
        with suppress(OSError):  # not empty, or gone already
            while folder != Path(self.location):
                folder.rmdir()
                folder = folder.parent

    def objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with the prefix, a folder's name with a slash or nothing."""
        return (each for each in self._files(prefix) if not _is_aside(each.key))

    def leftovers(self) -> Iterator[StoredObject]:
        """Yield files that were being written when their writer died, or are being written now."""
        return (each for each in self._files("") if _is_aside(each.key))

    def drop_leftover(self, key: str) -> None:
        """Delete a file that will never be whole."""
        Path(self.path(key)).unlink(missing_ok=True)

    def _files(self, prefix: str) -> Iterator[StoredObject]:
        root = Path(self.location)
        for folder, _folders, names in os.walk(root / prefix):
            for name in names:
                path = Path(folder, name)
                with suppress(FileNotFoundError):  # deleted meanwhile
                    found = path.stat()
                    modified = datetime.fromtimestamp(found.st_mtime, UTC)
                    yield StoredObject(path.relative_to(root).as_posix(), found.st_size, modified)

    def url(self, name: str | None) -> str:
        """Return a short signed link to one object (voicecollect/objects.py answers it)."""
        return self._links + quote(self._signer.sign(name or ""), safe="/:")

    @cached_property
    def _links(self) -> str:
        """What all links begin with: ten of them go with each answer, so that they aren't resolved each time."""
        return reverse("private-object", args=["-"]).removesuffix("-")

    @cached_property
    def _signer(self) -> TimestampSigner:
        return TimestampSigner(salt="private-object")


def _is_aside(key: str) -> bool:
    return key.rpartition("/")[2].startswith(ASIDE)


def _sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Bucket(S3Storage):  # type: ignore[misc]  # the library has no types
    """A bucket of an S3-compatible store, with links for browsers that may reach it by another address."""

    def __init__(self, *, browser_url: str, **settings: Any) -> None:
        super().__init__(client_config=S3_CONFIG, file_overwrite=True, default_acl=None, **settings)
        self._browser_url = browser_url

    @property
    def client(self) -> Any:
        """The client of the store, by the address that this process uses."""
        return self.connection.meta.client

    def objects(self, prefix: str = "") -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with the prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=prefix)
        for page in pages:
            for each in page.get("Contents", []):
                yield StoredObject(each["Key"], each["Size"], each["LastModified"])

    def leftovers(self) -> Iterator[StoredObject]:
        """Yield uploads in parts that were begun and not completed; the key names the upload too."""
        pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket_name)
        for page in pages:
            for each in page.get("Uploads", []):
                yield StoredObject(f"{each['Key']}?{each['UploadId']}", 0, each["Initiated"])

    def drop_leftover(self, key: str) -> None:
        """Delete the parts of an upload that will never be completed."""
        name, _mark, upload = key.rpartition("?")
        self.client.abort_multipart_upload(Bucket=self.bucket_name, Key=name, UploadId=upload)

    def probe(self) -> None:
        """Ask the store for next to nothing, and not for long. Raises one of STORE_FAULTS if it can't be used."""
        self._probing_client.list_objects_v2(Bucket=self.bucket_name, MaxKeys=1)

    @cached_property
    def _probing_client(self) -> Any:
        quick = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 3})
        return self._client(self.endpoint_url, S3_CONFIG.merge(quick))

    @cached_property
    def _signing_client(self) -> Any:
        """A client that knows the store by the address that browsers use, since signatures cover the host."""
        return self._client(self._browser_url, S3_CONFIG)

    def _client(self, url: str, config: Config) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region_name,
            config=config,
        )

    def url(
        self, name: str, parameters: Any = None, expire: int | None = None, http_method: Any = None
    ) -> str:
        """Return a short signed link to one object, for GET alone."""
        link: str = self._signing_client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self.bucket_name, "Key": name},
            ExpiresIn=expire or self.querystring_expire,
        )
        return link
