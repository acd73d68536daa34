"""Remembering where there is nothing new to somebody."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from prompts import stretches
from prompts.models import Stretch
from prompts.stretches import Lesson, Met, Stretches, merged, spans_behind
from tests import make


def met(*places, new=()):
    return [Met(uuid.uuid4(), place, 0, place not in new) for place in places]


@pytest.mark.parametrize(
    ("rows", "spans"),
    [
        ([], [(0, 100, 0)]),
        (met(3, 7), [(0, 100, 2)]),
        (met(3, 7, 9, new=[7]), [(0, 7, 1), (8, 100, 1)]),
        (met(0, 99, new=[0, 99]), [(1, 99, 0)]),
    ],
)
def test_what_lies_between_new_rows_is_behind_somebody(rows, spans):
    assert spans_behind(0, rows, 100) == spans


def test_spans_that_touch_or_overlap_become_one():
    assert merged([(5, 9), (0, 2), (2, 4), (8, 12)]) == [(0, 4), (5, 12)]


@pytest.fixture
def known(db):
    return Stretches(make.speaker(), make.language(), "sentences")


def spans():
    return sorted(Stretch.objects.values_list("start", "end"))


def test_long_runs_are_kept_and_short_ones_only_where_they_adjoin(known):
    known.learn(0, met(*range(100)), 100)
    known.learn(100, met(110, 120), 130)
    known.learn(500, met(510), 520)
    assert spans() == [(0, 130)]
    assert known.gap(50, 1000) == (130, 1000)
    assert known.gap(0, 90) == (90, 90)


def test_a_gap_ends_where_the_next_stretch_begins(known):
    known.learn(200, met(*range(200, 300)), 300)
    assert known.gap(10, 1000) == (10, 200)


def test_what_is_left_is_no_gap(known):
    known.learn(0, met(*range(2024), new=range(24, 2000, 25)), 2024)
    assert len(spans()) == 81 > stretches.AHEAD
    assert known.gap(0, 3000) == known.gap(1120, 3000) == (2024, 3000)


def test_a_walk_remembers_what_lies_in_one_part_of_the_ring_at_once(known, django_assert_num_queries):
    lesson = Lesson(known)
    with django_assert_num_queries(0):
        lesson.add(0, met(*range(15)), 50)
        lesson.add(50, met(*range(50, 65)), 100)
        lesson.add(100, [], 200)
    lesson.add(500, met(*range(500, 515)), 600)
    assert spans() == [(0, 200)]
    lesson.add(600, met(*range(600, 615)), 700)
    lesson.end()
    lesson.add(700, met(705), 710)
    lesson.end()
    assert spans() == [(0, 200), (500, 710)]


def test_the_nearest_stretch_is_the_next_one_on_the_ring(known):
    assert known.nearest(7) == 7
    known.learn(200, met(*range(200, 300)), 300)
    known.learn(500, met(*range(500, 600)), 600)
    assert [known.nearest(at) for at in (10, 250, 300, 700)] == [200, 200, 500, 200]


def test_something_new_is_left_where_two_stretches_are_one_place_apart(known):
    known.learn(0, met(*range(200), new=[100]), 200)
    known.learn(300, met(*range(300, 400)), 400)
    assert known.left(0, 1000) == [100]
    assert known.left(0, 100) == []


def test_what_was_learnt_is_forgotten_after_a_while(known):
    known.learn(0, met(*range(100)), 100)
    Stretch.objects.update(learnt_at=timezone.now() - stretches.VALID_FOR - timedelta(days=1))
    assert known.gap(0, 1000) == (0, 1000)
    known.learn(50, met(*range(50, 150)), 150)
    assert spans() == [(50, 150)]


def test_changed_settings_start_anew(known):
    known.learn(0, met(*range(100)), 100)
    assert Stretches(known.speaker, known.language, "sentences of another variant").ahead(0) == []


def test_nothing_is_learnt_of_nobody(db):
    Stretches(None, make.language(), "sentences").learn(0, met(*range(100)), 100)
    assert not Stretch.objects.exists()
