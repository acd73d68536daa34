"""Every kind of damage that can be told from rows and objects: what is apart, missing, damaged or left over."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.db.models import Count, F, Q
from django.utils import timezone

from common.storage import StoredObject
from operations import reading, wanted
from operations.wanted import Wanted, of_part
from prompts.models import Prompt
from recordings.models import Clip, Recording, SessionLine, Withdrawal
from recordings.states import RecordingState
from validation.deciding import JUDGED
from validation.models import Vote
from validation.options import Choice, Standing
from validation.trusting import posteriors_of
from validation.verdict import verdict

STUCK_AFTER = timedelta(hours=1)  # beyond the lease; the sweep comes every few seconds
UNCOUNTED = [RecordingState.REFUSED, RecordingState.WITHDRAWN]


class Kind(StrEnum):
    """What is wrong, as fsck prints it."""

    ORIGINAL_MISSING = "original-missing"
    ORIGINAL_DAMAGED = "original-damaged"
    ORIGINAL_ORPHANED = "original-orphaned"
    MASTER_MISSING = "master-missing"
    MASTER_DAMAGED = "master-damaged"
    DELIVERY_MISSING = "delivery-missing"
    DELIVERY_DAMAGED = "delivery-damaged"
    CLIP_ORPHANED = "clip-orphaned"
    READING_MISSING = "reading-missing"
    READING_DAMAGED = "reading-damaged"
    READING_ORPHANED = "reading-orphaned"
    LEFTOVER = "leftover"
    ARCHIVE_MISSING = "archive-missing"
    ARCHIVE_DAMAGED = "archive-damaged"
    LEASE_STUCK = "lease-stuck"
    CLIPLESS = "clipless"
    VOTES_APART = "votes-apart"
    PROMPT_APART = "prompt-apart"
    WITHDRAWN_KEPT = "withdrawn-kept"


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong: with a row by its id, or with an object by its key."""

    kind: Kind
    subject: str


@dataclass(frozen=True)
class Depth:
    """How closely to look: `read` compares every byte; what is younger than `grace` may still be in the making."""

    read: bool = False
    grace: timedelta = timedelta(days=1)


def in_part(part: str, listed: dict[str, StoredObject], depth: Depth) -> Iterator[Damage]:
    """Yield the damage of one part, given the objects that are listed below its prefixes."""
    erased = wanted.being_erased()
    needed = [*wanted.originals(part), *wanted.clips(part), *wanted.readings(part)]
    yield from of_objects(needed, listed, depth)
    before = timezone.now() - depth.grace
    old = [key for key, each in listed.items() if each.modified < before and key.split("/")[2] not in erased]
    yield from _orphans(part, needed, old)
    yield from _of_recordings(part)
    yield from _of_clips(part)
    yield from (Damage(Kind.PROMPT_APART, str(prompt_id)) for prompt_id in prompts_apart(of_part("id", part)))


def of_objects(needed: Iterable[Wanted], listed: dict[str, StoredObject], depth: Depth) -> Iterator[Damage]:
    """Yield what is missing or damaged."""
    for want in needed:
        there = listed.get(want.key)
        if there is None:
            yield Damage(Kind(f"{want.what}-missing"), want.row_id)
        elif there.size != want.size or (depth.read and reading.sha256_of(want) != want.sha256):
            yield Damage(Kind(f"{want.what}-damaged"), want.row_id)


def _orphans(part: str, needed: list[Wanted], old: list[str]) -> Iterator[Damage]:
    """Yield keys that nothing wants. Files of an earlier version of a clip that is there stay."""
    keys = {want.key for want in needed}
    kept = {want.row_id for want in needed} | set(map(str, wanted.frozen_clips(part)))
    for key in old:
        folder, _byte, row_id, *_rest = key.split("/")
        if folder == "originals" and key not in keys:
            yield Damage(Kind.ORIGINAL_ORPHANED, key)
        elif folder == "clips" and row_id not in kept:
            yield Damage(Kind.CLIP_ORPHANED, key)
        elif folder == "readings" and key not in keys:
            yield Damage(Kind.READING_ORPHANED, key)


