"""What people tell of themselves: all of it optional, kept with each recording as it was said at the time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale
from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.consent import is_minor
from accounts.models import OwnAccent, Speaker
from accounts.options import Age, Gender
from common.errors import Refused
from common.statements import Select, given_number, given_uuid
from languages.models import Accent, Language, Variant
from languages.tags import is_tag, plain

SEPARATOR = "|"  # between several accents, here and in releases
LONGEST = 100
NOT_IN_A_TABLE = re.compile(r'[|"\s\x00-\x1f]+')


@dataclass(frozen=True)
class Speech:
    """How somebody speaks one language: primary keys of what was chosen from its lists, and own words."""

    language: Language
    variant: str = ""
    accents: tuple[str, ...] = ()
    own_words: str = ""


@transaction.atomic
def describe(
    *,
    speaker: Speaker,
    age: str = "",
    gender: str = "",
    first_language: str = "",
    speeches: Iterable[Speech] = (),
    earlier_too: bool = False,
) -> None:
    """Keep what the speaker tells, empty where they tell nothing; languages that aren't named stay as they are.

    It goes with recordings from now on, and with `earlier_too` with those made before. Own words of minors aren't
    kept: they could name somebody. Raises Refused for anything that wasn't offered.
    """
    if age not in ["", *Age.values] or gender not in ["", *Gender.values]:
        raise _not_offered()
    if first_language and not is_tag(first_language):
        raise _not_offered()
    speaker.age, speaker.gender, speaker.first_language = age, gender, first_language
    speaker.save(update_fields=["age", "gender", "first_language"])
    for speech in speeches:
        _describe_speech(speaker, speech)
    if earlier_too:
        for language_id in speaker.recordings.values_list("language_id", flat=True).distinct():
            speaker.recordings.filter(language_id=language_id).update(**of(speaker, language_id))


@transaction.atomic
def forget(*, speaker: Speaker) -> None:
    """Delete all that the speaker told of themselves; recordings keep what was said with them."""
    speaker.age = speaker.gender = speaker.first_language = speaker.board_name = ""
    speaker.on_board = False
    speaker.save(update_fields=["age", "gender", "first_language", "on_board", "board_name"])
    for rows in (speaker.variants, speaker.accents):
        rows.clear()
    speaker.own_accents.all().delete()


def of(speaker: Speaker, language_id: int) -> dict[str, str]:
    """Return what the speaker says of themselves now, as a recording in the language keeps it."""
    said = _speech.all(speaker=speaker.pk, language=language_id)
    return {
        "age": speaker.age,
        "gender": speaker.gender,
        "first_language": speaker.first_language,
        "accents": SEPARATOR.join(sorted(words for kind, words in said if kind == "accent")),
        "variant": SEPARATOR.join(sorted(words for kind, words in said if kind == "variant")),
    }


def _said() -> QuerySet[Any, Any]:
    """Return what a speaker tells of how they speak a language: accents offered and in own words, and variants."""
    of = {"speaker": given_uuid("speaker"), "language": given_number("language")}
    accent, variant = Value("accent", CharField()), Value("variant", CharField())
    offered = Accent.objects.filter(**of).order_by().values_list(accent, "name")
    own = OwnAccent.objects.filter(**of).values_list(accent, "words")
    return offered.union(own, Variant.objects.filter(**of).order_by().values_list(variant, "name"))


_speech = Select(_said, lambda kind, words: (kind, words))


def languages_of(speaker: Speaker, visited: str) -> QuerySet[Language]:
    """Return the languages that the speaker gave to or told something about, and the one that they visited last."""
    own = (
        Q(pk__in=speaker.recordings.values("language"))
        | Q(pk__in=speaker.accents.values("language"))
        | Q(pk__in=speaker.variants.values("language"))
        | Q(pk__in=speaker.own_accents.values("language"))
    )
    found = Language.objects.filter(own | Q(tag=visited, state=Language.State.OPEN))
    return found.prefetch_related("variants", "accents")


@cache
def all_languages(locale: str) -> tuple[tuple[str, str], ...]:
    """Return tag and name of every language that CLDR names, in the language of the interface where it can, by name."""
    names = dict(Locale("en").languages) | dict(Locale.parse(locale, sep="-").languages)
    found = ((tag, name) for tag, name in names.items() if "_" not in tag)
    return tuple(sorted(found, key=lambda pair: plain(pair[1])))


def _describe_speech(speaker: Speaker, speech: Speech) -> None:
    language = speech.language
    variants = [each for each in language.variants.all() if str(each.pk) == speech.variant]
    accents = [each for each in language.accents.all() if str(each.pk) in speech.accents]
    if len(variants) < bool(speech.variant) or len(accents) < len(set(speech.accents)):
        raise _not_offered()
    speaker.variants.remove(*speaker.variants.filter(language=language))
    speaker.variants.add(*variants)
    speaker.accents.remove(*speaker.accents.filter(language=language))
    speaker.accents.add(*accents)
    words = "" if is_minor(speaker) else NOT_IN_A_TABLE.sub(" ", speech.own_words).strip()[:LONGEST]
    if words:
        OwnAccent.objects.update_or_create(speaker=speaker, language=language, defaults={"words": words})
    else:
        OwnAccent.objects.filter(speaker=speaker, language=language).delete()


def _not_offered() -> Refused:
    return Refused(_("Please choose from what is offered."), code="not-offered", status=400)
