"""What became of the sentences that somebody sent."""

from dataclasses import dataclass
from itertools import chain

from accounts.models import Speaker
from accounts.persons import voices_of
from languages.models import Language
from prompts.models import Prompt, PromptQuerySet, SentenceImport
from prompts.options import Flaw, Opinion
from prompts.wording import FILE_FAULTS

NEWEST = 50


@dataclass(frozen=True)
class Own:
    """A sentence with why people rejected it: flaws of the option list, and a moderator's words."""

    prompt: Prompt
    flaws: list[Flaw]

    @property
    def correctable(self) -> bool:
        """Tell whether a corrected version may take its place."""
        return self.prompt.state in ("submitted", "rejected")


def sentences_of(submitter: Speaker, language: Language) -> list[Own]:
    """Return the newest sentences of the submitter's person, but none that they replaced by a corrected version."""
    rows = Prompt.objects.current().filter(submitter__in=voices_of(submitter), language=language)
    newest = rows.order_by("-created_at").prefetch_related("reviews")[:NEWEST]
    return [Own(prompt, flaws_of(prompt)) for prompt in newest]


def flaws_of(prompt: Prompt) -> list[Flaw]:
    """Return what those who rejected the sentence found wrong with it, each once."""
    reviews = [each for each in prompt.reviews.all() if each.opinion == Opinion.REJECT]
    return [Flaw(name) for name in dict.fromkeys(chain.from_iterable(each.flaws for each in reviews))]


def of_person(submitter: Speaker) -> PromptQuerySet:
    """Return the sentences that this person may correct: their own that nobody reads yet."""
    rows = Prompt.objects.current().filter(submitter__in=voices_of(submitter))
    return rows.filter(state__in=["submitted", "rejected"])


@dataclass(frozen=True)
class OwnFile:
    """A file of sentences, with why it could not be taken in, in words, or ""."""

    job: SentenceImport
    fault: str


def files_of(submitter: Speaker, language: Language) -> list[OwnFile]:
    """Return the newest files of sentences that the submitter's person sent."""
    rows = SentenceImport.objects.filter(submitter__in=voices_of(submitter), language=language)
    newest = rows.order_by("-created_at")[:NEWEST]
    return [OwnFile(job, str(FILE_FAULTS.get(job.fault, ""))) for job in newest]
