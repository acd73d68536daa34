"""Nothing is published of a speaker that fewer than five share, in one release or between several."""

import random
from collections import Counter, defaultdict

import pytest

from accounts.options import Age, Gender
from export.anonymity import (
    BLANK,
    K,
    Profile,
    Told,
    blanked,
    generalise,
    history,
    publishable,
    smallest_group,
)


def _group(profile, size, start=0):
    return {f"{profile}-{n}": profile for n in range(start, start + size)}


COMMON = Profile("twenties", "female_feminine", "coast", "north")


@pytest.mark.parametrize(("size", "published"), [(4, BLANK), (5, COMMON), (6, COMMON)])
def test_five_speakers_are_enough_to_publish_what_they_share(size, published):
    assert set(generalise(_group(COMMON, size)).values()) == {published}


def test_a_rare_accent_goes_before_age_and_gender():
    given = (
        _group(COMMON, 5)
        | _group(COMMON._replace(accents="valley"), 3)
        | _group(COMMON._replace(accents="hill"), 2)
    )
    published = Counter(generalise(given).values())
    assert published == {COMMON: 5, COMMON._replace(accents=""): 5}


def test_a_rare_speaker_is_blank():
    given = _group(COMMON, 5) | {"rare": Profile("nineties", "intersex", "", "")}
    assert generalise(given)["rare"] == BLANK


def test_nobody_is_told_of_fewer_than_five_newcomers():
    first = publishable(_group(COMMON, 5), {})
    told = {who: Told(profile, history("", profile)) for who, profile in first.items()}
    second = publishable(_group(COMMON, 6), told)
    newcomer = set(second) - set(first)
    assert [second[who] for who in newcomer] == [BLANK]
    assert {second[who] for who in first} == {COMMON}


def test_a_told_profile_goes_when_fewer_than_five_are_left():
    first = publishable(_group(COMMON, 5), {})
    told = {who: Told(profile, history("", profile)) for who, profile in first.items()}
    assert set(publishable(_group(COMMON, 4), told).values()) == {BLANK}


def test_a_speaker_who_changes_does_not_stand_out():
    first = publishable(_group(COMMON, 5), {})
    told = {who: Told(profile, history("", profile)) for who, profile in first.items()}
    changed = _group(COMMON, 5) | {next(iter(first)): COMMON._replace(age="thirties")}
    assert set(publishable(changed, told).values()) == {COMMON}


def test_many_voices_of_few_persons_are_few():
    voices = _group(COMMON, 9)
    persons = {who: n % 4 for n, who in enumerate(voices)}
    assert set(publishable(voices, {}, persons).values()) == {BLANK}
    persons[next(iter(voices))] = 7  # a fifth person
    first = publishable(voices, {}, persons)
    assert set(first.values()) == {COMMON}
    told = {who: Told(profile, history("", profile)) for who, profile in first.items()}
    assert set(publishable(voices, told, dict.fromkeys(voices, 1)).values()) == {BLANK}


def test_who_comes_back_alone_does_not_stand_out():
    first = publishable(_group(COMMON, 6), {})
    told = {who: Told(profile, history("", profile)) for who, profile in first.items()}
    [absent, *present] = told
    second = publishable(
        _group(COMMON, 6), told | {absent: Told(COMMON, history(told[absent].history, None))}
    )
    assert second == dict.fromkeys(present, COMMON) | {absent: BLANK}


def test_what_was_held_back_is_counted():
    given = _group(COMMON, 5) | {"rare": Profile("nineties", "", "hill", "")}
    assert blanked(given, generalise(given)) == {"age": 1, "gender": 0, "accents": 1, "variant": 0}


def test_a_thousand_rare_profiles_over_three_releases_leave_no_group_below_five():
    dice = random.Random(5)
    values = [
        list(Age.values),
        list(Gender.values),
        [f"accent {n}" for n in range(12)],
        ["", "north", "south"],
    ]
    people = {f"{n:04}": Profile(*map(dice.choice, values)) for n in range(1000)}
    told, seen, before = {}, defaultdict(tuple), {}
    for release in range(3):
        present = {
            who: p for who, p in people.items() if int(who) < 500 + 250 * release and dice.random() > 0.1
        }
        published = publishable(present, told)
        assert set(published) == set(present)
        assert (smallest_group(published.values()) or K) >= K
        for who, profile in published.items():
            seen[who] += (profile,)
            told[who] = Told(profile, history(told[who].history if who in told else "", profile))
        for who in set(told) - set(published):
            told[who] = Told(told[who].profile, history(told[who].history, None))
        _no_difference_singles_out(published, seen)
        _subtract(before, published)
        before = published
    assert smallest_group(published.values()) is not None  # something is still told


def _subtract(before, after):
    """Whatever one release tells that the one before did not, it tells of five alike, be they new or not."""
    news = Counter(
        (before.get(who), told) for who, told in after.items() if told not in (BLANK, before.get(who))
    )
    assert min(news.values(), default=K) >= K


def _no_difference_singles_out(published, seen):
    """Count speakers by all that an observer saw of them; whoever has anything told now shares it with four more."""
    alike = Counter(seen[who] for who in published)
    assert all(alike[seen[who]] >= K for who, profile in published.items() if profile != BLANK)
