"""How well the reliability model finds out who can be trusted and which clips are good, in a simulation.

200 honest listeners are right about 75 to 99 % of clips, each always with the same probability; 50 bots say yes to
everything. 15 % of 5,000 clips are bad. One of twenty clips that somebody hears is gold, half of these bad. Four ways
of asking: everybody hears 400 of the clips (twenty votes a clip, and the twenty gold answers that find a bot); the
rule alone asks, until two agree; the site asks, which lets up to five judge what the model of the last night doubts;
and the site asks listeners who gave twenty gold answers before. "Plain rule" is the verdict by counting, "model" that
of a posterior beyond 0.95 or below 0.05. Wrong verdicts are shares of all clips, and so are those left open.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import show, write
from validation.reliability import MOST_VOTES, SURE, UNKNOWN, Estimate, Prior, Votes, estimate
from validation.verdict import Verdict, verdict

HONEST, BOTS, CLIPS, GOLD, BAD, GOLD_SHARE = 200, 50, 5000, 200, 0.15, 0.05
HEARS, NIGHTS, SEEDS = 400, 12, range(1, 6)
LISTENERS = HONEST + BOTS
Numbers = NDArray[Any]


@dataclass
class World:
    """Clips, gold behind them, and listeners; what these say is drawn from `rng`."""

    rng: np.random.Generator
    truth: Numbers = field(init=False)
    skill: Numbers = field(init=False)
    parts: list[tuple[Numbers, Numbers, Numbers]] = field(default_factory=list)
    heard: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.truth = np.append(self.rng.random(CLIPS) >= BAD, np.arange(GOLD) % 2 == 0)
        self.skill = self.rng.uniform(0.75, 0.99, HONEST)
        self.heard = np.zeros((CLIPS + GOLD, LISTENERS), bool)

    def ask(self, clips: Numbers, by: Numbers) -> None:
        """Let listeners judge clips, one each, unless they did so before."""
        fresh = ~self.heard[clips, by]
        clips, by = clips[fresh], by[fresh]
        self.heard[clips, by] = True
        right = self.rng.random(len(clips)) < np.append(self.skill, np.ones(BOTS))[by]
        self.parts.append((clips, by, np.where(by < HONEST, right == self.truth[clips], True)))

    def ask_gold(self, by: Numbers) -> None:
        """Let each of these meet a gold clip with the chance that one has."""
        meets = by[self.rng.random(len(by)) < GOLD_SHARE / (1 - GOLD_SHARE)]
        pairs = np.unique(np.stack([CLIPS + self.rng.integers(0, GOLD, len(meets)), meets]), axis=1)
        self.ask(*pairs)

    def votes(self) -> Votes:
        """Return all votes so far."""
        clips, by, yes = (np.concatenate(column) for column in zip(*self.parts, strict=True))
        known = np.append(np.full(CLIPS, UNKNOWN), self.truth[CLIPS:]).astype(np.int8)
        return Votes(clips.astype(np.int32), by.astype(np.int32), yes, known, LISTENERS)


def verdicts(votes: Votes) -> Numbers:
    """Return what the plain rule makes of each clip."""
    yes, no = (np.bincount(votes.clip[votes.yes == said], minlength=CLIPS)[:CLIPS] for said in (True, False))
    return np.array([verdict(int(a), int(b), quorum=2) for a, b in zip(yes, no, strict=True)], dtype=object)


def sure(found: Estimate) -> Numbers:
    """Return what the model makes of each clip."""
    posterior = found.posterior[:CLIPS]
    decided = np.where(posterior >= SURE, Verdict.VALID, Verdict.OPEN)
    return np.where(posterior <= 1 - SURE, Verdict.INVALID, decided)


def everybody_hears_many(world: World) -> None:
    for listener in range(LISTENERS):
        clips = world.rng.choice(CLIPS, HEARS, replace=False)
        gold = CLIPS + world.rng.choice(GOLD, round(HEARS * GOLD_SHARE), replace=False)
        both = np.append(clips, gold)
        world.ask(both, np.full(len(both), listener))


def known_before(world: World) -> None:
    for listener in range(LISTENERS):
        gold = CLIPS + world.rng.choice(GOLD, round(HEARS * GOLD_SHARE), replace=False)
        world.ask(gold, np.full(len(gold), listener))
    asked_by_rule(world, second_opinions=True)


def asked_by_rule(world: World, *, second_opinions: bool) -> None:
    """Ask one listener about each clip that is open, or doubted since last night, until nothing is left to ask."""
    wanted = np.ones(CLIPS, bool)
    for _ in range(NIGHTS):
        by = world.rng.integers(0, LISTENERS, wanted.sum())
        world.ask(np.flatnonzero(wanted), by)
        world.ask_gold(by)
        votes = world.votes()
        posterior = estimate(votes).posterior[:CLIPS]
        doubted = (posterior > 1 - SURE) & (posterior < SURE) & second_opinions
        asked = np.bincount(votes.clip, minlength=CLIPS)[:CLIPS]
        wanted = ((verdicts(votes) == Verdict.OPEN) | doubted) & (asked < MOST_VOTES)


def percent(wrong: Numbers) -> float:
    return float(100 * wrong.mean())


def figures(world: World) -> dict[str, float]:
    """Return how wrong rule and model are, and how well skills were recovered."""
    votes = world.votes()
    found = estimate(votes)
    truth = np.where(world.truth[:CLIPS], Verdict.VALID, Verdict.INVALID)
    row = {"votes a clip": len(votes.clip) / CLIPS}
    for name, said in (("plain rule", verdicts(votes)), ("model", sure(found))):
        row[f"{name} wrong %"] = percent((said != truth) & (said != Verdict.OPEN))
        row[f"{name} open %"] = percent(said == Verdict.OPEN)
    error = np.abs(found.skill[:HONEST] - world.skill)
    return row | {
        "skill error mean": float(error.mean()),
        "skills within 0.05 %": percent(error <= 0.05),
        "bots found %": percent(found.alike[HONEST:]),
    }


def agreement_with_oracle(world: World) -> float:
    """Return for how many clips in a hundred crowd-kit says the same, from the same votes, without prior and gold."""
    import warnings

    import pandas as pd
    from crowdkit.aggregation import OneCoinDawidSkene

    votes = world.votes()
    nothing_known = Votes(
        votes.clip, votes.listener, votes.yes, np.full_like(votes.known, UNKNOWN), LISTENERS
    )
    ours = estimate(nothing_known, prior=Prior(0, 0), good=None).posterior > 0.5
    frame = pd.DataFrame({"task": votes.clip, "worker": votes.listener, "label": votes.yes.astype(int)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = OneCoinDawidSkene(n_iter=200, tol=1e-9).fit_predict(frame).sort_index()
    return percent(ours[theirs.index] == theirs.to_numpy(bool))


WAYS: dict[str, Callable[[World], None]] = {
    "everybody hears 400": everybody_hears_many,
    "the rule asks": lambda world: asked_by_rule(world, second_opinions=False),
    "the site asks": lambda world: asked_by_rule(world, second_opinions=True),
    "the site asks, known": known_before,
}


def main() -> None:
    results: dict[str, dict[str, float]] = {}
    agreement = []
    for name, way in WAYS.items():
        rows = []
        for seed in SEEDS:
            world = World(np.random.default_rng(seed))
            way(world)
            rows.append(figures(world))
            if way is everybody_hears_many:
                agreement.append(agreement_with_oracle(world))
        results[name] = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    columns = list(results["the site asks"])
    show(("asked", *columns), [(name, *row.values()) for name, row in results.items()])
    print(f"agreement with the oracle {min(agreement):.2f} %")
    write("reliability", {"asked": results, "oracle_agreement_percent": min(agreement)})


if __name__ == "__main__":
    main()
