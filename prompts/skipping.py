"""Passing over a prompt, so that it isn't handed to the same speaker again."""

from accounts.models import Speaker
from prompts.models import Prompt, PromptSkip


def skip_prompt(*, prompt: Prompt, speaker: Speaker) -> None:
    """Remember that the speaker would rather not read the prompt; again changes nothing."""
    PromptSkip.objects.get_or_create(prompt=prompt, speaker=speaker)
