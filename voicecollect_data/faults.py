"""What can be wrong, in words for people."""

from typing import NamedTuple


class Fault(NamedTuple):
    """A file that isn't as it was published, and what is wrong with it."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}."


class Unusable(Exception):  # noqa: N818 -- it says what is wrong with what was given
    """What was asked for can't be done; its text says why."""


class Damaged(Unusable):
    """A file isn't what was published."""

    def __init__(self, file: str, what: str) -> None:
        self.fault = Fault(file, what)
        super().__init__(str(self.fault))
