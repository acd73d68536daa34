"""Finding the language that an address names."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.statements import Select, given_text, whole
from languages.models import Language, Variant


def language_of(tag: str) -> Language:
    """Return the language of the tag, open or not. Raises Refused (404) if there is none."""
    language = _by_tag.first(tag=tag)
    if language is None:
        raise Refused(_("This language is not collected here."), code="unknown-language", status=404)
    return language


def _language(*columns: Any) -> Language:
    *own, has_variants = columns
    language = _of_columns(*own)
    language.has_variants = has_variants
    return language


_of_columns = whole(Language)
_by_tag = Select(
    lambda: Language.objects.filter(tag=given_text("tag")).values_list(
        *(each.attname for each in Language._meta.concrete_fields),
        Exists(Variant.objects.filter(language=OuterRef("pk"))),
    ),
    _language,
)


def open_language_of(tag: str) -> Language:
    """Return the language of the tag if it takes recordings and votes now. Raises Refused otherwise."""
    language = language_of(tag)
    if language.state != Language.State.OPEN:
        raise Refused(
            _("This language takes no recordings or votes at the moment."), code="not-open", status=409
        )
    return language


def writable_language_of(tag: str) -> Language:
    """Return the language of the tag if sentences are collected in it, as they are before it opens. Raises Refused."""
    language = language_of(tag)
    if language.state == Language.State.PAUSED:
        raise Refused(_("This language takes no sentences at the moment."), code="not-open", status=409)
    return language
