"""Counts what an edition holds, from its frozen rows; the figures are kept with the edition and shown everywhere."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from export import keys
from export.distributions import distributions
from export.models import Edition, FrozenClip, FrozenReport, FrozenSentence
from export.states import ReleaseState
from export.tables import SPLITS
from prompts.states import PromptState
from validation.verdict import Verdict

TABLES: dict[str, Q] = {
    **{split: Q(split=split) for split in SPLITS},
    "train_all": Q(train_all=True),
    "validated": Q(verdict=Verdict.VALID),
    "invalidated": Q(verdict=Verdict.INVALID),
    "other": Q(verdict=Verdict.OPEN),
}


def facts(edition: Edition, now: datetime) -> dict[str, Any]:
    """Return all figures about an edition that is frozen now, plain enough for JSON."""
    release = edition.release
    every = FrozenClip.objects.filter(edition=edition)
    return {
        "corpus": release.corpus,
        "number": release.number,
        "cutoff": f"{release.cutoff:%Y-%m-%d}",
        "stem": release.stem,
        "site": settings.SITE_URL,
        "locale": edition.locale,
        "language": edition.language.english_name,
        "quorum": edition.quorum,
        "weighed": edition.weighed,
        "splitting": edition.splitting,
        "all": _table(every),
        "tables": {name: _table(every.filter(condition)) for name, condition in TABLES.items()},
        "shares": _shares(every),
        "sentences": _sentences(edition),
        "blanked": edition.blanked,
        "seeds": {split: _seeds(edition, every.filter(split=split)) for split in SPLITS},
        "leaks": _leaks(edition, now),
        "changes": _changes(edition, now),
        "distributions": distributions(edition),
    }


def previous(edition: Edition, moment: datetime) -> Edition | None:
    """Return the same language's edition in the newest release that was published before the moment, if any."""
    editions = Edition.objects.filter(
        language=edition.language_id, release__state=ReleaseState.PUBLISHED, release__published_at__lt=moment
    )
    return editions.select_related("release").order_by("-release__published_at").first()


def _table(clips: QuerySet[FrozenClip]) -> dict[str, int]:
    row = clips.aggregate(
        clips=Count("pk"),
        duration_ms=Sum("duration_ms", default=0),
        speakers=Count("speaker", distinct=True),
        sentences=Count("sentence", distinct=True),
    )
    return {name: int(value) for name, value in row.items()}


def _seeds(edition: Edition, clips: QuerySet[FrozenClip]) -> list[str]:
    """Return names, without suffix, of two clips that stand for all of a split where a reader wants examples."""
    ids = clips.order_by("clip_id").values_list("clip_id", flat=True)[:2]
    return [Path(keys.clip_name(edition.release.corpus, edition.locale, each)).stem for each in ids]


def _shares(clips: QuerySet[FrozenClip]) -> dict[str, dict[str, int]]:
    """Return how many clips there are of each age, gender, accent, variant and domain."""
    columns = {
        "accent": "speaker__accents", "age": "speaker__age", "gender": "speaker__gender",
        "sentence_domain": "sentence__domain", "variant": "speaker__variant",
    }  # fmt: skip
    return {
        name: dict(clips.order_by(column).values_list(column).annotate(Count("pk")))
        for name, column in columns.items()
    }


def _sentences(edition: Edition) -> dict[str, int]:
    approved = Q(status__in=[PromptState.IN_USE, PromptState.RETIRED])
    rows = FrozenSentence.objects.filter(edition=edition)
    return {
        "validated": rows.filter(approved).count(),
        "unvalidated": rows.exclude(approved).count(),
        "reported": FrozenReport.objects.filter(edition=edition).values("sentence").distinct().count(),
    }


def _leaks(edition: Edition, now: datetime) -> dict[str, Any]:
    """Return what should be 0: speakers and sentences in two splits, clips that changed their split since before."""
    placed = FrozenClip.objects.filter(Q(train_all=True) | ~Q(split=""), edition=edition)
    held_out = placed.exclude(split="train").filter(train_all=False)
    trained = placed.filter(train_all=True)
    before = previous(edition, now)
    return {
        "speakers": _in_both(held_out, trained, "speaker") + _in_both_held_out(held_out, "speaker"),
        "sentences": _in_both(held_out, trained, "sentence") + _in_both_held_out(held_out, "sentence"),
        "since": before.release.number if before else "",
        "drift": _drift(placed, before) if before else 0,
    }


def _changes(edition: Edition, now: datetime) -> dict[str, Any]:
    """Return what came and went since the newest published release of the language; nothing if there is none."""
    before = previous(edition, now)
    if before is None:
        return {}
    here, there = FrozenClip.objects.filter(edition=edition), FrozenClip.objects.filter(edition=before)
    then = there.filter(clip_id=OuterRef("clip_id"))
    stayed = here.annotate(then=Subquery(then.values("verdict")[:1])).filter(then__isnull=False)
    both = stayed.count()
    return {
        "since": before.release.number,
        "added": here.count() - both,
        "removed": there.count() - both,
        "judged": stayed.exclude(then=F("verdict")).count(),
        "duration_ms": _length(here) - _length(there),
        "speakers": here.values("speaker").distinct().count() - there.values("speaker").distinct().count(),
    }


def _length(clips: QuerySet[FrozenClip]) -> int:
    return int(clips.aggregate(length=Sum("duration_ms", default=0))["length"])


def _in_both(one: QuerySet[FrozenClip], other: QuerySet[FrozenClip], field: str) -> int:
    shared: int = one.filter(**{f"{field}__in": other.values(field)}).values(field).distinct().count()
    return shared


def _in_both_held_out(held_out: QuerySet[FrozenClip], field: str) -> int:
    return _in_both(held_out.filter(split="dev"), held_out.filter(split="test"), field)


def _drift(placed: QuerySet[FrozenClip], before: Edition) -> int:
    """Return how many clips were in one split and are in another now."""
    then = FrozenClip.objects.filter(edition=before, clip_id=OuterRef("clip_id")).exclude(split="")
    both = (
        placed.exclude(split="").annotate(then=Subquery(then.values("split")[:1])).filter(then__isnull=False)
    )
    return both.exclude(then=F("split")).count()
