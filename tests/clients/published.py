"""The release that `publish.py` fetched, and its tables as the simplest of readers sees them."""

import os
from pathlib import Path

PUBLISHED = Path(os.environ["RELEASE"])
LOCALES = ("en", "ar")


def rows(path):
    """Return the rows of a table as dictionaries: lines split at tabs, nothing else."""
    with path.open(encoding="utf-8", newline="\n") as file:
        names = file.readline().rstrip("\n").split("\t")
        return [dict(zip(names, line.rstrip("\n").split("\t"), strict=True)) for line in file]
