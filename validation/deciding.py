"""Writing down what the votes on a clip decide."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Subquery

from common.statements import New, Select, Update, given_number, given_text, given_uuid, whole
from recordings.models import Clip
from recordings.states import ClipState
from validation.models import Gold, Judgement, Vote
from validation.options import Choice, Standing
from validation.trusting import posteriors_of
from validation.verdict import RULE_VERSION, Verdict, verdict

JUDGED = frozenset({ClipState.OPEN, ClipState.VALID, ClipState.INVALID})


class Known(NamedTuple):
    """What is known of a clip that the caller locked."""

    votes: list[Vote]
    verdict: str | None  # the last that was written down
    is_gold: bool


def known_of(clip: Clip) -> Known:
    """Return what is known of a clip, by one statement."""
    rows = _known.all(clip=clip.pk)
    verdict, is_gold, _vote = rows[0]
    return Known([vote for _verdict, _is_gold, vote in rows if vote], verdict, is_gold)


def _row(verdict: str | None, is_gold: bool, *vote: Any) -> tuple[str | None, bool, Vote | None]:
    return verdict, is_gold, _vote(*vote) if vote[0] else None


_vote = whole(Vote)
_known = Select(
    lambda: Clip.objects.filter(pk=given_uuid("clip")).values_list(
        Subquery(Judgement.objects.filter(clip=OuterRef("pk")).order_by("-pk").values("verdict")[:1]),
        Exists(Gold.objects.filter(clip=OuterRef("pk"))),
        *(f"votes__{each.attname}" for each in Vote._meta.concrete_fields),
    ),
    _row,
)


def decide(clip: Clip, known: Known | None = None) -> Verdict:
    """Count the votes of a clip that the caller locked, and keep the counts, the verdict and a row of its history.

    A clip that is hidden or not transcribed keeps its state, whatever the votes say.
    """
    known = known or known_of(clip)
    choices = [vote.choice for vote in known.votes if vote.standing == Standing.COUNTS]
    yes, no = choices.count(Choice.YES), choices.count(Choice.NO)
    posterior = posteriors_of([clip.pk]).get(clip.pk) if clip.language.weighs_votes else None
    result = verdict(yes, no, quorum=clip.language.quorum, posterior=posterior)
    if result != (known.verdict or (clip.state if clip.state in JUDGED else Verdict.OPEN)):
        row = Judgement(
            clip=clip,
            verdict=result,
            yes_count=yes,
            no_count=no,
            posterior=posterior,
            rule_version=RULE_VERSION,
        )
        _history.put(row)
    if clip.state in JUDGED:
        clip.state = ClipState(result)
    _keep.run(clip=clip.pk, yes=yes, no=no, state=clip.state)
    return result


_history = New(Judgement)
_keep = Update(
    lambda: Clip.objects.filter(pk=given_uuid("clip")),
    {"yes_count": given_number("yes"), "no_count": given_number("no"), "state": given_text("state")},
)
