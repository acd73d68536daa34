"""Passing over a prompt, so that it isn't handed to the same speaker again."""

from uuid import UUID

from django.db import transaction

from accounts.models import Speaker
from prompts import reservations
from prompts.lookup import prompt_of
from prompts.models import PromptSkip


@transaction.atomic
def skip_prompt(*, prompt_id: UUID, speaker: Speaker) -> None:
    """Remember that the speaker would rather not read the prompt; again changes nothing.

    Raises Refused if there is none.
    """
    prompt = prompt_of(prompt_id)
    PromptSkip.objects.get_or_create(prompt=prompt, speaker=speaker)
    reservations.end(speaker=speaker, prompts=[prompt.pk])
