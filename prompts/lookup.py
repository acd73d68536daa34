"""Finding the prompt that a request names."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.statements import Select, given_uuid, whole
from languages.models import Language
from prompts.cleaning import key
from prompts.models import Prompt, PromptQuerySet


def _gone() -> Refused:
    return Refused(_("This sentence is no longer here."), code="prompt-gone", status=404)


def prompt_of(prompt_id: UUID) -> Prompt:
    """Return the prompt, in whatever state: takes may arrive late. Raises Refused (404) if there is none."""
    prompt = _by_id.first(prompt=prompt_id)
    if prompt is None:
        raise _gone()
    return prompt


_by_id = Select(lambda: Prompt.objects.filter(pk=given_uuid("prompt")), whole(Prompt))


def prompt_for_client(language: Language, prompt_id: str, text: str) -> Prompt:
    """Return the prompt that an app names by its id or else by its text. Raises Refused (404) if there is none."""
    prompts = Prompt.objects.filter(language=language)
    try:
        found = prompts.filter(pk=UUID(prompt_id)).first()
    except ValueError:
        found = None
    found = found or _by_text(prompts, key(text))
    if found is None:
        raise _gone()
    return found


def _by_text(prompts: PromptQuerySet, text_key: str) -> Prompt | None:
    """Return the prompt with this text; one that was superseded only if there is no other."""
    rows = prompts.filter(text_key=text_key)
    return rows.current().first() or rows.filter(superseded_by__isnull=False).first()
