"""Handing clips to listeners."""

from datetime import timedelta

import pytest

from tests import make
from validation.assigning import forget_old, hand_out
from validation.models import Assignment

pytestmark = pytest.mark.django_db


def handed_to(listener, count=10):
    return hand_out(language=make.language(), listener=listener, count=count)


def test_what_is_handed_out_is_remembered_once_with_its_first_time():
    clip, listener = make.clip(), make.speaker()
    first = make.served(clip, listener)
    assert handed_to(listener) == [clip]
    assert Assignment.objects.get() == first
    assert Assignment.objects.get().served_at == first.served_at


def test_what_was_handed_out_long_ago_is_forgotten():
    listener = make.speaker()
    kept = make.served(make.clip(), listener, ago=timedelta(days=29))
    make.served(make.clip(), listener, ago=timedelta(days=31))
    assert forget_old() == 1
    assert Assignment.objects.get() == kept


def test_remembering_costs_the_same_for_many_clips(django_assert_max_num_queries):
    listener = make.speaker()
    for _ in range(20):
        make.clip()
    with django_assert_max_num_queries(20):
        assert len(handed_to(listener, 20)) == 20
