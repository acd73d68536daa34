"""What a release tells of speakers: only what at least K persons have in common, over all releases together.

Whoever compares releases sees who is new and who stayed, so speakers are counted among those with the same history of
published profiles; newcomers are counted among newcomers. Several voices that are known to be of one person count once.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

K = 5


class Profile(NamedTuple):
    """What is published of a speaker; empty where nothing is given or too few would share it."""

    age: str = ""
    gender: str = ""
    accents: str = ""
    variant: str = ""

    def fields(self) -> dict[str, str]:
        return dict(zip(NAMES, self, strict=True))

    def only(self, *names: str) -> "Profile":
        return Profile(**{name: getattr(self, name) for name in names})


NAMES = ("age", "gender", "accents", "variant")
BLANK = Profile()

# Tried in this order: each step keeps less, the last nothing.
KEPT: tuple[tuple[str, ...], ...] = (
    ("age", "gender", "accents", "variant"),
    ("age", "gender", "variant"),
    ("age", "gender"),
    ("gender",),
    ("age",),
)


_NOBODY: Mapping[str, Hashable] = MappingProxyType({})


@dataclass(frozen=True)
class Told:
    """What releases have told of a speaker: the newest published profile, and a hash of all of them in order."""

    profile: Profile
    history: str


Persons = Mapping[str, Hashable]  # the person of a speaker; one who isn't named is a person of their own


def generalise(given: Mapping[str, Profile], persons: Persons = _NOBODY) -> dict[str, Profile]:
    """Return for each speaker as much of what they gave as at least K persons share; blank where nothing is."""
    published: dict[str, Profile] = {}
    left = dict(given)
    for names in KEPT:
        cut = {speaker: profile.only(*names) for speaker, profile in left.items()}
        sizes = _sizes(cut, persons)
        enough = {speaker: profile for speaker, profile in cut.items() if sizes[profile] >= K}
        published |= enough
        left = {speaker: profile for speaker, profile in left.items() if speaker not in enough}
    return published | dict.fromkeys(left, BLANK)


def _sizes(profiles: Mapping[str, Profile], persons: Persons) -> Counter[Profile]:
    """Return how many persons have each profile."""
    return Counter(profile for profile, _ in {(of, persons.get(who, who)) for who, of in profiles.items()})


def publishable(
    given: Mapping[str, Profile], told: Mapping[str, Told], persons: Persons = _NOBODY
) -> dict[str, Profile]:
    """Return what a release may tell of each speaker (`given`: client_id to profile), after what was `told` before.

    A profile that was told stays as it is while K persons with the same history are left, and is blank afterwards:
    changing it would single out the one who changed.
    """
    groups: dict[str, dict[str, Profile]] = defaultdict(dict)
    for speaker, profile in given.items():
        groups[told[speaker].history if speaker in told else ""][speaker] = profile
    published: dict[str, Profile] = {}
    for members in groups.values():
        published |= _within(members, told, persons)
    return published


def _within(members: Mapping[str, Profile], told: Mapping[str, Told], persons: Persons) -> dict[str, Profile]:
    """Return the profiles of speakers with one history, who were therefore told the same of last."""
    before = next((told[speaker].profile for speaker in members if speaker in told), BLANK)
    if before == BLANK:
        return generalise(members, persons)
    enough = len({persons.get(who, who) for who in members}) >= K
    return dict.fromkeys(members, before if enough else BLANK)


def history(before: str, profile: Profile | None) -> str:
    """Return the hash of a history to which one more release is added: its profile, or None if the speaker isn't in it.

    Who was left out of a release and comes back stands out like a newcomer, so absence counts too.
    """
    return sha256("\0".join([before, *(profile or ("absent",))]).encode()).hexdigest()


def blanked(given: Mapping[str, Profile], published: Mapping[str, Profile]) -> dict[str, int]:
    """Return of how many speakers each field was given but is not published."""
    return {
        name: sum(1 for who in given if getattr(given[who], name) not in ("", getattr(published[who], name)))
        for name in NAMES
    }


def smallest_group(profiles: Iterable[Profile]) -> int | None:
    """Return how many speakers the rarest published profile has; None if nothing is published of anybody."""
    sizes = Counter(profile for profile in profiles if profile != BLANK)
    return min(sizes.values(), default=None)
