"""What the world may see of releases: one answer for pages and API, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from export.models import Archive, Edition, Release
from export.states import ReleaseState


@dataclass(frozen=True)
class Dataset:
    """A language of a release with its archives, the one with MP3s first."""

    edition: Edition
    archives: list[Archive]

    @property
    def address(self) -> str:
        return f"{settings.SITE_URL}/datasets/{self.edition.release.number}/"


def releases() -> QuerySet[Release]:
    """Return public releases, newest first, each with its languages and documents."""
    return Release.objects.public().prefetch_related("editions__language", "documents")


def datasets(*, locale: str = "", release: Release | None = None) -> list[Dataset]:
    """Return what can be downloaded, newest first: of one language, of one release, or all."""
    editions = Edition.objects.filter(release__state=ReleaseState.PUBLISHED).select_related(
        "release", "language"
    )
    editions = editions.filter(locale=locale) if locale else editions
    editions = editions.filter(release=release) if release else editions
    rows = list(editions.order_by("-release__published_at", "-release_id", "locale"))
    archives: dict[int, list[Archive]] = defaultdict(list)
    for archive in (
        Archive.objects.filter(edition__in=rows).select_related("edition__release").order_by("-kind")
    ):
        archives[archive.edition_id].append(archive)
    return [Dataset(edition, sorted(archives[edition.pk], key=_classic_first)) for edition in rows]


def _classic_first(archive: Archive) -> tuple[bool, str]:
    return archive.kind != "mp3", archive.name


def newest_after(release: Release) -> Release | None:
    """Return the newest published release that has a language in common with this one."""
    languages = release.editions.values("language")
    published = Release.objects.public().filter(
        state=ReleaseState.PUBLISHED, editions__language__in=languages
    )
    return published.first()
