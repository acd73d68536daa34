"""What is new, as Atom: every published release of a language, or of all languages."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from export import catalogue, metadata
from export.catalogue import Dataset
from languages.models import Language

MOST = 50

if TYPE_CHECKING:
    _Feed = Feed[Dataset, Language | None]
else:
    _Feed = Feed


class Datasets(_Feed):
    """The newest releases; the feed's own address names the language, or none."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Language | None:
        locale = kwargs.get("locale")
        return get_object_or_404(Language, tag=locale) if locale else None

    def title(self, language: Language | None) -> str:
        name = f": {language.native_name}" if language else ""
        return f"{settings.CORPUS}{name}"

    def subtitle(self, language: Language | None) -> str:
        return _("Everything that was published, free to use for any purpose (CC0).")

    def link(self, language: Language | None) -> str:
        return f"{settings.SITE_URL}/datasets/" + (f"{language.tag}/" if language else "")

    def items(self, language: Language | None) -> list[Dataset]:
        return catalogue.datasets(locale=language.tag if language else "")[:MOST]

    def item_title(self, item: Dataset) -> str:
        return f"{item.edition.language.native_name} {item.edition.release.number}"

    def item_description(self, item: Dataset) -> str:
        facts = item.edition.statistics
        words = _("%(hours)s hours recorded, %(checked)s hours checked, %(voices)s voices.")
        return words % {
            "hours": metadata.hours(facts["all"]["duration_ms"]),
            "checked": metadata.hours(facts["tables"]["validated"]["duration_ms"]),
            "voices": facts["all"]["speakers"],
        }

    def item_link(self, item: Dataset) -> str:
        return item.page

    def item_guid(self, item: Dataset) -> str:
        return item.page

    def item_pubdate(self, item: Dataset) -> datetime | None:
        return item.edition.release.published_at

    item_updateddate = item_pubdate
