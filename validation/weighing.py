"""Every night, language by language: what the reliability model makes of all votes, and who was heard too little."""

from array import array
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from languages.models import Language
from recordings.models import Clip, Signal
from recordings.states import ClipState
from validation import assigning, behind, reliability
from validation.deciding import JUDGED, decide
from validation.models import Doubt, Gold, Heard, Reliability, Vote, Weighing
from validation.options import Choice, Standing
from validation.reliability import UNKNOWN, Estimate, Votes
from validation.verdict import doubted, verdict

NIGHT = time(3, tzinfo=UTC)
LEASE = timedelta(hours=1)  # after which another worker begins anew
BATCH = 2000
SIGNAL, UNIT = "posterior", "1"
DECIDED = [ClipState.VALID, ClipState.INVALID]


class Read(NamedTuple):
    """The votes of a language, and which clip and listener each number stands for; a clip's id takes 16 bytes."""

    votes: Votes
    clips: bytes
    listeners: list[UUID]


def weigh_next() -> bool:
    """Weigh the votes of one language whose turn it is; tell whether there was any. Cut off, it is done again."""
    now = timezone.now()
    due = (
        Language.objects.filter(Q(weighing__isnull=True) | Q(weighing__due_at__lte=now))
        .order_by("pk")
        .first()
    )
    if due is None:
        return False
    Weighing.objects.get_or_create(language=due, defaults={"due_at": now})
    if Weighing.objects.filter(language=due, due_at__lte=now).update(due_at=now + LEASE):
        weigh(due)
        assigning.forget_old()
        behind.place_late_votes()
        Weighing.objects.filter(language=due).update(due_at=_next_night(timezone.now()))
    return True


def _next_night(now: datetime) -> datetime:
    tonight = datetime.combine(now.date(), NIGHT)
    return tonight if tonight > now else tonight + timedelta(days=1)


def weigh(language: Language) -> None:
    """Write down how far each listener of the language can be trusted, what that says of clips, and who was heard."""
    read = _read(language)
    estimate = reliability.estimate(read.votes)
    _write_reliabilities(language, read, estimate)
    _write_posteriors(language, read, estimate)
    _write_heard(language)


def _read(language: Language) -> Read:
    """Read the votes clip by clip into arrays, 9 bytes each."""
    rows = Vote.objects.filter(
        clip__language=language,
        choice__in=[Choice.YES, Choice.NO],
        standing__in=[Standing.COUNTS, Standing.GOLD],
    ).order_by("clip_id")
    gold = dict(Gold.objects.filter(clip__language=language).values_list("clip", "is_good"))
    numbers: dict[UUID, int] = {}
    clips, known = bytearray(), array("b")
    clip, by, yes = array("i"), array("i"), array("b")
    last = None
    for clip_id, listener, choice in rows.values_list("clip_id", "speaker_id", "choice").iterator(BATCH):
        if clip_id != last:
            last = clip_id
            clips += clip_id.bytes
            known.append(gold.get(clip_id, UNKNOWN))
        clip.append(len(known) - 1)
        by.append(numbers.setdefault(listener, len(numbers)))
        yes.append(choice == Choice.YES)
    votes = Votes(
        np.frombuffer(clip, np.int32), np.frombuffer(by, np.int32), np.frombuffer(yes, np.bool_),
        np.frombuffer(known, np.int8), len(numbers),
    )  # fmt: skip
    return Read(votes, bytes(clips), list(numbers))


@transaction.atomic
def _write_reliabilities(language: Language, read: Read, estimate: Estimate) -> None:
    answers = np.bincount(read.votes.listener, minlength=read.votes.listeners)
    to_gold = read.votes.listener[read.votes.known[read.votes.clip] != UNKNOWN]
    gold_answers = np.bincount(to_gold, minlength=read.votes.listeners)
    trust, skill, alike = estimate.trust, estimate.skill, estimate.alike
    Reliability.objects.filter(language=language).delete()
    for some in _batches(len(read.listeners)):
        Reliability.objects.bulk_create(
            Reliability(
                speaker_id=read.listeners[n], language=language, skill=float(skill[n]),
                answers=int(answers[n]), gold_answers=int(gold_answers[n]), answers_alike=bool(alike[n]),
                for_yes=float(trust.for_yes[n]), for_no=float(trust.for_no[n]),
            )
            for n in some
        )  # fmt: skip


def _write_posteriors(language: Language, read: Read, estimate: Estimate) -> None:
    """Keep each clip's posterior as a signal where it changed, and ask more people about clips that are in doubt."""
    Doubt.objects.filter(language=language).delete()
    for some in _batches(len(estimate.posterior)):
        ids = [UUID(bytes=read.clips[16 * n : 16 * n + 16]) for n in some]
        found = dict(zip(ids, estimate.posterior[some.start : some.stop].round(4).tolist(), strict=True))
        _write_batch(language, found)


@transaction.atomic
def _write_batch(language: Language, found: dict[UUID, float]) -> None:
    there = Clip.objects.filter(pk__in=found).select_for_update()  # may have been taken back meanwhile
    clips = {clip.pk: clip for clip in there.only("state", "yes_count", "no_count", "heard", "language")}
    for clip in clips.values():
        _decide_anew(clip, language, found[clip.pk])
    kept = dict(Signal.objects.filter(clip__in=clips, name=SIGNAL).values_list("clip", "value"))
    Signal.objects.bulk_create(
        [
            Signal(clip_id=pk, name=SIGNAL, value=found[pk], unit=UNIT, version=reliability.VERSION)
            for pk in clips
            if kept.get(pk) != found[pk]
        ],
        update_conflicts=True, unique_fields=["clip", "name"], update_fields=["value", "version"],
    )  # fmt: skip
    Doubt.objects.bulk_create(
        (
            Doubt(clip=clip, language=language, posterior=found[clip.pk])
            for clip in clips.values()
            if clip.state in DECIDED and doubted(found[clip.pk], clip.heard)
        ),
        ignore_conflicts=True,
    )


def _decide_anew(clip: Clip, language: Language, found: float) -> None:
    """Decide about a clip whose votes say otherwise than yesterday, or whose language has another rule since."""
    posterior = found if language.weighs_votes else None
    now = verdict(clip.yes_count, clip.no_count, quorum=language.quorum, posterior=posterior)
    if clip.state in JUDGED and clip.state != now:
        clip.language = language
        decide(clip)


@transaction.atomic
def _write_heard(language: Language) -> None:
    judged = Clip.objects.filter(language=language, state__in=DECIDED)
    by = judged.order_by().values_list("speaker", "recording__variant").annotate(clips=Count("pk"))
    variants: dict[UUID, str] = {}
    speakers: Counter[UUID] = Counter()
    of_variant: Counter[str] = Counter()
    for speaker, variant, clips in by.iterator(BATCH):
        variants[speaker] = variant
        speakers[speaker] += clips
        of_variant[variant] += clips
    Heard.objects.filter(language=language).delete()
    Heard.objects.bulk_create(
        (
            Heard(
                speaker_id=speaker, language=language, clips=clips, of_variant=of_variant[variants[speaker]]
            )
            for speaker, clips in speakers.items()
        ),
        batch_size=BATCH,
    )


def _batches(count: int) -> Iterator[range]:
    return (range(start, min(start + BATCH, count)) for start in range(0, count, BATCH))
