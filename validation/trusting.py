"""How probably clips are good, given how far their listeners are trusted since last night; where votes are weighed."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from languages.models import Language
from validation.models import Gold, Reliability, Vote
from validation.options import Choice, Standing
from validation.reliability import probability, trust_of_strangers

Listener = tuple[UUID, int]  # a speaker, and the language that they judge


def posteriors_of(clips: Collection[UUID]) -> dict[UUID, float]:
    """Return the probability of each of the clips that has counted votes and is of a language that weighs them."""
    languages = list(Language.objects.filter(weighs_votes=True).values_list("pk", flat=True))
    if not languages:
        return {}
    rows = Vote.objects.filter(
        clip__in=clips,
        clip__language__in=languages,
        standing=Standing.COUNTS,
        choice__in=[Choice.YES, Choice.NO],
    )
    votes = list(rows.values_list("clip", "speaker", "clip__language", "choice"))
    trust, strangers = (
        _trust({(speaker, language) for _, speaker, language, _ in votes}),
        trust_of_strangers(),
    )
    sums: dict[UUID, float] = defaultdict(float)
    for clip, speaker, language, choice in votes:
        for_yes, for_no = trust.get((speaker, language), strangers)
        sums[clip] += for_yes if choice == Choice.YES else -for_no
    known = dict(Gold.objects.filter(clip__in=sums).values_list("clip", "is_good"))
    return {clip: float(known.get(clip, probability(total))) for clip, total in sums.items()}


def _trust(listeners: set[Listener]) -> dict[Listener, tuple[float, float]]:
    rows = Reliability.objects.filter(
        speaker__in={speaker for speaker, _ in listeners},
        language__in={language for _, language in listeners},
    )
    return {
        (speaker, language): (for_yes, for_no)
        for speaker, language, for_yes, for_no in rows.values_list("speaker", "language", "for_yes", "for_no")
    }