def _of_recordings(part: str) -> Iterator[Damage]:
    rows = Recording.objects.filter(of_part("id", part))
    stuck = rows.filter(state=RecordingState.PROCESSING, lease_until__lt=timezone.now() - STUCK_AFTER)
    clipless = rows.filter(state=RecordingState.PROCESSED, clips__isnull=True)
    for kind, found in {Kind.LEASE_STUCK: stuck, Kind.CLIPLESS: clipless}.items():
        yield from (Damage(kind, str(row_id)) for row_id in found.values_list("id", flat=True))


def _of_clips(part: str) -> Iterator[Damage]:
    rows = Clip.objects.filter(of_part("id", part))
    withdrawn = set(Withdrawal.objects.filter(of_part("clip_id", part)).values_list("clip_id", flat=True))
    yield from (Damage(Kind.VOTES_APART, str(row_id)) for row_id in votes_apart(of_part("id", part)))
    for row_id in rows.filter(pk__in=withdrawn).values_list("id", flat=True) if withdrawn else []:
        yield Damage(Kind.WITHDRAWN_KEPT, str(row_id))


def votes_apart(which: Q) -> list[UUID]:
    """Return those of the clips whose counts or verdict are not what their votes say."""
    fields = ["id", "yes_count", "no_count", "state", "language__quorum"]
    rows = list(Clip.objects.filter(which).values_list(*fields))
    counting = Vote.objects.filter(standing=Standing.COUNTS)
    votes = counting.filter(clip__in=Clip.objects.filter(which)).values("clip_id")
    counted = votes.annotate(
        yes=Count("pk", filter=Q(choice=Choice.YES)), no=Count("pk", filter=Q(choice=Choice.NO))
    )
    facts = {row["clip_id"]: (row["yes"], row["no"]) for row in counted}
    posteriors = posteriors_of([row[0] for row in rows])
    return [row[0] for row in rows if not _fits(row, facts.get(row[0], (0, 0)), posteriors.get(row[0]))]


def _fits(row: tuple[Any, ...], facts: tuple[int, int], posterior: float | None) -> bool:
    _row_id, yes, no, state, quorum = row
    decided = verdict(yes, no, quorum=quorum, posterior=posterior)
    return (yes, no) == facts and (state not in JUDGED or state == decided)


def prompts_apart(which: Q) -> list[UUID]:
    """Return those of the prompts whose counts of recordings are not what the rows say."""
    facts = prompt_counts(which)
    rows = Prompt.objects.filter(which).values_list("id", "clips_count")
    return [row_id for row_id, count in rows if count != facts[row_id]]


def prompt_counts(which: Q) -> dict[UUID, int]:
    """Return for each prompt how many recordings were read of it."""
    prompts = Prompt.objects.filter(which)
    counted = Recording.objects.exclude(state__in=UNCOUNTED)
    read: Counter[UUID] = Counter()
    for rows in (
        counted.filter(prompt__in=prompts).values_list("prompt_id").annotate(Count("pk")),
        SessionLine.objects.filter(recording__in=counted, prompt__in=prompts)
        .exclude(prompt=F("recording__prompt"))
        .values_list("prompt_id")
        .annotate(Count("recording", distinct=True)),
    ):
        read.update(dict(rows))
    return {row_id: read[row_id] for row_id in prompts.values_list("id", flat=True)}


def of_archives(depth: Depth) -> Iterator[Damage]:
    """Yield published files that are missing or damaged."""
    listed = {each.key: each for each in storages["releases"].objects("datasets/")}  # type: ignore[attr-defined]
    return of_objects(wanted.archives(), listed, depth)


def leftovers(depth: Depth) -> Iterator[Damage]:
    """Yield what was being written when its writer died."""
    before = timezone.now() - depth.grace
    found = storages["private"].leftovers()  # type: ignore[attr-defined]
    return (Damage(Kind.LEFTOVER, each.key) for each in found if each.modified < before)
