"""Languages in the admin: made in a minute, opened once they are ready."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import Refused
from languages.models import Accent, Language, Variant
from languages.wording import NEEDS
from prompts.opening import open_language, readiness_of


class VariantInline(admin.TabularInline):
    model = Variant
    extra = 0


class AccentInline(admin.TabularInline):
    model = Accent
    extra = 0


@admin.register(Language)
class LanguageAdmin(admin.ModelAdmin):
    list_display = ["tag", "english_name", "native_name", "state", "goal_hours", "quorum", "clips_per_prompt"]
    list_filter = ["state"]
    search_fields = ["tag", "english_name", "native_name", "other_names"]
    inlines = [VariantInline, AccentInline]
    readonly_fields = ["state", "readiness"]
    actions = ["open", "pause"]
    fieldsets = [
        (None, {"fields": ["tag", "english_name", "native_name", "other_names", "direction"]}),
        (
            _("Recording"),
            {"fields": ["state", "readiness", "goal_hours", "clips_per_prompt", "audio_limits"]},
        ),
        (_("Before it opens"), {"fields": ["sentences_to_open", "domains_to_open", "reviewers_to_open"]}),
        (_("Votes and reports"), {"fields": ["quorum", "weighs_votes", "reports_to_hide"]}),
    ]

    @admin.display(description=_("what it needs"))
    def readiness(self, language: Language) -> str:
        """Say of each thing how much there is."""
        if not language.tag:  # one that is being made
            return "-"
        needs = [(f"{need.have}/{need.want}", NEEDS[need.code]) for need in readiness_of(language)]
        return format_html_join(", ", "{} {}", needs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Keep the tag of a language as it is: addresses and releases name it."""
        return [*self.readonly_fields, *(["tag"] if obj else [])]

    @admin.action(description=_("Open the chosen languages for recording"), permissions=["change"])
    def open(self, request: HttpRequest, chosen: QuerySet[Language]) -> None:
        count = 0
        for language in chosen:
            try:
                open_language(language=language)
            except Refused as no:
                self.message_user(request, str(no.words), messages.WARNING)
            else:
                self.log_change(request, language, "opened")
                count += 1
        if count:
            words = ngettext("%(count)d language is open.", "%(count)d languages are open.", count)
            self.message_user(request, words % {"count": count})

    @admin.action(description=_("Pause the chosen languages"), permissions=["change"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Language]) -> None:
        for language in chosen:
            self.log_change(request, language, "paused")
        count = chosen.update(state=Language.State.PAUSED)
        words = ngettext("%(count)d language is paused.", "%(count)d languages are paused.", count)
        self.message_user(request, words % {"count": count})
