"""Passing over a prompt, so that it isn't handed to the same speaker again."""

from uuid import UUID

from accounts.models import Speaker
from prompts.lookup import prompt_of
from prompts.models import PromptSkip


def skip_prompt(*, prompt_id: UUID, speaker: Speaker) -> None:
    """Remember that the speaker would rather not read the prompt; again changes nothing.

    Raises Refused if there is none.
    """
    PromptSkip.objects.get_or_create(prompt=prompt_of(prompt_id), speaker=speaker)
