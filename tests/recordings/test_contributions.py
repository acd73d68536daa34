"""My recordings: what became of each, in which release it is, by sitting, and how it goes on from day to day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import goals
from export.models import Edition, Release
from export.snapshot import freeze
from export.states import ReleaseState
from recordings.models import Recording
from recordings.rhythm import rhythm_of, streak
from recordings.states import ClipState, RecordingState
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def speaker(client):
    speaker, session = make.speaker(), client.session
    session["speaker"], session["speakers"] = str(speaker.pk), [str(speaker.pk)]
    session.save()
    return speaker


def released(number, *, published=True):
    today = timezone.now().date()
    release = Release.objects.create(major=number, minor=0, corpus="voicecollect", cutoff=today)
    Edition.objects.create(release=release, language=make.language(), locale="en", quorum=2)
    freeze(release)
    if published:
        Release.objects.filter(pk=release.pk).update(
            state=ReleaseState.PUBLISHED, published_at=timezone.now()
        )


def test_a_clip_tells_in_which_published_releases_it_is(client, speaker):
    make.clip(speaker=speaker)
    released(1)
    released(2)
    late = make.clip(speaker=speaker)
    released(3, published=False)
    page = client.get("/en/me/").content.decode()
    assert [f"/en/datasets/en/{n}.0/" in page for n in (1, 2, 3)] == [True, True, False]
    newest, oldest = page.index(late.prompt.text), page.index("Published in:")
    assert newest < oldest
    assert page.count("Published in:") == 1


BECAME = {
    "approved": {"state": ClipState.VALID},
    "waiting": {"state": ClipState.OPEN},
    "otherwise": {"state": ClipState.INVALID},
}


def test_each_filter_shows_what_became_so_and_nothing_else(client, speaker):
    texts = {which: make.clip(speaker=speaker, **fields).prompt.text for which, fields in BECAME.items()}
    refused = make.recording(speaker=speaker, state=RecordingState.REFUSED, refusal="no-speech")
    waiting = make.recording(speaker=speaker, state=RecordingState.RECEIVED)
    texts |= {"refused": refused.prompt.text, "processing": waiting.prompt.text}
    for which in texts:
        page = client.get("/en/me/", {"which": which}).content.decode()
        assert [other for other, text in texts.items() if text in page] == [which]
    page = client.get("/en/me/", {"which": "nonsense"}).content.decode()
    assert all(text in page for text in texts.values())


def test_a_filter_that_finds_nothing_leads_back_to_all(client, speaker):
    make.clip(speaker=speaker)
    page = client.get("/en/me/", {"which": "refused"}).content.decode()
    assert "Found: 0" in page
    assert 'href="?"' in page


def test_a_sitting_is_taken_back_in_two_clicks(client, speaker):
    now = timezone.now()
    rows = [make.recording(speaker=speaker, received_at=now - timedelta(minutes=m)) for m in (0, 5, 90)]
    page = client.get("/en/me/").content.decode()
    assert page.count('name="sitting"') == 2
    client.post("/en/me/withdraw/", {"sitting": str(rows[0].take_id)})
    left = Recording.objects.exclude(state=RecordingState.WITHDRAWN)
    assert list(left) == [rows[2]]
    page = client.post("/en/me/withdraw/", {"sitting": str(make.recording().take_id)}, follow=True)
    assert "no such recording" in page.content.decode()


def test_the_list_costs_the_same_for_10_and_100(
    client, speaker, django_assert_num_queries, django_assert_max_num_queries
):
    def give(count):
        recordings = [make.recording(speaker=speaker) for _ in range(count)]
        for recording in recordings:
            make.clip(recording=recording)

    give(10)
    released(1)
    with django_assert_max_num_queries(10) as few:
        client.get("/en/me/")
    give(90)
    released(2)
    with django_assert_num_queries(len(few)):
        client.get("/en/me/")


TODAY = date(2026, 3, 1)
STREAKS = [
    ([], 0),
    ([0], 1),
    ([1], 1),
    ([2], 0),
    ([0, 1, 2], 3),
    ([1, 2], 2),
    ([0, 2, 3], 1),
    (range(40), 40),
]


@pytest.mark.parametrize(("ago", "length"), STREAKS, ids=str)
def test_a_streak_ends_with_today_or_yesterday(ago, length):
    assert streak({TODAY - timedelta(days=days) for days in ago}, TODAY) == length


@pytest.mark.parametrize(("zone", "today"), [("Pacific/Auckland", 0), ("UTC", 1), ("America/Lima", 1)])
def test_days_are_those_of_the_persons_own_place(speaker, monkeypatch, zone, today):
    """Shortly before midnight in UTC it is the next day in Auckland already."""
    now = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("recordings.rhythm.timezone.now", lambda: now)
    make.recording(speaker=speaker, received_at=now.replace(hour=10))
    goals.keep(speaker=speaker, goal=5, time_zone=zone)
    speaker.refresh_from_db()
    rhythm = rhythm_of(speaker)
    assert (rhythm.given_today, rhythm.streak, rhythm.goal) == (today, 1, 5)


def test_what_was_refused_or_taken_back_is_no_giving(client, speaker):
    for state in (RecordingState.REFUSED, RecordingState.WITHDRAWN, RecordingState.PROCESSED):
        make.recording(speaker=speaker, state=state, refusal="no-speech")
    assert (rhythm_of(speaker).given_today, rhythm_of(speaker).streak) == (1, 1)
    assert "sent today" in client.get("/en/me/").content.decode()
