"""Writing down what the votes on a clip decide."""

from common.statements import New, Select, Update, given_number, given_text, given_uuid, itself
from recordings.models import Clip
from recordings.states import ClipState
from validation.models import Judgement, Vote
from validation.options import Choice, Standing
from validation.trusting import posteriors_of
from validation.verdict import RULE_VERSION, Verdict, verdict

JUDGED = frozenset({ClipState.OPEN, ClipState.VALID, ClipState.INVALID})


def decide(clip: Clip) -> Verdict:
    """Count the votes of a clip that the caller locked, and keep the counts, the verdict and a row of its history.

    A clip that is hidden or not transcribed keeps its state, whatever the votes say.
    """
    choices = _choices.all(clip=clip.pk)
    yes, no = choices.count(Choice.YES), choices.count(Choice.NO)
    posterior = posteriors_of([clip.pk]).get(clip.pk) if clip.language.weighs_votes else None
    result = verdict(yes, no, quorum=clip.language.quorum, posterior=posterior)
    if result != _before(clip):
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
_choices = Select(
    lambda: Vote.objects.filter(clip=given_uuid("clip"), standing=Standing.COUNTS).values_list("choice"),
    itself,
)
_keep = Update(
    lambda: Clip.objects.filter(pk=given_uuid("clip")),
    {"yes_count": given_number("yes"), "no_count": given_number("no"), "state": given_text("state")},
)


def _before(clip: Clip) -> str:
    last = _last.first(clip=clip.pk)
    return last or (clip.state if clip.state in JUDGED else Verdict.OPEN)


_last = Select(
    lambda: Judgement.objects.filter(clip=given_uuid("clip")).order_by("-pk").values_list("verdict")[:1],
    itself,
)
