"""Where objects lie: files that survive a power cut, or a bucket of any S3-compatible store.

Both keep Django's storage interface; a key always means the same object, and saving it again replaces it whole.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.core.signing import TimestampSigner
from django.urls import reverse
from django.utils.functional import cached_property
from storages.backends.s3 import S3Storage

CHUNK = 1 << 20
# With 10 % failing calls three tries leave 7 of 1,000 uploads failed, five leave none (docs/reliability.md).
S3_CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    retries={"total_max_attempts": 6, "mode": "standard"},
    connect_timeout=5,
    read_timeout=30,
)


class DurableFiles(FileSystemStorage):
    """Files in a folder: written aside, synced, then renamed, so that a key holds a whole object or none."""

    def __init__(self, *, location: Path) -> None:
        super().__init__(location=location, allow_overwrite=True)

    def _save(self, name: str, content: "File[bytes]") -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".aside-")
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

    def url(self, name: str | None) -> str:
        """Return a short signed link to one object (voicecollect/objects.py answers it)."""
        return reverse("private-object", args=[TimestampSigner(salt="private-object").sign(name or "")])


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

    @cached_property
    def _signing_client(self) -> Any:
        """A client that knows the store by the address that browsers use, since signatures cover the host."""
        return boto3.client(
            "s3",
            endpoint_url=self._browser_url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region_name,
            config=S3_CONFIG,
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
