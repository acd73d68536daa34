"""Agreeing: which text is shown, and the append-only record of what was answered."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.ages import ADULT, age_of_consent
from accounts.models import Consent, ConsentText, Speaker
from accounts.options import Method, Purpose
from common.errors import Refused
from common.statements import Select, given_uuid, whole

TEXTS = Path(__file__).parent / "texts"
VERSION = "2"
READING_ONLY = {"1"}  # versions that say nothing of answers in one's own words
FALLBACK = "en"


@cache
def _body(locale: str) -> tuple[str, str]:
    """Return the text's language and the text, in English where there is no translation."""
    path = TEXTS / f"consent-{VERSION}.{locale}.txt"
    if not path.exists():
        return FALLBACK, (TEXTS / f"consent-{VERSION}.{FALLBACK}.txt").read_text(encoding="utf-8")
    return locale, path.read_text(encoding="utf-8")


def current_text(locale: str) -> ConsentText:
    """Return the text in force in the language of the interface, recorded by its hash: another text is another row."""
    shown_in, body = _body(locale)
    digest = hashlib.sha256(body.encode()).hexdigest()
    defaults = {"version": VERSION, "locale": shown_in, "body": body}
    return ConsentText.objects.get_or_create(sha256=digest, defaults=defaults)[0]


def current_texts() -> list[ConsentText]:
    """Return the text in force in every language that it is written in."""
    locales = sorted(path.name.split(".")[1] for path in TEXTS.glob(f"consent-{VERSION}.*.txt"))
    return [current_text(locale) for locale in locales]


def is_current(text: ConsentText) -> bool:
    """Tell whether a text is the one in force in its language."""
    body = _body(text.locale)[1]
    return text.sha256 == hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True)
class Young:
    """What somebody says who isn't 18 yet; the age itself is kept nowhere."""

    age: int
    country: str


@transaction.atomic
def give(
    *,
    speaker: Speaker,
    text: ConsentText,
    purposes: frozenset[Purpose],
    method: Method,
    young: Young | None = None,
) -> Consent:
    """Record what a speaker answered. Raises Refused if not even recording was agreed to.

    A child's answer waits for a guardian, unless one agreed to as much before.
    """
    if Purpose.COLLECT not in purposes:
        raise Refused(
            _("To record, please agree that your recordings are stored and checked."), code="consent-needed"
        )
    yes = dict.fromkeys(map(str, purposes), True)
    return Consent.objects.create(
        speaker=speaker, text=text, method=method, **yes, **_of_age(speaker, young, purposes)
    )


def _of_age(speaker: Speaker, young: Young | None, purposes: frozenset[Purpose]) -> dict[str, Any]:
    """Return what is kept of somebody's age."""
    if young is None or young.age >= ADULT:
        return {}
    is_child = young.age < age_of_consent(young.country)
    return {
        "is_minor": True,
        "country": young.country,
        "needs_guardian": is_child and not _guardian_agreed(speaker, purposes),
    }


def _guardian_agreed(speaker: Speaker, purposes: frozenset[Purpose]) -> bool:
    """Tell whether a guardian's newest answer covers all these purposes."""
    agreed = speaker.consents.filter(method=Method.GUARDIAN).order_by("-id").first()
    return agreed is not None and all(agreed.allows(purpose) for purpose in purposes)


def is_minor(speaker: Speaker) -> bool:
    """Tell whether the speaker's newest answer is that of somebody younger than 18."""
    consent = newest(speaker)
    return consent is not None and consent.is_minor


def adults(speakers: QuerySet[Speaker]) -> QuerySet[Speaker]:
    """Return those of the speakers whose newest answer is not that of a minor."""
    answers = Consent.objects.filter(speaker=OuterRef("pk")).order_by("-id")
    return speakers.annotate(minor=Subquery(answers.values("is_minor")[:1])).filter(minor=False)


def may_publish(speaker: str) -> Subquery:
    """Return whether the newest answer of the speaker in a column lets us publish, as an expression for queries.

    A child's doesn't before a guardian agreed.
    """
    answers = Consent.objects.filter(speaker=OuterRef(speaker)).order_by("-id")
    yes = ExpressionWrapper(Q(publish=True, needs_guardian=False), output_field=BooleanField())
    return Subquery(answers.annotate(yes=yes).values("yes")[:1])


def end(*, speaker: Speaker, text: ConsentText) -> Consent:
    """Record that the speaker agrees to nothing any more; taking back what they recorded is another step."""
    return Consent.objects.create(speaker=speaker, text=text, method=Method.WEB)


def answers(speaker: Speaker) -> QuerySet[Consent]:
    """Return all that the speaker ever answered, newest first, each with its text."""
    return speaker.consents.select_related("text").order_by("-id")


def newest(speaker: Speaker) -> Consent | None:
    """Return the speaker's answer that counts, or None if they never answered."""
    return _newest.first(speaker=speaker.pk)


_newest = Select(
    lambda: Consent.objects.filter(speaker=given_uuid("speaker")).order_by("-id")[:1], whole(Consent)
)


def allows_recording(speaker: Speaker) -> bool:
    """Tell whether the speaker's newest answer lets us keep recordings."""
    consent = newest(speaker)
    return consent is not None and consent.collect


def covers_answers(speaker: Speaker) -> bool:
    """Tell whether the speaker agreed to a text that says what becomes of answers in their own words."""
    consent = newest(speaker)
    return consent is not None and consent.collect and consent.text.version not in READING_ONLY


def vouch(speaker: Speaker, method: Method) -> Consent:
    """Record an agreement that the organisers answer for, by a setting or by proof that they hold."""
    purposes = frozenset({Purpose.COLLECT, Purpose.PUBLISH})
    return give(speaker=speaker, text=current_text(FALLBACK), purposes=purposes, method=method)
