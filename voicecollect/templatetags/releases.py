"""In which releases clips are, for the pages of those who gave them."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django import template

from export.models import FrozenClip, Release
from recordings.models import Recording

register = template.Library()


@register.simple_tag
def releases_of(recordings: Iterable[Recording]) -> dict[UUID, list[dict[str, str]]]:
    """Return for each of the recordings that is in published releases their numbers and languages, oldest first."""
    whose = {clip.pk: recording.pk for recording in recordings for clip in recording.clips.all()}
    rows = FrozenClip.objects.filter(edition__release__in=Release.objects.public(), clip_id__in=whose)
    named = ("clip_id", "edition__release__major", "edition__release__minor", "edition__locale")
    found: dict[UUID, list[dict[str, str]]] = defaultdict(list)
    for clip, major, minor, locale in rows.order_by(*named[1:]).values_list(*named):
        release = {"number": f"{major}.{minor}", "locale": locale}
        if release not in found[whose[clip]]:
            found[whose[clip]].append(release)
    return dict(found)


@register.filter
def at(found: dict[UUID, list[dict[str, str]]], key: UUID) -> list[dict[str, str]]:
    """Return what was found of one recording, or nothing."""
    return found.get(key, [])
