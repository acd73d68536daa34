"""What the world may see of releases: one answer for pages and API, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from export import metadata
from export.keys import Kind
from export.models import Archive, Document, Edition, Release
from export.states import ReleaseState


@dataclass(frozen=True)
class Dataset:
    """A language of a release with its archives, the one with MP3s first."""

    edition: Edition
    archives: list[Archive]
    documents: list[Document]

    @property
    def address(self) -> str:
        return f"{settings.SITE_URL}/datasets/{self.edition.release.number}/"

    @property
    def page(self) -> str:
        """The address of the page about it, in the language that the reader prefers."""
        return f"{settings.SITE_URL}/datasets/{self.edition.locale}/{self.edition.release.number}/"

    @property
    def shards(self) -> list[Archive]:
        return [archive for archive in self.archives if archive.kind == Kind.SHARDS]

    @property
    def plots(self) -> list[tuple[str, str]]:
        """The file name of each plot that was drawn, with what it shows."""
        there = {document.name for document in self.documents}
        named = {metadata.plot_name(self.edition.statistics, plot): plot for plot in metadata.PLOTS}
        return [(plot, name) for name, plot in named.items() if name in there]


def releases() -> QuerySet[Release]:
    """Return public releases, newest first, each with its languages and documents."""
    return Release.objects.public().prefetch_related("editions__language", "documents")


def newest_release() -> Release | None:
    """Return the release that was published last."""
    published = Release.objects.filter(state=ReleaseState.PUBLISHED)
    return published.order_by("-published_at").first()


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
    documents = _documents(rows)
    return [
        Dataset(edition, sorted(archives[edition.pk], key=_classic_first), documents[edition.pk])
        for edition in rows
    ]


def _documents(editions: Sequence[Edition]) -> dict[int, list[Document]]:
    """Return the documents of each edition, without their text: its own and those of the whole release."""
    rows = Document.objects.filter(release__in={edition.release_id for edition in editions})
    named = list(rows.defer("text").select_related("release").order_by("name"))
    return {
        edition.pk: [
            document
            for document in named
            if document.release_id == edition.release_id and document.edition_id in (None, edition.pk)
        ]
        for edition in editions
    }


def _classic_first(archive: Archive) -> tuple[bool, str]:
    return archive.kind != "mp3", archive.name


def newest_after(release: Release) -> Release | None:
    """Return the newest published release that has a language in common with this one."""
    languages = release.editions.values("language")
    published = Release.objects.public().filter(
        state=ReleaseState.PUBLISHED, editions__language__in=languages
    )
    return published.first()
