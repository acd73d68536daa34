"""How far to trust each listener, and what their votes say of each clip: the one-coin Dawid-Skene model.

A listener is right about any clip with the same probability, their skill. Clips and skills are estimated in turns
(Zhang et al. 2016, https://arxiv.org/abs/1406.3824), the skills with a Beta prior, so that somebody who said little is
neither trusted nor distrusted. Some listeners answer alike whatever they hear: how probably somebody is one of these
follows from how much better that explains their answers than listening does. Gold clips keep their known answers.
"""

from dataclasses import dataclass
from math import exp
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

VERSION = 2  # of the model; kept with each posterior
UNKNOWN, BAD, GOOD = -1, 0, 1  # what is known of a clip
GOLD_SHARE = 0.05  # of what a listener hears
SECOND_OPINIONS = 0.2  # of what a listener hears while other clips wait
SUSPECTED = 0.05  # share of listeners who are thought to answer alike, before they say anything
ALIKE = 0.98  # how often those who answer alike give the one answer
NOTHING = 0.5  # skill of a coin
NEARLY = 1e-9  # no probability is nearer to 0 or 1

Floats = NDArray[np.float64]
Numbers = NDArray[np.number[Any]]


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


class Trust(NamedTuple):
    """Of each listener: `skill`, how often they are right; `alike`, how probably they answer alike whatever they hear.

    A yes of theirs adds `for_yes` to a clip's log odds of being good, a no takes `for_no` away.
    """

    skill: Floats
    alike: Floats
    for_yes: Floats
    for_no: Floats


@dataclass(frozen=True)
class Estimate:
    """`posterior` of each clip, the probability that it is good, and how far each listener is trusted."""

    posterior: Floats
    trust: Trust

    @property
    def alike(self) -> NDArray[np.bool_]:
        """Tell of each listener whether they most probably answer alike whatever they hear."""
        return np.asarray(self.trust.alike > NOTHING)

    @property
    def skill(self) -> Floats:
        """Return of each listener how often they are right; who answers alike is a coin."""
        return np.where(self.alike, NOTHING, self.trust.skill)


def estimate(
    votes: Votes,
    *,
    prior: Prior = PRIOR,
    suspected: float = SUSPECTED,
    good: float | None = 0.5,
    rounds: int = 200,
    precision: float = 1e-6,
) -> Estimate:
    """Return what the votes say. `good` is the share of clips that is good, or None to estimate that as well.

    Memory: about 100 bytes a vote, whatever the number of rounds.
    """
    posterior = _with_known(votes, _share_of_yes(votes))
    for _ in range(rounds):
        trust = _trust(votes, posterior, prior, suspected)
        before, posterior = posterior, _posteriors(votes, trust, posterior.mean() if good is None else good)
        if np.abs(posterior - before).max(initial=0) < precision:
            break
    return Estimate(posterior, _trust(votes, posterior, prior, suspected))


def trust_of_strangers() -> tuple[float, float]:
    """Return what a yes and a no of somebody add and take away who never said anything before."""
    nothing = np.zeros(0, np.int32)
    votes = Votes(nothing, nothing, nothing.astype(bool), nothing.astype(np.int8), 1)
    trust = _trust(votes, np.zeros(0), PRIOR, SUSPECTED)
    return float(trust.for_yes[0]), float(trust.for_no[0])


def probability(log_odds: float) -> float:
    """Return the probability with these log odds, as the sum of what votes add and take away."""
    return 1 / (1 + exp(-max(-700.0, min(700.0, log_odds))))


def _share_of_yes(votes: Votes) -> Floats:
    counts = np.bincount(votes.clip, minlength=len(votes.known))
    share = np.bincount(votes.clip, votes.yes, len(votes.known)) / np.maximum(counts, 1)
    return np.where(counts > 0, share, NOTHING)


def _with_known(votes: Votes, posterior: Floats) -> Floats:
    return np.where(votes.known == UNKNOWN, posterior, votes.known)


def _trust(votes: Votes, posterior: Floats, prior: Prior, suspected: float) -> Trust:
    """Return what listeners' answers say of them: how often they are right, and whether they listen."""
    good = posterior[votes.clip]
    right = np.where(votes.yes, good, 1 - good)
    answers, said_yes, were_right = (
        np.bincount(votes.listener, weights, votes.listeners) for weights in (None, votes.yes, right)
    )
    skill = (prior.right + were_right) / np.maximum(prior.right + prior.wrong + answers, NEARLY)
    inside = np.clip(skill, NEARLY, 1 - NEARLY)
    of_vote = inside[votes.listener]
    listening = np.bincount(
        votes.listener, np.log(right * of_vote + (1 - right) * (1 - of_vote)), votes.listeners
    )
    listens, always_yes, always_no = _shares(listening, said_yes, answers - said_yes, suspected)
    for_yes, for_no = (
        np.log(listens * inside + alike) - np.log(listens * (1 - inside) + alike)
        for alike in (
            always_yes * ALIKE + always_no * (1 - ALIKE),
            always_no * ALIKE + always_yes * (1 - ALIKE),
        )
    )
    return Trust(skill, always_yes + always_no, for_yes, for_no)


def _shares(listening: Numbers, yes: Numbers, no: Numbers, suspected: float) -> Floats:
    """Return how probably listeners listen, always say yes, and always say no, from log likelihoods."""
    often, seldom = np.log(ALIKE), np.log(1 - ALIKE)
    with np.errstate(divide="ignore"):  # nobody is suspected: of those there are none
        before = np.log([1 - suspected, suspected / 2, suspected / 2])
    logs = before[:, None] + np.stack([listening, yes * often + no * seldom, no * often + yes * seldom])
    shares = np.exp(logs - logs.max(axis=0))
    return np.asarray(shares / shares.sum(axis=0))


def _posteriors(votes: Votes, trust: Trust, good: float) -> Floats:
    """Return of each clip how probable it is that it is good, given how far listeners are trusted."""
    said = np.where(votes.yes, trust.for_yes[votes.listener], -trust.for_no[votes.listener])
    evidence = np.bincount(votes.clip, said, len(votes.known)) + _log_odds(np.array(good))
    return _with_known(votes, 1 / (1 + np.exp(-np.clip(evidence, -700, 700))))


def _log_odds(probability: Floats) -> Floats:
    inside = np.clip(probability, NEARLY, 1 - NEARLY)
    return np.log(inside / (1 - inside))
