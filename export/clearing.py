"""What becomes of published releases that hold recordings which people took back since, as the instance is set."""

from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from export import publishing, snapshot
from export.models import Archive, Edition, FrozenClip, Release
from export.splits import Splitting
from export.states import ReleaseState
from recordings.models import Withdrawal

ONE_BATCH = timedelta(days=1)  # what was taken back on one day is cleared together


class Policy(StrEnum):
    KEEP = "keep"  # they stay; the list of withdrawals says what their users should delete
    TOMBSTONE = "tombstone"  # their files go, their addresses say why and where to go instead
    CUT = "cut"  # the same, and the newest one is made again without what was taken back


def clear_next() -> bool:
    """Clear a published release that holds what was taken back more than a day ago; tell whether there was one."""
    if settings.AFTER_WITHDRAWAL == Policy.KEEP:
        return False
    release = _holding().order_by("published_at").first()
    if release is None:
        return False
    _clear(release)
    return True


def _holding() -> QuerySet[Release]:
    old = Withdrawal.objects.filter(withdrawn_at__lt=timezone.now() - ONE_BATCH)
    held = FrozenClip.objects.filter(edition__release=OuterRef("pk"), clip_id__in=old.values("pk"))
    return Release.objects.filter(Exists(held), state=ReleaseState.PUBLISHED)


@transaction.atomic
def _clear(release: Release) -> None:
    if settings.AFTER_WITHDRAWAL == Policy.CUT and _is_newest(release):
        _cut_again(release)
    why = gettext_noop("People took back recordings that it held.")  # the page that shows it translates it
    publishing.withdraw(number=release.number, because=why)


def _is_newest(release: Release) -> bool:
    """Tell whether no later release has one of its languages, be it published or in the making."""
    languages = release.editions.values("language")
    later = Edition.objects.filter(language__in=languages, release__created_at__gt=release.created_at)
    return not later.exclude(release__state=ReleaseState.WITHDRAWN).exists()


def _cut_again(release: Release) -> None:
    """Plan a release of the same languages and the same day under the next number."""
    editions = list(release.editions.select_related("language").order_by("locale"))
    languages = [each.language for each in editions if snapshot.has_any(each.language, release.cutoff)]
    if not languages:
        return
    kinds = sorted(set(Archive.objects.filter(edition__in=editions).values_list("kind", flat=True)))
    newest = Release.objects.filter(major=release.major).aggregate(newest=Max("minor"))["newest"]
    publishing.draft(
        release.major, newest + 1, release.cutoff, languages, Splitting(editions[0].splitting),
        kinds=kinds, unattended=True,
    )  # fmt: skip
