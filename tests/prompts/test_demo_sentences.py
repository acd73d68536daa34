"""The sentences that a new instance starts with."""

from collections import Counter
from pathlib import Path

import pytest

from prompts import cleaning
from prompts.options import Domain

FOLDER = Path(cleaning.__file__).parent / "demo"
LANGUAGES = ["ar", "br", "en", "fr", "hi", "sw"]


def rows(tag):
    """Return text and domain of each sentence."""
    return [(text, domain) for text, domain, kind in lines(tag) if not kind]


def questions(tag):
    return [text for text, _, kind in lines(tag) if kind == "topic"]


def lines(tag):
    header, *others = (FOLDER / f"{tag}.tsv").read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    assert header == "sentence\tdomain\tkind"
    return [(*line.split("\t"), "", "")[:3] for line in others]


def test_each_demo_language_has_a_file():
    assert sorted(path.stem for path in FOLDER.glob("*.tsv")) == LANGUAGES


@pytest.mark.parametrize("tag", LANGUAGES)
def test_demo_sentences_are_clean_and_without_fault(tag):
    rules = cleaning.load_rules(tag)
    found = {text: cleaning.faults(text, rules) for text, _ in rows(tag)}
    assert {text: faults for text, faults in found.items() if faults} == {}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_each_demo_language_has_questions_to_answer(tag):
    rules = cleaning.load_rules(tag)
    texts = questions(tag)
    assert len({cleaning.key(text) for text in texts}) == len(texts) >= 5
    assert {text: cleaning.faults(text, rules) for text in texts if cleaning.faults(text, rules)} == {}
    assert [text for text in texts if cleaning.clean(text, rules) != text] == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_demo_sentences_are_many_and_unlike_each_other(tag):
    times = Counter(cleaning.key(text) for text, _ in rows(tag))
    assert len(times) >= 60
    assert set(times.values()) == {1}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_demo_sentences_have_three_to_fourteen_words(tag):
    lengths = [sum(any(c.isalnum() for c in word) for word in text.split()) for text, _ in rows(tag)]
    assert min(lengths) >= 3
    assert 10 <= max(lengths) <= 14


@pytest.mark.parametrize("tag", LANGUAGES)
def test_demo_sentences_cover_every_domain(tag):
    assert {domain for _, domain in rows(tag)} == set(Domain.values)
