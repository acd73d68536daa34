"""Leaderboards: by approved seconds, for those who asked, never of minors, and not of a few."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError

from accounts import consent, goals
from accounts.models import Speaker
from accounts.options import Method, Purpose
from common.errors import Refused
from recordings.states import ClipState
from tests import make
from validation.boards import leaderboard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted_anew():
    cache.clear()
    yield
    cache.clear()


def on_board(name="", seconds=10, **who):
    speaker = make.speaker(**who)
    goals.keep(speaker=speaker, goal=0, time_zone="UTC", on_board=True, name=name)
    make.clip(speaker=speaker, state=ClipState.VALID, duration_ms=seconds * 1000)
    return speaker


def ranks(viewer=None):
    cache.clear()
    return [
        (rank.position, rank.username, rank.total, rank.you) for rank in leaderboard(make.language(), viewer)
    ]


def test_approved_seconds_count_and_nothing_else():
    people = [on_board(f"person {n}", seconds=n) for n in range(1, 6)]
    make.clip(speaker=people[0], state=ClipState.OPEN, duration_ms=99_000)
    make.clip(speaker=people[0], state=ClipState.INVALID, duration_ms=99_000)
    make.clip(speaker=people[0], state=ClipState.VALID, duration_ms=10_000)
    make.clip(state=ClipState.VALID, duration_ms=99_000)  # of somebody who didn't ask
    assert ranks(people[0])[:2] == [(0, "person 1", 11, True), (1, "person 5", 5, False)]


def test_below_five_people_nobody_is_listed(django_user_model):
    for _ in range(3):
        on_board()
    user = django_user_model.objects.create(username="several voices")
    for _ in range(3):
        on_board(user=user)
    assert ranks() == []
    on_board()
    assert len(ranks()) == 7


def test_minors_are_never_listed():
    for _ in range(5):
        on_board()
    child = on_board("child")
    consent.give(
        speaker=child, text=consent.current_text("en"), purposes=frozenset(Purpose), method=Method.WEB,
        young=consent.Young(17, "DE"),
    )  # fmt: skip
    assert "child" not in str(ranks())
    with pytest.raises(Refused) as no:
        goals.keep(speaker=child, goal=0, time_zone="UTC", on_board=True)
    assert no.value.code == "minor"


def test_who_leaves_the_board_leaves_no_name_behind():
    speaker = on_board("Amina")
    goals.keep(speaker=speaker, goal=3, time_zone="Africa/Nairobi")
    assert Speaker.objects.values_list("on_board", "board_name", "daily_goal").get(pk=speaker.pk) == (
        False,
        "",
        3,
    )


def test_a_name_needs_a_place_on_the_board():
    with pytest.raises(IntegrityError):
        make.speaker(board_name="Amina")


@pytest.mark.parametrize(
    ("goal", "zone"), [(-1, "UTC"), (1001, "UTC"), (1, "Mars/Olympus"), (1, ""), (1, "../etc")]
)
def test_goals_and_zones_that_cannot_be_are_refused(goal, zone):
    with pytest.raises(Refused):
        goals.keep(speaker=make.speaker(), goal=goal, time_zone=zone)


def test_the_api_and_the_page_list_the_same(client):
    for n in range(5):
        on_board(f"person {n}", seconds=n + 1)
    told = client.get("/api/v1/en/clips/leaderboard").json()
    assert told[0] == {"position": 0, "username": "person 4", "total": 5, "you": False}
    assert client.get("/api/v1/en/clips/votes/leaderboard").json() == []
    page = client.get("/en/en/leaderboard/").content.decode()
    assert page.index("person 4") < page.index("person 0")


def test_the_page_keeps_what_is_chosen_and_says_what_cannot_be(client):
    client.post("/en/consent/", {"purpose": ["collect"]})
    sent = {"goal": "7", "time_zone": "Europe/Paris", "on_board": "on", "name": " Ben <b> "}
    assert "This is kept" in client.post("/en/me/goals/", sent, follow=True).content.decode()
    speaker = Speaker.objects.get()
    assert (speaker.daily_goal, speaker.time_zone, speaker.board_name) == (7, "Europe/Paris", "Ben <b>")
    for wrong in ({"goal": "many"}, {"goal": "9" * 40}, {"time_zone": "x"}):
        page = client.post("/en/me/goals/", sent | wrong).content.decode()
        assert "choose from what is offered" in page
