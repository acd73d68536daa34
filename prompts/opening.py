"""Opening a language for recording: what it needs, and saying yes only once it is there."""

from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from languages.models import Language
from languages.readiness import Need, missing
from languages.wording import NEEDS
from prompts.models import Prompt, Review


def readiness_of(language: Language) -> list[Need]:
    """Return what the language needs with how much of it is there; nothing is counted beyond what is wanted."""
    in_use = Prompt.objects.in_use(language)
    sentences = in_use[: language.sentences_to_open].count()
    domains = in_use.exclude(domain="").order_by().values("domain").distinct()
    reviewers = (
        Review.objects.filter(prompt__language=language).order_by().values("speaker__person").distinct()
    )
    return [
        Need("sentences", sentences, language.sentences_to_open),
        Need("domains", domains[: language.domains_to_open].count(), language.domains_to_open),
        Need("reviewers", reviewers[: language.reviewers_to_open].count(), language.reviewers_to_open),
    ]


def open_language(*, language: Language) -> None:
    """Let people record in the language. Raises Refused, with what is missing, while it isn't ready."""
    if lacking := missing(readiness_of(language)):
        listed = "; ".join(f"{need.have}/{need.want} {NEEDS[need.code]}" for need in lacking)
        words = _("%(name)s is not ready: %(missing)s. Lower its thresholds to open it all the same.")
        raise Refused(words % {"name": language, "missing": listed}, code="not-ready")
    Language.objects.filter(pk=language.pk).update(state=Language.State.OPEN)
