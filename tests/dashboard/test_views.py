"""A language's page."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard import counting
from dashboard.models import Day
from languages.models import Language
from recordings.models import Clip
from recordings.states import ClipState
from tests import make

pytestmark = pytest.mark.django_db
HOUR = 3_600_000


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def given(count=6, **fields):
    """Clips of one hour by as many people, one a day until today."""
    for number in range(count):
        speaker = make.speaker()
        clip = make.clip(recording=make.recording(speaker=speaker, **fields), duration_ms=HOUR,
                         state=ClipState.VALID if number % 2 else ClipState.OPEN)  # fmt: skip
        Clip.objects.filter(pk=clip.pk).update(created_at=timezone.now() - timedelta(days=count - number))
    counting.count(make.language())


def test_a_languages_page_shows_what_was_given_and_what_is_wanted(client):
    make.language(goal_hours=50)
    given()
    page = text(client.get("/en/en/"))
    assert "/en/en/speak/" in page
    for words in ("6.00 h", "3.00 h", "50.0 h", "sentences wait for voices", "recordings wait for listeners"):
        assert words in page
    assert "/en/en/write/" in page
    assert "/en/en/review/" in page


def test_hours_over_time_are_a_picture_a_sentence_and_a_table(client):
    given()
    page = text(client.get("/en/en/"))
    assert page.count('role="img"') == 2  # wide and narrow
    assert "6.0 h recorded, 3.0 h of them checked" in page
    assert re.search(r'<path class="line recorded" d="M46 ', page)
    assert page.count('<th scope="row">') >= 6
    assert "style=" not in page  # the policy allows no inline styles


@pytest.mark.parametrize("ui", ["fr", "ar"])
def test_numbers_of_a_picture_are_for_programs_whatever_the_language_of_the_page(client, ui):
    given()
    page = text(client.get(f"/{ui}/en/"))
    drawn = " ".join(re.findall(r'(?:x1|x2|y1|y2|cx|cy|d|viewBox|width|value|max)="([^"]*)"', page))
    assert "," not in drawn


def test_one_day_is_no_line_yet(client):
    given(1)
    assert 'role="img"' not in text(client.get("/en/en/"))


def test_groups_of_fewer_than_five_people_are_never_shown(client):
    given(7, age="twenties", gender="female_feminine")
    given(6, age="thirties")
    given(3, age="nineties", accents="a village")
    page = text(client.get("/en/en/"))
    assert "20 to 29" in page
    assert "90 or older" not in page
    assert "a village" not in page
    table = client.get("/en/en/figures/age.csv").content.decode().splitlines()
    assert table == ["age,people,hours", "20 to 29,7,7.000", "others,9,9.000"]


def test_every_figure_is_there_as_csv(client):
    given()
    hours = client.get("/en/en/figures/hours.csv")
    assert hours["Content-Type"].startswith("text/csv")
    first, *_more, last = hours.content.decode().splitlines()
    assert first == "day,recorded_hours,checked_hours"
    assert last.endswith("6.000,3.000")
    assert client.get("/en/en/figures/gender.csv").status_code == 200
    assert client.get("/en/en/figures/names.csv").status_code == 404


def test_what_is_missing_before_recording_opens_is_told(client):
    make.language(state=Language.State.PREPARING, sentences_to_open=10)
    make.prompt()
    page = text(client.get("/en/en/"))
    assert "What is missing before recording opens" in page
    assert "1 of 10" in page
    assert "/en/en/speak/" not in page


def test_a_page_costs_the_same_for_many_rows_and_never_counts_clips(
    client, django_assert_max_num_queries, django_assert_num_queries
):
    given(2)
    with django_assert_max_num_queries(6) as few:
        client.get("/en/en/")
    given(20, age="twenties")
    language = make.language()
    Day.objects.all().delete()
    Day.objects.bulk_create(
        Day(language=language, day=timezone.now().date() - timedelta(days=number), recorded_ms=1, clips=1)
        for number in range(400)
    )
    with django_assert_num_queries(len(few)) as many:
        page = text(client.get("/en/en/"))
    assert not [query for query in many.captured_queries if "recordings_clip" in query["sql"]]
    assert page.count('<th scope="row">') <= 140  # of 400 days as many as a picture can show
