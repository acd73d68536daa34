"""No field is written that readers would read in two ways."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.tables import (
    COLUMNS,
    MISSING_WORDS,
    SIGNALS,
    BadField,
    fault_of,
    header,
    line,
    lines,
    plain,
    signals_row,
)
from recordings.audio.measure import MEASURES

GOOD = ["Hello.", "id", "en", "other"]

BAD = {
    "tab": "a\tb",
    "LF": "a\nb",
    "CR": "a\rb",
    "NUL": "a\0b",
    "begins with a quote": '"Yes," she said.',
    "not NFC": "e\u0301",
    "missing value": "NA",
}


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("column", range(4))
def test_a_bad_field_is_refused_in_every_column(fault, column):
    with pytest.raises(BadField, match=COLUMNS["reported"][column]):
        line("reported", [*GOOD[:column], BAD[fault], *GOOD[column + 1 :]])


@pytest.mark.parametrize("fields", [GOOD[:3], [*GOOD, "more"]])
def test_a_line_has_as_many_fields_as_columns(fields):
    with pytest.raises(BadField, match="instead of 4"):
        line("reported", fields)


def test_the_fault_never_shows_the_text():
    with pytest.raises(BadField) as caught:
        line("reported", ["a secret\tsentence", "id", "en", "other"])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", 'a "b" c', "l'été", "  led by spaces", "⟨😀⟩", "مرحبا، يا أهلا", "a,b;c|d", "'"]
)
def test_text_of_all_kinds_is_written_as_it_is(text):
    assert line("reported", [text, "id", "en", "other"]) == f"{text}\tid\ten\tother\n"


@pytest.mark.parametrize("word", sorted(MISSING_WORDS))
def test_a_sentence_that_reads_as_missing_is_refused(word):
    assert fault_of(word) == "reads as a missing value"


@given(st.lists(st.text(), min_size=4, max_size=4))
def test_whatever_is_written_reads_the_same_with_and_without_quoting(fields):
    try:
        written = line("reported", fields)
    except BadField:
        assert any(fault_of(field) for field in fields) or not unicodedata.is_normalized(
            "NFC", "\t".join(fields)
        )
        return
    assert written.removesuffix("\n").split("\t") == fields
    assert list(csv.reader(io.StringIO(written, newline=""), delimiter="\t")) == [fields]
    assert list(csv.reader([written], delimiter="\t", quoting=csv.QUOTE_NONE)) == [fields]


@given(st.text())
def test_whatever_organisers_type_can_be_made_a_field(text):
    assert fault_of(plain(text)) == ""
    assert plain(plain(text)) == plain(text)


def test_columns_stand_as_existing_readers_expect_them():
    assert header("train") == (
        "client_id\tpath\tsentence_id\tsentence\tsentence_domain\tup_votes\tdown_votes\tage\tgender\taccents\t"
        "variant\tlocale\tsegment\n"
    )
    assert header("clip_durations") == "clip\tduration[ms]\n"


def test_every_signal_that_is_measured_has_its_column():
    assert {name: unit for name, (unit, _version) in MEASURES.items()}.items() <= SIGNALS.items()


def test_signals_that_nobody_measured_are_empty():
    row = signals_row("a.mp3", [("snr", 12.3456789, "dB", 2), ("retired", 1.0, "", 1)])
    assert dict(zip(COLUMNS["signals"], row, strict=True)) | {
        "snr[dB]": "12.3457",
        "versions": "snr:2",
    } == dict(zip(COLUMNS["signals"], row, strict=True))
    assert row.count("") == len(SIGNALS) - 1


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("place", range(3))
def test_a_bad_field_is_found_among_many_lines(fault, place):
    rows = [GOOD] * 3
    rows[place] = [GOOD[0], GOOD[1], GOOD[2], BAD[fault]]
    with pytest.raises(BadField, match="reason"):
        lines("reported", rows)


@given(st.lists(st.lists(st.text(), min_size=4, max_size=4), max_size=4))
def test_many_lines_are_those_that_would_be_written_one_by_one(rows):
    try:
        apart = [line("reported", fields) for fields in rows]
    except BadField:
        with pytest.raises(BadField):
            lines("reported", rows)
    else:
        assert lines("reported", rows) == apart
