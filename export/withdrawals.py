"""What speakers took back of what releases held: a cumulative, signed list for all who have copies, without a person.

The list follows from the rows of withdrawals and of what releases froze. It is made when it is asked for and there is a
new withdrawal or release; until then it is kept in the cache, so that what was erased a moment ago is on it.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max

from common.signing import Signer
from export import keys
from export.keys import Kind
from export.models import Archive, FrozenClip, Release
from export.states import PUBLIC
from recordings.models import Withdrawal
from voicecollect_data.withdrawals import COLUMNS

LIST, FEED = "withdrawn.tsv", "withdrawn.json"
MEDIA_TYPES = {
    LIST: "text/tab-separated-values; charset=utf-8",
    FEED: "application/feed+json",
    f"{LIST}.minisig": "text/plain; charset=utf-8",
    f"{FEED}.minisig": "text/plain; charset=utf-8",
}


class Withdrawn(NamedTuple):
    """A file that was published and is no longer: its name, its SHA-256, the first release that held it, since when."""

    path: str
    sha256: str
    since: str
    day: date


def document(name: str) -> str:
    """Return one of MEDIA_TYPES as it is now."""
    kept = ":".join(["withdrawn", name, *map(str, _moment())])
    text: str | None = cache.get(kept)
    if text is None:
        text = _made(name)
        cache.set(kept, text)
    return text


def _moment() -> tuple[int, float, int]:
    """Return what changes whenever the list does: rows of both only ever join."""
    rows = Withdrawal.objects.aggregate(count=Count("pk"), newest=Max("withdrawn_at"))
    newest = rows["newest"].timestamp() if rows["newest"] else 0
    return rows["count"], newest, Release.objects.filter(state__in=PUBLIC).count()


def _made(name: str) -> str:
    if name == LIST:
        return _list(withdrawn())
    if name == FEED:
        return _feed(withdrawn())
    signed = name.removesuffix(".minisig")
    return Signer.from_secret(settings.SIGNING_KEY).sign(document(signed).encode(), signed)


def withdrawn() -> list[Withdrawn]:
    """Return each published file of each clip that was taken back, by name; the same clip may have had several."""
    days = dict(Withdrawal.objects.values_list("pk", "withdrawn_at"))
    lossless = set(
        Archive.objects.filter(kind=Kind.FLAC, edition__release__state__in=PUBLIC).values_list(
            "edition", flat=True
        )
    )
    found: dict[tuple[str, str], Withdrawn] = {}
    for row in _held():
        for path, sha256 in _files(row, lossless=row["edition"] in lossless):
            since = f"{row['edition__release__major']}.{row['edition__release__minor']}"
            day = days[row["clip_id"]].astimezone(UTC).date()
            found.setdefault((path, sha256), Withdrawn(path, sha256, since, day))
    return sorted(found.values())


def _held() -> Iterator[dict[str, Any]]:
    """Yield the clips that releases held and people took back, in the order in which they were published."""
    rows = FrozenClip.objects.filter(
        edition__release__state__in=PUBLIC, clip_id__in=Withdrawal.objects.values("clip_id")
    )
    release = [f"edition__release__{name}" for name in ("corpus", "major", "minor")]
    fields = ["clip_id", "edition", "edition__locale", "delivery_sha256", "master_sha256", *release]
    yield from rows.order_by("edition__release__published_at", "clip_id").values(*fields).iterator()


def _files(row: dict[str, Any], *, lossless: bool) -> Iterator[tuple[str, str]]:
    corpus, locale, clip_id = row["edition__release__corpus"], row["edition__locale"], row["clip_id"]
    yield keys.clip_name(corpus, locale, clip_id), row["delivery_sha256"]
    if lossless:
        yield keys.clip_name(corpus, locale, clip_id, "flac"), row["master_sha256"]


def _list(rows: list[Withdrawn]) -> str:
    lines = ["\t".join(COLUMNS), *("\t".join((each.path, each.sha256, each.since)) for each in rows)]
    return "".join(f"{line}\n" for line in lines)


def _feed(rows: list[Withdrawn]) -> str:
    """Return a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) with an item for each day, the newest first."""
    address = f"{settings.SITE_URL}/datasets/"
    by_day = sorted(rows, key=lambda each: each.day, reverse=True)
    items = [_item(address, day, list(of_day)) for day, of_day in groupby(by_day, lambda each: each.day)]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{settings.CORPUS}: recordings that were taken back",
        "home_page_url": address,
        "feed_url": f"{address}{FEED}",
        "language": "en",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=2) + "\n"


def _item(address: str, day: date, rows: list[Withdrawn]) -> dict[str, Any]:
    return {
        "id": f"{address}{LIST}#{day}",
        "url": f"{address}{LIST}",
        "title": f"{len(rows)} files taken back on {day}",
        "content_text": "\n".join(f"{each.path} (since {each.since})" for each in rows),
        "date_published": datetime.combine(day, time(), UTC).isoformat(),
        "_withdrawn": [{"path": each.path, "sha256": each.sha256, "since": each.since} for each in rows],
    }
