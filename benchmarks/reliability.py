"""How well votes find the good clips, counted and weighed, in a simulation that runs the site's own rules day by day.

200 honest listeners are right about 75 to 99 % of clips, each always with the same probability; 50 bots say yes to
everything; nothing is known of anybody at the start. 15 % of the clips are bad. Every day each of them hears ten clips
in sets of five, those nearest to a decision first; one of twenty is gold, half of which is bad. A clip is decided by
the rule the moment a vote comes; every night the model weighs all votes, and decides anew. It goes on until nothing is
left to ask. "Counted" asks until two (three, four) agree; "and second opinions" lets more judge what the model doubts;
"weighed" asks until the model is sure. "Wrong" and "open" are shares of all clips by the rule that the language has,
"model wrong" that of what the model is sure of.

Skills can't be known better than from as many coins as somebody judged clips: the share of listeners whose skill is
recovered within 0.05 stands beside the share that would be if every answer were known.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import show, write
from validation.reliability import (
    GOLD_SHARE,
    SECOND_OPINIONS,
    UNKNOWN,
    Estimate,
    Prior,
    Votes,
    estimate,
    probability,
    trust_of_strangers,
)
from validation.verdict import MOST_VOTES, SURE, Verdict, doubted, most_votes, verdict

HONEST, BOTS, CLIPS, GOLD, BAD = 200, 50, 5000, 400, 0.15
LISTENERS = HONEST + BOTS
A_DAY, A_SET, FEW, DAYS = 10, 5, 0.02, 100
SEEDS = range(1, 4)
Numbers = NDArray[Any]


@dataclass
class World:
    """Clips, gold behind them, and listeners; what these say is drawn from `rng`."""

    seed: int
    quorum: int = 2
    weighed: bool = False
    second_opinions: bool = False
    clips: int = CLIPS
    said: list[tuple[int, int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.truth = np.append(self.rng.random(self.clips) >= BAD, np.arange(GOLD) % 2 == 0)
        self.skill = np.append(self.rng.uniform(0.75, 0.99, HONEST), np.ones(BOTS))
        self.heard = np.zeros((LISTENERS, self.clips + GOLD), bool)
        self.yes, self.no = np.zeros(self.clips, int), np.zeros(self.clips, int)
        self.doubted = np.zeros(self.clips, bool)
        self.log_odds: Numbers = np.zeros(self.clips)
        self.wanted = np.ones(self.clips, bool)
        self.verdicts = np.full(self.clips, Verdict.OPEN, object)
        self.trust = np.tile(trust_of_strangers(), (LISTENERS, 1))
        self.most = most_votes(quorum=self.quorum, weighed=self.weighed)

    def day(self) -> int:
        """Let everybody hear their sets, in any order; return how many clips were heard."""
        before = len(self.said)
        for listener in self.rng.permutation(np.repeat(np.arange(LISTENERS), A_DAY // A_SET)):
            for clip in self.handed_to(listener):
                self.judge(clip, listener)
        return len(self.said) - before

    def handed_to(self, listener: int) -> list[int]:
        """Return a set as the site hands it out: open clips that were heard most, second opinions, and gold."""
        new = ~self.heard[listener]
        opened = np.flatnonzero(self.wanted & new[: self.clips])
        votes = (self.yes + self.no)[opened] + self.rng.random(len(opened))
        chosen = opened[np.argsort(-votes)[:A_SET]]
        room = A_SET - len(chosen)
        doubts = self.some(self.doubted & new[: self.clips], room + self.about(len(chosen), SECOND_OPINIONS))
        asked = min(len(chosen) + len(doubts), A_SET)
        gold = self.some(new[self.clips :], self.about(asked, GOLD_SHARE)) + self.clips
        further = [*gold, *doubts][:A_SET]
        return [*further, *chosen[: A_SET - len(further)]]

    def some(self, which: Numbers, count: int) -> Numbers:
        there = np.flatnonzero(which)
        return self.rng.choice(there, min(count, len(there)), replace=False)

    def about(self, count: int, share: float) -> int:
        return int((self.rng.random(count) < share).sum())

    def judge(self, clip: int, listener: int) -> None:
        """Let somebody judge a clip, and decide about it at once."""
        right = self.rng.random() < self.skill[listener]
        yes = bool(listener >= HONEST or self.truth[clip] == right)
        self.heard[listener, clip] = True
        self.said.append((clip, listener, yes))
        if clip < self.clips:
            for_yes, for_no = self.trust[listener]
            self.yes[clip] += yes
            self.no[clip] += not yes
            self.log_odds[clip] += for_yes if yes else -for_no
            self.decide(clip)

    def decide(self, clip: int) -> None:
        """Write down what the site's rule says, and whether anybody else is to be asked."""
        yes, no = int(self.yes[clip]), int(self.no[clip])
        posterior = probability(self.log_odds[clip])
        now = verdict(yes, no, quorum=self.quorum, posterior=posterior if self.weighed else None)
        self.verdicts[clip] = now
        self.wanted[clip] = now is Verdict.OPEN and yes + no < self.most
        self.doubted[clip] &= yes + no < MOST_VOTES

    def night(self) -> Estimate:
        """Weigh all votes, and decide anew."""
        votes = self.votes()
        found = estimate(votes)
        self.trust = np.stack([found.trust.for_yes, found.trust.for_no], axis=1)
        weights = np.where(
            votes.yes, found.trust.for_yes[votes.listener], -found.trust.for_no[votes.listener]
        )
        self.log_odds = np.bincount(votes.clip, weights, self.clips)[: self.clips]
        for clip in range(self.clips):
            unsure = doubted(found.posterior[clip], int(self.yes[clip] + self.no[clip]))
            self.doubted[clip] = self.second_opinions and unsure and self.verdicts[clip] != Verdict.OPEN
            self.decide(clip)
        return found

    def votes(self) -> Votes:
        """Return all votes so far."""
        clip, listener, yes = zip(*self.said, strict=True)
        known = np.append(np.full(self.clips, UNKNOWN), self.truth[self.clips :]).astype(np.int8)
        return Votes(np.array(clip, np.int32), np.array(listener, np.int32), np.array(yes), known, LISTENERS)


