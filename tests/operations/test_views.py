"""The page that shows organisers how the instance fares."""

import re

import pytest
from django.core.cache import cache
from django.utils.html import escape

from operations import health, plots
from recordings.states import ClipState, RecordingState
from recordings.wording import REFUSALS
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/admin/operations/"


@pytest.fixture(autouse=True)
def _count_anew(monkeypatch):
    cache.clear()
    monkeypatch.setattr(health, "_last", None)


def test_a_visitor_is_led_to_sign_in(client):
    answer = client.get(PAGE)
    assert answer.status_code == 302
    assert PAGE in answer["Location"]


def test_an_organiser_sees_each_figure_as_a_bar_and_as_a_number(admin_client):
    make.clip(state=ClipState.VALID)
    make.recording(state=RecordingState.REFUSED, refusal="no-speech")
    make.recording(state=RecordingState.RECEIVED)
    text = admin_client.get(PAGE).content.decode()
    assert "1 recording waits" in text
    assert escape(str(REFUSALS["no-speech"])) in text
    assert len(re.findall("<rect", text)) >= 30 + 5 + 3 + 1 + 1 + 3
    assert not re.search(r"(?<!aria-)style=|<script>", text)


def test_it_is_drawn_without_any_recording(admin_client):
    assert admin_client.get(PAGE).status_code == 200


@pytest.mark.parametrize("count", [10, 100])
def test_its_queries_do_not_grow_with_rows(admin_client, django_assert_max_num_queries, count):
    for _ in range(count):
        make.clip()
    with django_assert_max_num_queries(20):
        admin_client.get(PAGE)


def test_the_highest_column_is_as_high_as_the_drawing():
    low, high = plots.columns({"a": 1, "b": 4})
    assert (high.height, high.y) == (plots.HEIGHT, 0)
    assert (low.height, low.y) == (plots.HEIGHT / 4, plots.HEIGHT * 3 / 4)
    assert low.x + low.width < high.x


def test_without_values_there_is_nothing_to_draw():
    assert plots.columns({}) == plots.lines({}) == []
    assert [bar.width for bar in plots.lines({"a": 0})] == [0]
