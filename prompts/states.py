"""Which state of a prompt may follow which, and the states of an import."""

from enum import StrEnum


class PromptState(StrEnum):
    SUBMITTED = "submitted"  # waits for people to approve it
    IN_USE = "in_use"  # can be recorded
    REJECTED = "rejected"
    RETIRED = "retired"  # was in use; its clips stay tied to it


NEXT: dict[PromptState, frozenset[PromptState]] = {
    PromptState.SUBMITTED: frozenset({PromptState.IN_USE, PromptState.REJECTED}),
    PromptState.IN_USE: frozenset({PromptState.RETIRED, PromptState.SUBMITTED}),  # back: a review was undone
    PromptState.REJECTED: frozenset({PromptState.SUBMITTED}),
    PromptState.RETIRED: frozenset({PromptState.IN_USE}),
}


class ImportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