def until_nothing_is_left(world: World) -> Estimate:
    """Go on until nearly nobody finds anything to judge."""
    for _ in range(DAYS):
        heard, found = world.day(), world.night()
        if heard < FEW * LISTENERS * A_DAY:
            return found
    raise AssertionError("it never ends")


def everybody_hears_400(world: World) -> Estimate:
    """Let everybody judge 400 clips, whatever the rule says of these: twenty votes a clip."""
    for listener in range(LISTENERS):
        gold = world.clips + world.rng.choice(GOLD, round(400 * GOLD_SHARE), replace=False)
        for clip in [*world.rng.choice(world.clips, 400, replace=False), *gold]:
            world.judge(clip, listener)
    return world.night()


def percent(which: Numbers) -> float:
    return float(100 * np.mean(which))


def figures(world: World, found: Estimate) -> dict[str, float]:
    """Return how wrong rule and model are, what it took, and how well skills were recovered."""
    truth = np.where(world.truth[: world.clips], Verdict.VALID, Verdict.INVALID)
    posterior = found.posterior[: world.clips]
    model = np.where(posterior >= SURE, Verdict.VALID, Verdict.OPEN)
    model = np.where(posterior <= 1 - SURE, Verdict.INVALID, model)
    votes, by = world.yes + world.no, world.votes().listener
    answers = np.bincount(by, minlength=LISTENERS)[:HONEST]
    skill = world.skill[:HONEST]
    return {
        "votes mean": float(votes.mean()),
        "votes max": float(votes.max()),
        "wrong %": percent((world.verdicts != truth) & (world.verdicts != Verdict.OPEN)),
        "open %": percent(world.verdicts == Verdict.OPEN),
        "model wrong %": percent((model != truth) & (model != Verdict.OPEN)),
        "model open %": percent(model == Verdict.OPEN),
        "answers": float(answers.mean()),
        "skills within 0.05 %": percent(np.abs(found.skill[:HONEST] - skill) <= 0.05),
        "could be %": percent(
            np.array([_within(0.05, each, n) for each, n in zip(skill, answers, strict=True)])
        ),
        "bots found %": percent(found.alike[HONEST:]),
        "honest suspected %": percent(found.alike[:HONEST]),
    }


def _within(error: float, skill: float, answers: int) -> float:
    """Return how probably a share of so many coins lies so near to what they were thrown with."""
    return math.erf(error / math.sqrt(2 * skill * (1 - skill) / answers))


def agreement_with_oracle(world: World) -> float:
    """Return for how many clips in a hundred crowd-kit says the same, from the same votes, without prior and gold."""
    import warnings

    import pandas as pd
    from crowdkit.aggregation import OneCoinDawidSkene

    votes = world.votes()
    nothing_known = Votes(
        votes.clip, votes.listener, votes.yes, np.full_like(votes.known, UNKNOWN), LISTENERS
    )
    ours = estimate(nothing_known, prior=Prior(0, 0), suspected=0, good=None).posterior > 0.5
    frame = pd.DataFrame({"task": votes.clip, "worker": votes.listener, "label": votes.yes.astype(int)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = OneCoinDawidSkene(n_iter=200, tol=1e-9).fit_predict(frame).sort_index()
    return percent(ours[theirs.index] == theirs.to_numpy(bool))


WAYS: dict[str, dict[str, Any]] = {
    "counted": {},
    "counted, three have to agree": {"quorum": 3},
    "counted, four have to agree": {"quorum": 4},
    "counted, and second opinions": {"second_opinions": True},
    "weighed": {"weighed": True},
    "weighed, of 25,000 clips": {"weighed": True, "clips": 5 * CLIPS},
}


def measured(settings: dict[str, Any], go_on: Callable[[World], Estimate]) -> tuple[dict[str, float], float]:
    """Return the mean of the figures over the seeds, and of one of these worlds how far the oracle agrees."""
    rows = []
    for seed in SEEDS:
        world = World(seed, **settings)
        rows.append(figures(world, go_on(world)))
    means = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    print(f"  {settings}: {means}", file=sys.stderr)
    return means, agreement_with_oracle(world)


def main() -> None:
    found = {name: measured(settings, until_nothing_is_left) for name, settings in WAYS.items()}
    found["everybody hears 400"] = measured({}, everybody_hears_400)
    results = {name: row | {"oracle %": agrees} for name, (row, agrees) in found.items()}
    show(("asked", *results["weighed"]), [(name, *row.values()) for name, row in results.items()])
    write("reliability", {"seeds": list(SEEDS), "asked": results})


if __name__ == "__main__":
    main()
