"""When a submitted sentence may be read, and when it is rejected: the one rule."""

from prompts.states import PromptState

ENOUGH = 2  # equal opinions; whichever side has them first decides, and reviewing ends


def outcome(approvals: int, rejections: int) -> PromptState:
    """Return the state that the opinions lead to; with neither side ahead the sentence stays submitted."""
    if approvals >= ENOUGH and approvals > rejections:
        return PromptState.IN_USE
    if rejections >= ENOUGH and rejections > approvals:
        return PromptState.REJECTED
    return PromptState.SUBMITTED
