"""Opening a language."""

import pytest

from common.errors import Refused
from languages.models import Language
from languages.readiness import Need, missing
from languages.wording import NEEDS
from prompts.models import Review
from prompts.opening import open_language, readiness_of
from tests import make

pytestmark = pytest.mark.django_db


def preparing(**thresholds):
    wanted = {"sentences_to_open": 2, "domains_to_open": 1, "reviewers_to_open": 1} | thresholds
    return make.language("x-mytongue", state=Language.State.PREPARING, **wanted)


def test_what_is_needed_is_counted_up_to_what_is_wanted():
    language = preparing()
    prompt = make.prompt("One line.", language=language, domain="finance")
    for text in ("Two lines.", "Three lines."):
        make.prompt(text, language=language, domain="general")
    Review.objects.create(prompt=prompt, speaker=make.speaker(), opinion="approve")
    assert readiness_of(language) == [
        Need("sentences", 2, 2),
        Need("domains", 1, 1),
        Need("reviewers", 1, 1),
    ]
    open_language(language=language)
    language.refresh_from_db()
    assert language.state == Language.State.OPEN


def test_a_language_that_is_not_ready_stays_closed_and_says_why():
    language = preparing()
    make.prompt("One line.", language=language)
    with pytest.raises(Refused) as no:
        open_language(language=language)
    assert "1/2 sentences" in str(no.value.words)
    language.refresh_from_db()
    assert language.state == Language.State.PREPARING


def test_an_organiser_may_lower_the_thresholds():
    open_language(language=preparing(sentences_to_open=0, domains_to_open=0, reviewers_to_open=0))


def test_every_need_has_words():
    assert {need.code for need in readiness_of(preparing())} == set(NEEDS)
    assert missing([Need("sentences", 1, 1)]) == []
