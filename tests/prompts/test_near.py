"""Finding sentences that are nearly the same."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts import near
from prompts.states import PromptState
from tests import make

TEXT = "The old baker went down to the harbour early in the morning."


def remembered(text=TEXT, **fields):
    prompt = make.prompt(text, **fields)
    near.remember([prompt])
    return prompt


def one_letter_changed(text, number):
    at = random.Random(number).randrange(len(text))
    return text[:at] + "q" + text[at + 1 :]


@given(st.text(), st.text())
def test_similarity_is_a_share_and_has_no_direction(one, other):
    assert 0 <= near.similarity(one, other) == near.similarity(other, one) <= 1
    assert near.similarity(one, one) == 1


def test_keys_are_numbers_that_any_database_holds_and_differ_between_languages():
    assert all(0 <= key < 2**63 for key in near.keys(1, TEXT))
    assert not set(near.keys(1, TEXT)) & set(near.keys(2, TEXT))


def test_keys_stay_as_they_are_since_they_are_stored():
    assert near.keys(1, "a boat")[0] == 8671835040938295162


@pytest.mark.django_db
def test_most_sentences_with_one_letter_changed_are_found():
    remembered()
    changed = [one_letter_changed(TEXT, number) for number in range(100)]
    found = near.find(make.language(), changed)
    assert sum(text in (TEXT, *changed) for text in found.values()) >= 98


@pytest.mark.django_db
def test_other_sentences_are_not_called_alike():
    remembered()
    others = ["The young baker came back from the mountains late at night.", "She sells sea shells.", "Yes."]
    assert near.find(make.language(), others) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("我们明天早上去海边看日出好不好", "我们明天早上去海边看日落好不好"),
        ("ذهب الخباز العجوز إلى الميناء في الصباح الباكر", "ذهب الخباز العجوز إلى الميناء في المساء الباكر"),
    ],
)
def test_any_script_will_do(text, like):
    remembered(text)
    assert near.find(make.language(), [like]) == {0: text}


@pytest.mark.django_db
def test_what_was_rejected_or_is_of_another_language_is_no_reason():
    remembered(state=PromptState.REJECTED)
    remembered(language=make.language("br"))
    assert near.find(make.language(), [TEXT]) == {}


@pytest.mark.django_db
def test_thousands_that_follow_one_pattern_do_not_slow_it_down(django_assert_num_queries):
    near.remember([make.prompt(f"Please call the number {number} now.") for number in range(50)])
    language = make.language()
    with django_assert_num_queries(1):
        near.find(language, ["Please call the number nine now."])
