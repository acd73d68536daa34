"""Building a frozen release: the stages, in order. Any of them may be cut off and done again."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import Refused
from common.signing import Signer
from export import metadata, packing, storing
from export.croissant import File, croissant, datacite
from export.inspecting import DAMAGED, inspect_archive
from export.keys import Kind
from export.models import Archive, Document, Edition, Release
from export.progress import Packed, packed
from export.states import ReleaseState
from voicecollect_data.archive import Deflated, ending

FAULTS_SHOWN = 20
POLL_SECONDS = 0.5  # how often to look whether another process has built its slice

# Is called with how far an archive is
Progress = Callable[[Packed], None]
# Is called with each archive whose slices are ready to be built by other processes too
Announce = Callable[[Archive], None]


@dataclass(frozen=True)
class Order:
    """Which archives to build, and whom to tell."""

    kinds: tuple[Kind, ...] = (Kind.MP3,)
    since: str = (
        ""  # number of the release that deltas start from; by default the one that was published last
    )
    progress: Progress = field(default=lambda packed: None)
    announce: Announce = field(default=lambda archive: None)


def build(release: Release, order: Order) -> None:
    """Take the release through all stages; it is ready afterwards. Raises Refused if something is wrong with it."""
    if release.state == ReleaseState.FROZEN:
        release.move_to(ReleaseState.BUILDING)
    for stage in STAGES:
        stage(release, order)
    release.move_to(ReleaseState.READY)


def draw(release: Release, order: Order) -> None:
    """Draw the plots that archives and pages show, unless they are there."""
    from export.plots import plots  # takes a second and 40 MB, which who doesn't draw should not pay

    for edition in release.editions.order_by("locale"):
        facts = edition.statistics
        names = {plot: metadata.plot_name(facts, plot) for plot in metadata.PLOTS}
        if release.documents.filter(name__in=names.values()).count() < len(names):
            for plot, text in plots(facts).items():
                _document(release, names[plot], "image/svg+xml", text, edition)


def pack(release: Release, order: Order) -> None:
    """Build all slices of all archives, beside any other process that does so, and join them."""
    editions = release.editions.select_related("release", "language")
    kinds = dict.fromkeys([*order.kinds, *([Kind.DELTA] if Kind.MP3 in order.kinds else [])])
    planned = [packing.plan(edition, kind, order.since) for edition in editions for kind in kinds]
    unfinished = [archive for archives in planned for archive in archives if not archive.sha256]
    for archive in unfinished:
        order.announce(archive)
    for archive in unfinished:
        _build_slices(archive, order.progress)
        _join(archive, order.progress)


def describe(release: Release, order: Order) -> None:
    """Write the documents that are published beside the archives."""
    archives = list(Archive.objects.filter(edition__release=release).select_related("edition__release"))
    editions = [edition.statistics for edition in release.editions.order_by("locale")]
    _document(release, f"{release.stem}.json", "application/json", _statistics(editions, archives))
    _document(release, f"{release.stem}.datacite.json", "application/json", datacite(editions))
    for archive in archives:
        if archive.kind == Kind.MP3:
            edition = archive.edition
            facts, name = edition.statistics, f"{release.stem}-{edition.locale}"
            file = File(archive.name, archive.url, archive.bytes, archive.sha256)
            _document(release, f"{name}.md", "text/markdown", metadata.datasheet(facts, Kind.MP3), edition)
            _document(
                release, f"{name}.croissant.json", "application/ld+json", croissant(facts, file), edition
            )


def sign(release: Release, order: Order) -> None:
    """Write the checksums of all archives and documents, and sign them."""
    signer = Signer.from_secret(settings.SIGNING_KEY)
    _document(release, "minisign.pub", "text/plain", signer.public_file())
    sums = _sums(release)
    _document(release, "SHA256SUMS", "text/plain", sums)
    _document(release, "SHA256SUMS.minisig", "text/plain", signer.sign(sums.encode(), release.stem))


def inspect(release: Release, order: Order) -> None:
    """Read every archive as a downloader would; refuse what the linter finds fault with."""
    for archive in Archive.objects.filter(edition__release=release).select_related("edition__release"):
        try:
            found = inspect_archive(archive)
        except DAMAGED as fault:
            raise _broken(archive) from fault
        if found:
            words = _("%(name)s must not be published:\n%(faults)s")
            listed = "\n".join(map(str, found[:FAULTS_SHOWN]))
            raise Refused(words % {"name": archive.name, "faults": listed}, code="faults")


STAGES = (draw, pack, describe, sign, inspect)


def _sums(release: Release) -> str:
    files = dict(Archive.objects.filter(edition__release=release).values_list("name", "sha256"))
    for each in release.documents.exclude(name__startswith="SHA256SUMS"):
        files[each.name] = hashlib.sha256(each.text.encode()).hexdigest()
    return "".join(metadata.checksum(sha256, name) for name, sha256 in sorted(files.items()))


def _document(
    release: Release, name: str, media_type: str, text: str, edition: Edition | None = None
) -> None:
    fields = {"media_type": f"{media_type}; charset=utf-8", "text": text, "edition": edition}
    Document.objects.update_or_create(release=release, name=name, defaults=fields)


def _build_slices(archive: Archive, progress: Progress) -> None:
    while True:
        progress(packed(archive))
        if packing.build_next(archive):
            continue
        if not packing.unbuilt(archive).exists():
            break
        time.sleep(POLL_SECONDS)


def _join(archive: Archive, progress: Progress) -> None:
    """Make one object of the slices, and read it back; what is in it is looked at by `inspect`."""
    slices = list(archive.slices.order_by("number"))
    deflated = [Deflated(each.raw_bytes, each.crc32, each.bytes) for each in slices]
    end = ending(deflated, gzip=archive.kind != Kind.SHARDS)
    parts = [storing.Part(each.bytes, each.etag) for each in slices]
    storing.Joint(archive.key, archive.upload_id).join(parts, end)
    size, sha256 = _stored(archive)
    if size != sum(part.bytes for part in parts) + len(end):
        raise _broken(archive)
    archive.bytes, archive.sha256 = size, sha256
    archive.save(update_fields=["bytes", "sha256"])
    progress(packed(archive))


def _stored(archive: Archive) -> tuple[int, str]:
    """Return the size and SHA-256 of the object as it is read back."""
    size, digest = 0, hashlib.sha256()
    try:
        for chunk in storing.stream("releases", archive.key):
            size += len(chunk)
            digest.update(chunk)
    except FileNotFoundError as fault:
        raise _broken(archive) from fault
    return size, digest.hexdigest()


def _broken(archive: Archive) -> Refused:
    words = _("%(name)s was damaged when it was stored. Look at the disk, then build anew: --restart.")
    return Refused(words % {"name": archive.name}, code="archive-damaged")


def _statistics(editions: list[dict[str, Any]], archives: Iterable[Archive]) -> str:
    files = {each.edition.locale: (each.bytes, each.sha256) for each in archives if each.kind == Kind.MP3}
    return json.dumps(metadata.statistics(editions, files), ensure_ascii=False, indent=2) + "\n"
