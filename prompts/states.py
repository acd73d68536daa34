"""Which state of a prompt may follow which."""

from enum import StrEnum


class PromptState(StrEnum):
    SUBMITTED = "submitted"  # waits for people to approve it
    IN_USE = "in_use"  # can be recorded
    REJECTED = "rejected"
    RETIRED = "retired"  # was in use; its clips stay tied to it


NEXT: dict[PromptState, frozenset[PromptState]] = {
    PromptState.SUBMITTED: frozenset({PromptState.IN_USE, PromptState.REJECTED}),
    PromptState.IN_USE: frozenset({PromptState.RETIRED}),
    PromptState.REJECTED: frozenset({PromptState.SUBMITTED}),
    PromptState.RETIRED: frozenset({PromptState.IN_USE}),
}
