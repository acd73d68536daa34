"""pandas with default settings and a split at tabs agree on every field of every table."""

from numbers import Number

import pandas
from published import rows

ODD = ['She said "so", then "no".', "قال: «نعم»، ثم ذهب؟", "  two spaces lead, two trail  ", "#not a comment"]


def _agree(value, field):
    """Tell whether pandas read what stands there: nothing is its missing value, a number is that number."""
    if not field or pandas.isna(value):
        return not field and pandas.isna(value)
    return value == float(field) if isinstance(value, Number) else value == field


def test_every_field_of_every_table_agrees(edition):
    tables = sorted(edition.glob("*.tsv"))
    assert len(tables) >= 10
    for path in tables:
        frame, said = pandas.read_csv(path, sep="\t"), rows(path)
        assert len(frame) == len(said)
        for read, row in zip(frame.to_dict("records"), said, strict=True):
            assert read.keys() == row.keys()
            assert [name for name in row if not _agree(read[name], row[name])] == [], path.name


def test_sentences_that_readers_stumble_over_are_there(edition):
    assert set(ODD) <= set(pandas.read_csv(edition / "validated.tsv", sep="\t")["sentence"])
