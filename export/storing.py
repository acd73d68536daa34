"""Objects of releases in either kind of storage: reading by stream, and joining parts into one object.

Parts may be put by any process, in any order, again and again; the object appears whole when they are joined, or not
at all. With S3 they are the parts of one multipart upload; with files they are files that are appended to one another.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from botocore.exceptions import ClientError
from django.core.files.storage import storages

from common.storage import Bucket, DurableFiles

CHUNK = 1 << 20
GONE = {"NoSuchKey", "404"}


class Part(NamedTuple):
    """A part that was put: its length in bytes and what the store answered."""

    bytes: int
    etag: str


def reader(alias: str) -> Callable[[str], bytes]:
    """Return a function that returns a small object whole, or raises FileNotFoundError if there is none."""
    storage = storages[alias]
    if not isinstance(storage, DurableFiles):
        return lambda key: b"".join(stream(alias, key))
    folder = storage.location

    def read(key: str) -> bytes:
        # As few calls of the system as can be: many small files are read like this, one after the other
        file = os.open(f"{folder}/{key}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            return os.read(file, os.fstat(file).st_size)
        finally:
            os.close(file)

    return read


def stream(alias: str, key: str) -> Iterator[bytes]:
    """Yield an object in chunks. Raises FileNotFoundError if there is none."""
    storage = storages[alias]
    if isinstance(storage, DurableFiles):
        with Path(storage.path(key)).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
        return
    client, bucket = _client(storage)
    try:
        body = client.get_object(Bucket=bucket, Key=key)["Body"]
    except ClientError as fault:
        if fault.response["Error"]["Code"] in GONE:
            raise FileNotFoundError(key) from fault
        raise
    yield from body.iter_chunks(CHUNK)


def media_type(name: str) -> str:
    """Return the media type of an archive."""
    return "application/gzip" if name.endswith(".gz") else "application/x-tar"


def is_far(alias: str) -> bool:
    """Tell whether each read waits for a network, so that many at a time are faster."""
    return not isinstance(storages[alias], DurableFiles)


def _client(storage: Any) -> tuple[Any, str]:
    assert isinstance(storage, Bucket)
    return storage.client, storage.bucket_name


class Joint:
    """One object of the releases' storage in the making. `upload_id` is what `begin` returned, kept in a row."""

    def __init__(self, key: str, upload_id: str) -> None:
        self._key, self._upload_id = key, upload_id
        self._storage = storages["releases"]

    @classmethod
    def begin(cls, key: str) -> str:
        """Return the id under which parts of the object can be put from now on."""
        storage = storages["releases"]
        if isinstance(storage, DurableFiles):
            return "files"
        client, bucket = _client(storage)
        upload = client.create_multipart_upload(Bucket=bucket, Key=key, ContentType=media_type(key))
        return str(upload["UploadId"])

    def workspace(self) -> Path | None:
        """Return the folder in which to write a part before it is put; None if any temporary folder will do."""
        if not isinstance(self._storage, DurableFiles):
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def put(self, number: int, path: Path, *, last: bool) -> Part:
        """Keep a part, counted from 0; the file, in the workspace, is used up. The same number replaces it."""
        size = path.stat().st_size
        if isinstance(self._storage, DurableFiles):
            path.replace(self._part(number))
            return Part(size, "")
        with path.open("rb") as file:
            etag = self._keep_last(file) if last else self._upload_part(number, file)
        path.unlink()
        return Part(size, etag)

    def join(self, parts: Sequence[Part], ending: bytes) -> None:
        """Make the object appear: all parts in order, then `ending`. After a crash it goes on where it was."""
        if isinstance(self._storage, DurableFiles):
            self._append_files(parts, ending, Path(self._storage.path(self._key)))
        else:
            self._complete(parts, ending)

    def abandon(self) -> None:
        """Delete the parts that were put."""
        if isinstance(self._storage, DurableFiles):
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        client, bucket = _client(self._storage)
        with suppress(client.exceptions.NoSuchUpload):
            client.abort_multipart_upload(Bucket=bucket, Key=self._key, UploadId=self._upload_id)
        client.delete_object(Bucket=bucket, Key=self._last_key)

    def _upload_part(self, number: int, body: Any) -> str:
        client, bucket = _client(self._storage)
        upload = {"Bucket": bucket, "Key": self._key, "UploadId": self._upload_id}
        return str(client.upload_part(**upload, PartNumber=number + 1, Body=body)["ETag"])

    def _keep_last(self, body: Any) -> str:
        """Keep the last part aside: S3 takes a short part only as the last, so the ending has to be joined to it."""
        client, bucket = _client(self._storage)
        return str(client.put_object(Bucket=bucket, Key=self._last_key, Body=body)["ETag"])

    def _complete(self, parts: Sequence[Part], ending: bytes) -> None:
        client, bucket = _client(self._storage)
        try:
            with tempfile.TemporaryFile() as last:
                last.writelines(stream("releases", self._last_key))
                last.write(ending)
                last.seek(0)
                etags = [*(part.etag for part in parts[:-1]), self._upload_part(len(parts) - 1, last)]
            numbered = [{"PartNumber": number, "ETag": etag} for number, etag in enumerate(etags, start=1)]
            upload = {"Bucket": bucket, "Key": self._key, "UploadId": self._upload_id}
            client.complete_multipart_upload(**upload, MultipartUpload={"Parts": numbered})
        except (FileNotFoundError, client.exceptions.NoSuchUpload):
            pass  # completed before a crash: the upload is used up and the object is there, for the caller to verify
        client.delete_object(Bucket=bucket, Key=self._last_key)

    @property
    def _last_key(self) -> str:
        return f"building/{self._key}"

    @property
    def _folder(self) -> Path:
        return Path(self._storage.path(f"building/{self._key}"))

    def _part(self, number: int) -> Path:
        return self._folder / f"{number:06}"

    def _append_files(self, parts: Sequence[Part], ending: bytes, target: Path) -> None:
        """Append part to part, each used up once it is in, so that a release takes its own size on disk and no more."""
        if target.exists():  # joined before a crash
            return
        whole = self._folder / "whole"
        with whole.open("r+b" if whole.exists() else "w+b") as file:
            offset = 0
            for number, part in enumerate(parts):
                if file.seek(0, os.SEEK_END) < offset + part.bytes:
                    _append(file, offset, self._part(number))
                self._part(number).unlink(missing_ok=True)
                offset += part.bytes
            file.truncate(offset)
            file.seek(offset)
            file.write(ending)
            file.flush()
            os.fsync(file.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        whole.chmod(0o640)
        whole.replace(target)
        shutil.rmtree(self._folder)


def _append(file: BinaryIO, offset: int, part: Path) -> None:
    """Copy a part to its place, within the kernel."""
    file.truncate(offset)
    file.seek(offset)
    with part.open("rb") as source:
        sent, size = 0, part.stat().st_size
        while sent < size:
            sent += os.sendfile(file.fileno(), source.fileno(), sent, size - sent)
