"""Releases that workers make by themselves: on their day, once, with all kinds of archives, resumed after a crash."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.options import Purpose
from common.errors import Refused
from export import publishing, scheduling
from export.keys import Kind
from export.models import Archive, Release, Schedule, Slice
from export.scheduling import later, make_next
from export.tasks import make_releases
from recordings.models import Clip
from tests import make
from tests.export.releasing import people, slice_small, today

pytestmark = pytest.mark.django_db


def yesterday():
    return today() - timedelta(days=1)


def _before_yesterday(count=3):
    people(count)
    Clip.objects.update(created_at=datetime.now(UTC) - timedelta(days=3))


def _schedule(**fields):
    return Schedule.objects.create(**{"next_cutoff": yesterday(), "kinds": ["mp3"]} | fields)


def _work():
    """Work as an embedded worker does, until there is nothing to do."""
    while make_next():
        pass


def test_a_release_is_made_after_its_last_day_and_the_next_one_is_planned():
    _before_yesterday()
    schedule = _schedule(kinds=list(Kind), every_months=1)
    _work()
    release = Release.objects.get()
    assert (release.number, release.state, release.cutoff) == ("1.0", "published", yesterday())
    assert set(Archive.objects.values_list("kind", flat=True)) == set(Kind) - {
        Kind.DELTA
    }  # of a first release
    schedule.refresh_from_db()
    assert schedule.next_cutoff == later(yesterday(), 1)


def test_nothing_is_made_before_the_day_is_over_or_while_a_schedule_is_off():
    _before_yesterday()
    _schedule(next_cutoff=today())
    _schedule(is_on=False)
    assert not make_next()
    assert not Release.objects.exists()


def test_a_release_gets_the_next_number_and_the_languages_that_have_anything():
    _before_yesterday()
    publishing.draft(1, 6, yesterday(), [make.language()])
    make.language("br")
    _schedule()
    make_next()
    planned = Release.objects.get(unattended=True)
    assert planned.number == "1.7"
    assert [edition.locale for edition in planned.editions.all()] == ["en"]


def test_a_schedule_without_anything_to_release_waits_for_its_next_day():
    make.language()
    schedule = _schedule()
    _work()
    schedule.refresh_from_db()
    assert schedule.next_cutoff > today()
    assert not Release.objects.exists()


def test_a_missed_day_is_made_up_for_but_once(monkeypatch):
    _before_yesterday()
    late = _schedule()
    for _ in range(2):
        scheduling._plan(Schedule(pk=late.pk, next_cutoff=yesterday(), every_months=3, major=1))
    assert Release.objects.count() == 1


def test_workers_on_servers_make_it_too():
    _before_yesterday()
    _schedule()
    make_releases()
    assert Release.objects.get().state == "published"


def test_a_worker_that_died_is_followed_by_another_when_its_lease_is_over(monkeypatch):
    _before_yesterday()
    _schedule()
    slice_small(monkeypatch)
    make_next()
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "build", _die)
        with pytest.raises(KeyboardInterrupt):
            make_next()
    _work()
    assert Release.objects.get().state == "frozen"  # somebody may still be at it
    Release.objects.update(lease_until=datetime.now(UTC))
    _work()
    assert Release.objects.get().state == "published"


def _die(*_arguments):
    raise KeyboardInterrupt


def test_other_workers_help_with_slices(monkeypatch):
    _before_yesterday()
    _schedule()
    slice_small(monkeypatch)
    make_next()
    with monkeypatch.context() as patch:
        patch.setattr("export.build._build_slices", _die)
        with pytest.raises(KeyboardInterrupt):
            make_next()
    _work()  # the release is leased, its slices are not
    assert set(Slice.objects.values_list("state", flat=True)) == {"built"}
    assert Release.objects.get().state == "building"


def test_what_an_organiser_has_to_mend_stops_a_release_and_says_so(monkeypatch):
    _before_yesterday()
    _schedule()
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "build", _refuse)
        _work()
    release = Release.objects.get()
    assert (release.state, release.refused) == ("frozen", "A disk is full.")
    _work()
    assert Release.objects.get().state == "frozen"


def _refuse(release, order):
    raise Refused("A disk is full.", code="disk")


def test_a_release_of_which_something_was_taken_back_meanwhile_is_made_anew_without_it(monkeypatch):
    _before_yesterday()
    _schedule()
    build = publishing.build

    def build_while_someone_leaves(release, order):
        build(release, order)
        make.consent(Clip.objects.first().speaker, frozenset({Purpose.COLLECT}))
        monkeypatch.setattr(publishing, "build", build)

    monkeypatch.setattr(publishing, "build", build_while_someone_leaves)
    _work()
    release = Release.objects.get()
    assert (release.state, release.number) == ("published", "1.0")
    assert release.editions.get().statistics["all"]["speakers"] == 2


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 2, 28), 3, date(2026, 5, 31)),  # the end of a month stays the end
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_the_next_day_is_some_months_later(day, months, after):
    assert later(day, months) == after


@pytest.mark.parametrize("months", [0, 61])
def test_a_schedule_that_never_goes_on_is_refused_by_the_database(months):
    with pytest.raises(IntegrityError), transaction.atomic():
        _schedule(every_months=months)
