"""Writing down what the votes on a clip decide."""

from recordings.models import Clip
from recordings.states import ClipState
from validation.models import Judgement
from validation.options import Choice, Standing
from validation.trusting import posteriors_of
from validation.verdict import RULE_VERSION, Verdict, verdict

JUDGED = frozenset({ClipState.OPEN, ClipState.VALID, ClipState.INVALID})


def decide(clip: Clip) -> Verdict:
    """Count the votes of a clip that the caller locked, and keep the counts, the verdict and a row of its history.

    A clip that is hidden or not transcribed keeps its state, whatever the votes say.
    """
    counted = clip.votes.filter(standing=Standing.COUNTS)
    choices = list(counted.values_list("choice", flat=True))
    yes, no = choices.count(Choice.YES), choices.count(Choice.NO)
    posterior = posteriors_of([clip.pk]).get(clip.pk) if clip.language.weighs_votes else None
    result = verdict(yes, no, quorum=clip.language.quorum, posterior=posterior)
    if result != _before(clip):
        Judgement.objects.create(
            clip=clip,
            verdict=result,
            yes_count=yes,
            no_count=no,
            posterior=posterior,
            rule_version=RULE_VERSION,
        )
    if clip.state in JUDGED:
        clip.state = ClipState(result)
    Clip.objects.filter(pk=clip.pk).update(yes_count=yes, no_count=no, state=clip.state)
    return result


def _before(clip: Clip) -> str:
    last = clip.judgements.order_by("-pk").values_list("verdict", flat=True).first()
    return last or (clip.state if clip.state in JUDGED else Verdict.OPEN)
