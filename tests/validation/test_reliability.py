"""The reliability model, against an oracle and against what is known."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import OneCoinDawidSkene

from validation.reliability import BAD, GOOD, UNKNOWN, Prior, Votes, estimate, trust_of_strangers

ROUNDS = 30
NO_PRIOR = Prior(0, 0)


def votes_of(truth, skills, votes_a_clip, seed=1, known=None, always_yes=0):
    """Return votes of listeners with these skills, and of bots behind them, on clips of which `truth` is known here."""
    rng = np.random.default_rng(seed)
    listeners = len(skills) + always_yes
    by = np.concatenate([rng.choice(listeners, votes_a_clip, replace=False) for _ in truth]).astype(np.int32)
    clip = np.repeat(np.arange(len(truth), dtype=np.int32), votes_a_clip)
    right = rng.random(len(clip)) < np.append(skills, np.ones(always_yes))[by]
    yes = np.where(by < len(skills), right == truth[clip], True)
    unknown = np.full(len(truth), UNKNOWN, np.int8)
    return Votes(clip, by, yes, unknown if known is None else known, listeners)


def some_truth(count, share=0.8, seed=2):
    return np.random.default_rng(seed).random(count) < share


def oracle(votes):
    frame = pd.DataFrame({"task": votes.clip, "worker": votes.listener, "label": votes.yes.astype(int)})
    return OneCoinDawidSkene(n_iter=ROUNDS, tol=float("-inf")).fit(frame)


@pytest.mark.filterwarnings("ignore:The (inplace|copy) keyword")  # within the oracle
@pytest.mark.parametrize("seed", [3, 4])
def test_without_a_prior_it_says_what_the_oracle_says(seed):
    votes = votes_of(some_truth(300), np.linspace(0.6, 0.98, 20), 5, seed=seed)
    theirs = oracle(votes)
    ours = estimate(votes, prior=NO_PRIOR, suspected=0, good=None, rounds=ROUNDS, precision=0)
    assert ours.posterior == pytest.approx(theirs.probas_.sort_index()[1].to_numpy(), abs=1e-6)
    assert ours.skill == pytest.approx(theirs.skills_.sort_index().to_numpy(), abs=1e-6)


def test_skills_are_recovered():
    skills = np.linspace(0.7, 0.98, 20)
    found = estimate(votes_of(some_truth(2000), skills, 10)).skill
    assert np.abs(found - skills).max() < 0.05


def test_who_said_nothing_is_as_good_as_the_prior():
    nothing = np.array([], np.int32)
    found = estimate(Votes(nothing, nothing, nothing.astype(bool), np.full(2, UNKNOWN, np.int8), 3))
    assert found.skill == pytest.approx([0.8] * 3)
    assert found.posterior == pytest.approx([0.5] * 2)


def test_two_good_listeners_make_one_sure_and_two_who_differ_do_not():
    clip, by = np.array([0, 0, 1, 1], np.int32), np.array([0, 1, 0, 1], np.int32)
    votes = Votes(clip, by, np.array([True, True, True, False]), np.full(2, UNKNOWN, np.int8), 2)
    sure, torn = estimate(votes).posterior
    assert sure > 0.9
    assert torn == pytest.approx(0.5, abs=0.1)


def test_a_gold_clip_keeps_its_answer_whatever_is_said():
    by = np.arange(5, dtype=np.int32)
    votes = Votes(np.zeros(5, np.int32), by, np.ones(5, bool), np.array([BAD], np.int8), 5)
    found = estimate(votes)
    assert found.posterior == [0]
    assert (found.skill < 0.8).all()


def test_who_says_yes_to_everything_says_nothing():
    truth = some_truth(1000)
    known = np.full(len(truth), UNKNOWN, np.int8)
    for value, kind in ((True, GOOD), (False, BAD)):
        known[np.flatnonzero(truth == value)[:100]] = kind
    votes = votes_of(truth, np.full(40, 0.9), 10, known=known, always_yes=10)
    found = estimate(votes)
    assert found.alike.tolist() == [False] * 40 + [True] * 10
    assert found.skill[40:].tolist() == [0.5] * 10


@pytest.mark.parametrize("says_yes", [True, False])
def test_who_answers_alike_is_found_without_gold_and_only_that_answer_of_theirs_weighs_nothing(says_yes):
    votes = votes_of(some_truth(400, share=0.6), np.full(40, 0.9), 8, always_yes=10)
    found = estimate(votes if says_yes else replace(votes, yes=~votes.yes))
    assert found.alike.tolist() == [False] * 40 + [True] * 10
    usual, seldom = found.trust.for_yes[40:], found.trust.for_no[40:]
    assert np.abs(usual if says_yes else seldom).max() < 0.1


def test_a_few_equal_answers_tell_nothing_yet():
    votes = votes_of(some_truth(300), np.full(30, 0.9), 5)
    few = np.arange(8, dtype=np.int32)
    good = np.flatnonzero(some_truth(300))[:8].astype(np.int32)
    more = Votes(
        np.append(votes.clip, good), np.append(votes.listener, np.full_like(few, 30)),
        np.append(votes.yes, np.ones(8, bool)), votes.known, 31,
    )  # fmt: skip
    assert not estimate(more).alike.any()


def test_votes_of_strangers_weigh_as_much_as_the_prior_says_less_a_suspicion():
    for_yes, for_no = trust_of_strangers()
    assert for_yes == for_no == pytest.approx(np.log(0.8 / 0.2), abs=0.1)


def test_a_million_votes_need_little_memory():
    rng = np.random.default_rng(5)
    count, clips, listeners = 1_000_000, 300_000, 10_000
    clip = rng.integers(0, clips, count, np.int32)
    by = rng.integers(0, listeners, count, np.int32)
    votes = Votes(clip, by, rng.random(count) < 0.8, np.full(clips, UNKNOWN, np.int8), listeners)
    tracemalloc.start()
    estimate(votes, rounds=3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150 * 1024**2
