"""When is a clip valid? The one rule, for site and releases; and which clips are worth one more vote."""

from enum import StrEnum

RULE_VERSION = 2  # of the rule below; kept with each verdict
SURE = 0.97  # a probability from here on, or up to its complement, needs no further vote
MOST_VOTES = 7  # after which nobody is asked what the model is not sure of


class Verdict(StrEnum):
    OPEN = "open"
    VALID = "valid"
    INVALID = "invalid"


def verdict(yes: int, no: int, *, quorum: int, posterior: float | None = None) -> Verdict:
    """Return what the votes so far decide: a side wins with a quorum and a lead; a tie stays open.

    Where votes are weighed, `posterior` is how probably the clip is good: a side wins with a quorum and certainty.
    """
    for_it, against_it = (
        (yes > no, no > yes) if posterior is None else (posterior >= SURE, posterior <= 1 - SURE)
    )
    if yes >= quorum and for_it:
        return Verdict.VALID
    if no >= quorum and against_it:
        return Verdict.INVALID
    return Verdict.OPEN


def most_votes(*, quorum: int, weighed: bool) -> int:
    """Return after how many votes nobody is asked about an open clip any more: people don't agree about it."""
    return max(MOST_VOTES, 2 * quorum + 1) if weighed else 2 * quorum + 1


def doubted(posterior: float, votes: int) -> bool:
    """Tell whether a clip with this posterior and so many counted votes should be heard by one more person."""
    return votes < MOST_VOTES and 1 - SURE < posterior < SURE
