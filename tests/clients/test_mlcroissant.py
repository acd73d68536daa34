"""mlcroissant reads the records of every table out of the archive; they equal the rows."""

import json

import mlcroissant
import pytest
from published import LOCALES, rows


@pytest.mark.parametrize("locale", LOCALES)
def test_records_equal_rows(downloads, corpus, locale):
    [path] = downloads.glob(f"*-{locale}.croissant.json")
    [archive] = downloads.glob(f"*-??-??-{locale}.tar.gz")
    dataset = mlcroissant.Dataset(jsonld=str(path), mapping={"archive": str(archive)})
    tables = [each["name"] for each in json.loads(path.read_text())["recordSet"]]
    assert {"train", "dev", "test", "validated", "invalidated"} <= set(tables)
    for table in tables:
        found = [_plain(record) for record in dataset.records(table)]
        assert found == rows(corpus / locale / f"{table}.tsv"), table


def _plain(record):
    """Return a record as the fields of its row."""
    return {name.split("/")[-1]: _text(value) for name, value in record.items()}


def _text(value):
    return value.decode() if isinstance(value, bytes) else "" if value is None else str(value)


@pytest.mark.parametrize("locale", LOCALES)
def test_it_finds_nothing_to_warn_of(downloads, locale):
    [path] = downloads.glob(f"*-{locale}.croissant.json")
    issues = mlcroissant.Dataset(jsonld=str(path)).metadata.ctx.issues
    assert (list(issues.errors), list(issues.warnings)) == ([], [])
