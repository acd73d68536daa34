"""What templates need to say numbers and to point to other languages of the interface."""

from django import template
from django.conf import settings
from django.template import Context
from django.urls import translate_url
from django.utils.formats import number_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag(takes_context=True)
def interface_languages(context: Context) -> list[dict[str, str]]:
    """Return each language of the interface: code, own name, and the address of this page in it."""
    path = context["request"].get_full_path() if "request" in context else "/"
    return [
        {"code": code, "name": get_language_info(code)["name_local"], "url": translate_url(path, code)}
        for code, _name in settings.LANGUAGES
    ]


@register.filter
def hours(milliseconds: int) -> str:
    """Write a length of time in hours, finer while there are few."""
    value = milliseconds / 3_600_000
    return number_format(value, decimal_pos=0 if value >= 100 else 1 if value >= 10 else 2)


@register.filter
def duration(milliseconds: int) -> str:
    """Write a length of time in the unit that suits it: seconds, minutes or hours."""
    seconds = milliseconds / 1000
    if seconds < 60:
        return _("%(number)s s") % {"number": number_format(round(seconds))}
    if seconds < 3600:
        return _("%(number)s min") % {"number": number_format(round(seconds / 60))}
    return _("%(number)s h") % {"number": hours(milliseconds)}
