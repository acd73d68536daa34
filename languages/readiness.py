"""What a language needs before recording opens; its thresholds stand in the admin."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """One thing that is needed: a code of languages/wording.py, how much there is, and how much has to be."""

    code: str
    have: int
    want: int

    @property
    def is_met(self) -> bool:
        return self.have >= self.want


def missing(needs: list[Need]) -> list[Need]:
    """Return what is still needed."""
    return [need for need in needs if not need.is_met]
