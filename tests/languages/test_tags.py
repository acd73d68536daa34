"""Language tags, and what CLDR says of them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from languages import tags
from languages.models import Language
from tests import make


@pytest.mark.parametrize("tag", ["br", "pt-BR", "zh-Hant-TW", "sr-Latn", "x-mytongue", "tzm", "de-CH-1901"])
def test_these_are_tags(tag):
    assert tags.is_tag(tag)


@pytest.mark.parametrize("tag", ["", "b", "EN us", "../etc", "en_GB", "x", "-br", "a" * 36, "en\n"])
def test_these_are_not(tag):
    assert not tags.is_tag(tag)


@pytest.mark.parametrize(
    ("tag", "english", "native", "direction"),
    [
        ("br", "Breton", "brezhoneg", "ltr"),
        ("ar", "Arabic", "العربية", "rtl"),
        ("x-mytongue", "x-mytongue", "x-mytongue", "ltr"),
    ],
)
def test_names_and_direction_come_from_cldr(tag, english, native, direction):
    assert (tags.english_name(tag), tags.native_name(tag), tags.direction(tag)) == (
        english,
        native,
        direction,
    )


@pytest.mark.django_db
def test_what_the_organiser_says_stands():
    language = make.language("x-mytongue", english_name="My Tongue", direction="rtl")
    assert (language.english_name, language.direction) == ("My Tongue", "rtl")


def test_a_tag_that_is_none_is_refused_in_words():
    with pytest.raises(ValidationError, match="language tag"):
        Language(tag="not a tag").clean_fields(exclude=["direction"])


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"quorum": 0}, {"direction": "up"}])
def test_the_database_refuses_nonsense(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.language("fr", **wrong)


def test_names_are_sorted_without_regard_to_accents():
    assert sorted(["Burundi", "Bénin", "Émirats", "Brésil"], key=tags.plain) == [
        "Bénin",
        "Brésil",
        "Burundi",
        "Émirats",
    ]
