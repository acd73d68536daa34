"""Which clip next: open ones of others that are new to the listener, those nearest to a decision first."""

import random
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from accounts.models import Speaker
from accounts.persons import voices_of
from languages.models import Language
from prompts.stretches import Stretches
from prompts.walking import Walk
from recordings.models import Clip, ClipQuerySet
from validation.models import ClipSkip, Heard, Vote
from validation.verdict import most_votes

AT_MOST = 50
IN_A_ROW = 3  # of one speaker
LOOK_AT = 4  # times as many clips as asked for are taken of what was met, to have a choice among speakers


class Candidate(NamedTuple):
    """What is chosen by; a whole row of a clip costs ten times as much."""

    pk: UUID
    speaker_id: UUID
    heard: int
    warnings: list[str]


Spoken = TypeVar("Spoken", Clip, Candidate)


def next_clips(*, language: Language, listener: Speaker | None, count: int) -> list[Clip]:
    """Return up to `count` (at most 50) clips, with their prompts, that the listener neither spoke nor answered.

    Clips with more votes come first, but none that was judged as often as an open clip may be.
    """
    count = min(count, AT_MOST)
    met: list[UUID] = []
    for batch in walk(language, listener).batches():
        met += [each.pk for each in batch]
        if len(met) >= count:
            break
    named = Clip.objects.filter(pk__in=met[: count * LOOK_AT]).values_list(
        "pk", "speaker_id", "heard", "warnings"
    )
    chosen = spread(_ordered([Candidate(*row) for row in named], language), count)
    there = Clip.objects.select_related("prompt").in_bulk([each.pk for each in chosen])
    return [there[each.pk] for each in chosen if each.pk in there]


def _ordered(clips: list[Candidate], language: Language) -> list[Candidate]:
    """Return those nearest to a decision first; then such without warnings, of variants and speakers little heard."""
    speakers = {clip.speaker_id for clip in clips}
    rows = Heard.objects.filter(language=language, speaker__in=speakers)
    heard = {row.speaker_id: (row.of_variant.bit_length(), row.clips.bit_length()) for row in rows}
    random.shuffle(clips)  # among equals
    return sorted(
        clips, key=lambda clip: (-clip.heard, bool(clip.warnings), *heard.get(clip.speaker_id, (0, 0)))
    )


def walk(language: Language, listener: Speaker | None) -> Walk:
    """Return the walk through a language's open clips for one listener."""
    voices = sorted(voices_of(listener)) if listener else []
    return Walk(
        rows=with_behind(Clip.objects.open(language), voices),
        level="heard",
        levels=range(most_votes(quorum=language.quorum, weighed=language.weighs_votes) - 1, -1, -1),
        stretches=Stretches(listener, language, f"clips {len(voices)}"),
    )


def with_behind(clips: ClipQuerySet, voices: list[UUID]) -> QuerySet[Any]:
    """Return the clips, each with whether it is `behind` this person: spoken, judged, skipped or reported."""
    # Scalar subqueries: unlike EXISTS they are never answered by hashing all that a person has ever done.
    answered = [model.objects.filter(clip=OuterRef("pk"), speaker__in=voices) for model in (Vote, ClipSkip)]
    judged, skipped = (Subquery(rows.values("pk")[:1]) for rows in answered)
    behind = Q(speaker__in=voices) | Q(judged__isnull=False) | Q(skipped__isnull=False)
    rows = clips.alias(judged=judged, skipped=skipped)
    return rows.annotate(behind=ExpressionWrapper(behind, output_field=BooleanField()))


def spread(clips: list[Spoken], count: int) -> list[Spoken]:
    """Return the first `count` clips, no more than three of one speaker in a row while there are others."""
    chosen: list[Spoken] = []
    left = list(clips)
    while left and len(chosen) < count:
        row = {clip.speaker_id for clip in chosen[-IN_A_ROW:]}
        tired_of = row if len(row) == 1 and len(chosen) >= IN_A_ROW else set()
        pick = next((clip for clip in left if clip.speaker_id not in tired_of), left[0])
        left.remove(pick)
        chosen.append(pick)
    return chosen
