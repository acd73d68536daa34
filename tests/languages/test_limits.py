"""A language's own limits: refused before a recording is held to them."""

import pytest
from django.core.exceptions import ValidationError

from languages.models import Language


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"max_second": 3}, "no limit named 'max_second'"),
        ({"max_seconds": "3"}, "must be a number"),
        ({"min_seconds": 99}, "must not be above"),
        ([1], "must be an object"),
        ("x", "must be an object"),
    ],
)
def test_wrong_limits_are_refused_in_words(limits, words):
    with pytest.raises(ValidationError, match=words):
        Language(tag="br", audio_limits=limits).clean()


@pytest.mark.parametrize("limits", [{}, {"max_seconds": 20}])
def test_right_limits_are_taken(limits):
    Language(tag="br", audio_limits=limits).clean()
