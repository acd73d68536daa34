"""What the settings say to stores: to a folder of files, to a bucket of any S3-compatible store."""

from pathlib import Path
from typing import Any


def files(folder: Path) -> dict[str, Any]:
    """Return the storage of one folder."""
    return {"BACKEND": "common.storage.DurableFiles", "OPTIONS": {"location": folder}}


def bucket(name: str, url: str, **options: Any) -> dict[str, Any]:
    """Return the storage of one bucket of the store at the address."""
    options |= {
        "bucket_name": name,
        "endpoint_url": url,
        "max_memory_size": 1 << 20,  # what is read beyond this lies in a temporary file, not in memory
    }
    return {"BACKEND": "common.storage.Bucket", "OPTIONS": options}
