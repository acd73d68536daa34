"""When is a clip valid? The one rule, for site and releases."""

from enum import StrEnum

RULE_VERSION = 1  # of the rule below; kept with each verdict


class Verdict(StrEnum):
    OPEN = "open"
    VALID = "valid"
    INVALID = "invalid"


def verdict(yes: int, no: int, *, quorum: int) -> Verdict:
    """Return what the votes so far decide: a side wins with a quorum and a lead; a tie stays open."""
    if yes >= quorum and yes > no:
        return Verdict.VALID
    if no >= quorum and no > yes:
        return Verdict.INVALID
    return Verdict.OPEN
