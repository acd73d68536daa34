"""Releases that are made by themselves: planned on their day, then made by whichever worker looks next."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from common.errors import Refused
from export import clearing, packing, publishing, snapshot
from export.build import Announce, Order
from export.keys import Kind
from export.models import Archive, Release, Schedule
from export.progress import Packed
from export.states import PUBLIC
from languages.models import Language

BEGIN_ANEW = frozenset({"withdrawn-meanwhile", "overtaken", "clip-gone", "busy"})
LEASE = timedelta(minutes=30)  # freezing a million clips takes a few; building renews it with every slice


def make_next(announce: Announce = lambda archive: None) -> bool:
    """Clear a release, plan one that is due, make a planned one, or help to build one; tell whether there was any."""
    return clearing.clear_next() or _plan_next() or _carry_on_next(announce) or _help()


def _plan_next() -> bool:
    today = datetime.now(UTC).date()
    due = Schedule.objects.filter(is_on=True, next_cutoff__lt=today).order_by("next_cutoff", "pk").first()
    return due is not None and _plan(due)


@transaction.atomic
def _plan(schedule: Schedule) -> bool:
    """Write the release of a schedule whose day is over, once, whoever else tries; none if there is nothing new."""
    cutoff = schedule.next_cutoff
    claimed = Schedule.objects.filter(pk=schedule.pk, next_cutoff=cutoff)
    if not claimed.update(next_cutoff=later(cutoff, schedule.every_months)):
        return False
    languages = [each for each in _languages(schedule) if snapshot.has_any(each, cutoff)]
    if languages:
        newest = Release.objects.filter(major=schedule.major).aggregate(newest=Max("minor"))["newest"]
        minor = 0 if newest is None else newest + 1
        publishing.draft(schedule.major, minor, cutoff, languages, kinds=schedule.kinds, unattended=True)
    return True


def _languages(schedule: Schedule) -> QuerySet[Language]:
    chosen = schedule.languages.order_by("tag")
    return chosen if chosen.exists() else Language.objects.order_by("tag")


def later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month; ends of months stay ends."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last, was_last = monthrange(years, month + 1)[1], day.day == monthrange(day.year, day.month)[1]
    return date(years, month + 1, last if was_last else min(day.day, last))


def _unfinished() -> QuerySet[Release]:
    return Release.objects.filter(unattended=True, refused="").exclude(state__in=PUBLIC).order_by("pk")


def _carry_on_next(announce: Announce) -> bool:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now())
    for release in _unfinished().filter(free):
        if Release.objects.filter(free, pk=release.pk).update(lease_until=timezone.now() + LEASE):
            _carry_on(release, announce)
            return True
    return False


def _carry_on(release: Release, announce: Announce) -> None:
    """Take a release through all that is left; what an organiser has to mend stands on its page."""
    row = Release.objects.filter(pk=release.pk)

    def renew(_packed: Packed) -> None:
        row.update(lease_until=timezone.now() + LEASE)

    order = Order(kinds=tuple(map(Kind, release.kinds)), progress=renew, announce=announce)
    try:
        publishing.carry_on(release, order)
    except Refused as refusal:
        if refusal.code in BEGIN_ANEW:
            _begin_anew(release)
        else:
            row.update(refused=str(refusal.words), lease_until=None)


@transaction.atomic
def _begin_anew(release: Release) -> None:
    """Forget what was frozen, since some of it was taken back; the release is made again without that."""
    languages = [edition.language for edition in release.editions.select_related("language")]
    publishing.discard(number=release.number)
    publishing.draft(
        release.major, release.minor, release.cutoff, languages, kinds=release.kinds, unattended=True
    )


def _help() -> bool:
    """Build a slice of a release that another worker is making."""
    archives = Archive.objects.filter(edition__release__in=_unfinished(), sha256="", upload_id__gt="")
    return any(packing.build_next(archive) for archive in archives.select_related("edition__release"))
