"""Metadata that machines read: complete, valid against what is downloaded, the same for the same figures."""

import json

import pytest

from export.croissant import File, croissant, datacite
from export.keys import Kind
from export.metadata import PLOTS, datasheet, size_category, statistics

NONE = {"clips": 0, "duration_ms": 0, "speakers": 0, "sentences": 0}
SOME = {"clips": 10, "duration_ms": 36_000, "speakers": 2, "sentences": 9}
FACTS = {
    "corpus": "voices", "number": "1.2", "cutoff": "2026-03-01", "stem": "voices-1.2-2026-03-01",
    "site": "https://voices.example", "locale": "br", "language": "Breton", "quorum": 2, "all": SOME,
    "tables": dict.fromkeys(["other", "train", "validated"], SOME)
    | dict.fromkeys(["dev", "test", "train_all", "invalidated"], NONE),
    "shares": {
        "age": {"twenties": 4, "": 6}, "gender": {"": 10}, "accent": {"": 10}, "variant": {"": 10},
        "sentence_domain": {"general": 10},
    },
    "sentences": {"validated": 20, "unvalidated": 3, "reported": 1},
    "blanked": {"age": 1, "gender": 0, "accents": 0, "variant": 0},
    "seeds": {"train": ["voices_br_1", "voices_br_2"], "dev": [], "test": []},
    "changes": {"since": "1.1", "added": 4, "removed": 1, "judged": 2, "duration_ms": 36_000_000, "speakers": -1},
    "leaks": {"speakers": 0, "sentences": 0, "since": "1.1", "drift": 0},
}  # fmt: skip
ARCHIVE = File("a.tar.gz", "https://voices.example/datasets/1.2/a.tar.gz", 1234, "f" * 64)


def test_croissant_names_what_tools_and_searches_ask_for():
    document = json.loads(croissant(FACTS, ARCHIVE))
    assert {"@context", "conformsTo", "name", "url", "description", "creator", "license"} <= set(document)
    assert "http://mlcommons.org/croissant/1.1" in document["conformsTo"]
    [archive, *tables] = document["distribution"]
    assert (archive["contentUrl"], archive["sha256"]) == (ARCHIVE.url, ARCHIVE.sha256)
    assert [each["contentUrl"] for each in tables] == [
        f"voices-1.2-2026-03-01/br/{table}.tsv" for table in ("train", "validated", "other")
    ]


def test_croissant_has_a_field_for_each_column_and_no_reference_to_nothing():
    document = json.loads(croissant(FACTS, ARCHIVE))
    files = {each["@id"] for each in document["distribution"]}
    for records in document["recordSet"]:
        assert [field["name"] for field in records["field"]][:4] == [
            "client_id",
            "path",
            "sentence_id",
            "sentence",
        ]
        assert {field["source"]["fileObject"]["@id"] for field in records["field"]} <= files


def test_datacite_has_what_a_doi_must_have():
    document = json.loads(datacite([FACTS]))
    must = {"types", "creators", "titles", "publisher", "publicationYear", "schemaVersion", "url"}
    assert must <= set(document)
    assert document["titles"][0]["title"] == "voices 1.2: Breton"


def test_the_order_in_which_a_database_returns_figures_changes_nothing():
    turned = {name: FACTS[name] for name in reversed(FACTS)}
    for name in ("tables", "shares", "seeds", "blanked"):
        turned[name] = dict(reversed(FACTS[name].items()))
    files = {"br": (1234, "f" * 64)}
    assert datasheet(turned, Kind.MP3) == datasheet(FACTS, Kind.MP3)
    assert croissant(turned, ARCHIVE) == croissant(FACTS, ARCHIVE)
    assert json.dumps(statistics([turned], files)) == json.dumps(statistics([FACTS], files))


def test_statistics_give_ages_and_genders_as_shares_and_the_rest_as_counts():
    of_breton = statistics([FACTS], {"br": (1234, "f" * 64)})["locales"]["br"]
    assert of_breton["splits"]["age"] == {"": 0.6, "twenties": 0.4}
    assert of_breton["splits"]["sentence_domain"] == {"general": 10}
    assert (of_breton["totalHrs"], of_breton["avgDurationSecs"]) == (0.01, 3.6)


def test_the_datasheet_says_which_splits_there_are_not():
    text = datasheet(FACTS, Kind.MP3)
    assert "too few speakers or validated sentences for dev and test" in text
    assert "changed their split since 1.1: 0" in text


def test_the_datasheet_says_what_changed():
    text = datasheet(FACTS, Kind.MP3)
    assert "## Changes since 1.1\n\n- clips added: 4\n" in text
    assert "- hours: +10.0, speakers: -1\n" in text
    assert "## Changes" not in datasheet(FACTS | {"changes": {}}, Kind.MP3)


def test_the_datasheet_shows_each_plot_by_the_name_that_it_has_in_the_archive():
    text = datasheet(FACTS, Kind.MP3)
    assert all(f"](voices-1.2-2026-03-01-br-{plot}.svg " in text for plot in PLOTS)


@pytest.mark.parametrize(
    ("kind", "seed"), [(Kind.MP3, "clips/voices_br_1.mp3"), (Kind.FLAC, "clips/voices_br_1.flac")]
)
def test_the_datasheet_names_two_clips_of_each_split(kind, seed):
    assert f"  - split: train\n    path:\n    - metadata-train.jsonl\n    - {seed}\n" in datasheet(
        FACTS, kind
    )
    assert "split: dev" not in datasheet(FACTS, kind)


def test_a_datasheet_without_clips_names_none():
    assert "configs:" not in datasheet(FACTS, Kind.METADATA)


@pytest.mark.parametrize(
    ("clips", "category"), [(1, "n<1K"), (1000, "1K<n<10K"), (99_999, "10K<n<100K"), (4_850_000, "1M<n<10M")]
)
def test_sizes_are_named_as_hubs_do(clips, category):
    assert size_category(clips) == category
