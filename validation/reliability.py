"""How far to trust each listener, and what their votes say of each clip: the one-coin Dawid-Skene model.

A listener is right about any clip with the same probability, their skill. Clips and skills are estimated in turns
(Zhang et al. 2016, https://arxiv.org/abs/1406.3824), the skills with a Beta prior, so that somebody who said little is
neither trusted nor distrusted. Gold clips keep their known answers, and show who answers alike whatever they hear.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

VERSION = 1  # of the model; kept with each posterior
UNKNOWN, BAD, GOOD = -1, 0, 1  # what is known of a clip
ENOUGH = 20  # answers to gold clips before they tell anything of a listener
ALIKE = 0.95  # share of equal answers to gold of both kinds above which a listener's votes say nothing
SURE = 0.95  # a posterior from here on, or up to its complement, needs no further vote
MOST_VOTES = 5  # after which nobody is asked about a clip any more
NOTHING = 0.5  # skill of a coin
NEARLY = 1e-9  # no probability is nearer to 0 or 1

Floats = NDArray[np.float64]


class Prior(NamedTuple):
    """What is thought of listeners before they say anything: as if they had been right and wrong so often."""

    right: float = 8.0
    wrong: float = 2.0


PRIOR = Prior()


@dataclass(frozen=True)
class Votes:
    """Votes as arrays of one length: of which clip, by which listener (both counted from 0), whether it was a yes."""

    clip: NDArray[np.int32]
    listener: NDArray[np.int32]
    yes: NDArray[np.bool_]
    known: NDArray[np.int8]  # one a clip: GOOD or BAD of gold clips, UNKNOWN of all others
    listeners: int


@dataclass(frozen=True)
class Estimate:
    """`posterior` of each clip, the probability that it is good, and `skill` of each listener, that they are right."""

    posterior: Floats
    skill: Floats
    alike: NDArray[np.bool_]  # listeners who answer alike whatever they hear


def estimate(
    votes: Votes,
    *,
    prior: Prior = PRIOR,
    good: float | None = 0.5,
    rounds: int = 200,
    precision: float = 1e-6,
) -> Estimate:
    """Return what the votes say. `good` is the share of clips that is good, or None to estimate that as well.

    Memory: about 60 bytes a vote, whatever the number of rounds.
    """
    alike = _alike(votes)
    posterior = _with_known(votes, _share_of_yes(votes))
    for _ in range(rounds):
        skill = np.where(alike, NOTHING, _skills(votes, posterior, prior))
        before, posterior = posterior, _posteriors(votes, skill, posterior.mean() if good is None else good)
        if np.abs(posterior - before).max(initial=0) < precision:
            break
    return Estimate(posterior, np.where(alike, NOTHING, _skills(votes, posterior, prior)), alike)


def doubted(posterior: float, votes: int) -> bool:
    """Tell whether a clip with this posterior and so many counted votes should be heard by one more person."""
    return votes < MOST_VOTES and 1 - SURE < posterior < SURE


def _alike(votes: Votes) -> NDArray[np.bool_]:
    """Tell of each listener whether they gave one answer to enough gold clips of both kinds."""
    gold = votes.known[votes.clip] != UNKNOWN
    by, yes = votes.listener[gold], votes.yes[gold]
    good = votes.known[votes.clip[gold]] == GOOD
    answers, said_yes, were_good = (
        np.bincount(by, weights, votes.listeners) for weights in (None, yes, good)
    )
    mixed = (were_good >= answers / 4) & (were_good <= answers * 3 / 4)
    equal = np.maximum(said_yes, answers - said_yes)
    return np.asarray((answers >= ENOUGH) & mixed & (equal > ALIKE * answers))


def _share_of_yes(votes: Votes) -> Floats:
    counts = np.bincount(votes.clip, minlength=len(votes.known))
    share = np.bincount(votes.clip, votes.yes, len(votes.known)) / np.maximum(counts, 1)
    return np.where(counts > 0, share, NOTHING)


def _with_known(votes: Votes, posterior: Floats) -> Floats:
    return np.where(votes.known == UNKNOWN, posterior, votes.known)


def _skills(votes: Votes, posterior: Floats, prior: Prior) -> Floats:
    """Return the mean of each listener's Beta distribution, given how often they were right."""
    good = posterior[votes.clip]
    right = np.bincount(votes.listener, np.where(votes.yes, good, 1 - good), votes.listeners)
    answers = np.bincount(votes.listener, minlength=votes.listeners)
    return np.asarray((prior.right + right) / np.maximum(prior.right + prior.wrong + answers, NEARLY))


def _posteriors(votes: Votes, skill: Floats, good: float) -> Floats:
    """Return of each clip how probable it is that it is good, given how often listeners are right."""
    weight = _log_odds(skill)[votes.listener]
    evidence = np.bincount(votes.clip, np.where(votes.yes, weight, -weight), len(votes.known))
    return _with_known(votes, 1 / (1 + np.exp(-np.clip(evidence + _log_odds(np.array(good)), -700, 700))))


def _log_odds(probability: Floats) -> Floats:
    inside = np.clip(probability, NEARLY, 1 - NEARLY)
    return np.log(inside / (1 - inside))
