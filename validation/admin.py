"""For moderators: what reports hid, clips with their votes, gold, doubts, and how far listeners can be trusted."""

from typing import Any

from django.contrib import admin, messages
from django.core.files.storage import storages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import Refused
from recordings.models import Clip, Signal
from validation import gold, hiding
from validation.models import Doubt, Gold, Hiding, Judgement, Reliability, Report, Transcription, Vote
from validation.options import Decision
from validation.weighing import SIGNAL


class OnlyToLookAt(admin.options.BaseModelAdmin):
    """Rows that come from people and use cases: nobody writes them by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows come from elsewhere."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows go by use cases, which do what belongs to it."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show everything and change nothing."""
        return [*(field.name for field in self.opts.fields), *self.readonly_fields]


def player(clip: Clip | None) -> str:
    """Return a player of the clip's sound, which is fetched when it is started."""
    if clip is None:
        return ""
    return format_html(
        '<audio controls preload="none" src="{}"></audio>', storages["private"].url(clip.delivery_key)
    )


@admin.register(Report)
class ReportAdmin(OnlyToLookAt, admin.ModelAdmin):
    list_display = ["reason", "prompt", "clip_id", "made_at"]
    list_filter = ["reason", "made_at"]
    list_select_related = ["prompt"]
    raw_id_fields = ["speaker", "clip", "prompt"]
    ordering = ["-made_at"]


@admin.register(Hiding)
class HidingAdmin(OnlyToLookAt, admin.ModelAdmin):
    """The queue of what reports hid; what nobody decided about stands first."""

    list_display = ["prompt", "clip_id", "hidden_at", "decision", "decided_by", "decided_at"]
    list_filter = ["decision", "hidden_at"]
    list_select_related = ["prompt", "decided_by"]
    ordering = ["decision", "hidden_at"]
    actions = ["uphold", "dismiss"]
    readonly_fields = ["reasons", "sound"]

    @admin.display(description=_("reasons"))
    def reasons(self, row: Hiding) -> str:
        """Return what people said of it."""
        about = Report.objects.filter(clip=row.clip_id, prompt=row.prompt_id).order_by("pk")
        return " · ".join(about.values_list("reason", flat=True)[:50])

    @admin.display(description=_("sound"))
    def sound(self, row: Hiding) -> str:
        """Let the moderator hear the clip."""
        return player(row.clip)

    @admin.action(description=_("Uphold: it stays hidden"), permissions=["change"])
    def uphold(self, request: HttpRequest, chosen: QuerySet[Hiding]) -> None:
        self._settle(request, chosen, Decision.UPHELD)

    @admin.action(description=_("Dismiss: it comes back"), permissions=["change"])
    def dismiss(self, request: HttpRequest, chosen: QuerySet[Hiding]) -> None:
        self._settle(request, chosen, Decision.DISMISSED)

    def _settle(self, request: HttpRequest, chosen: QuerySet[Hiding], decision: Decision) -> None:
        assert request.user.is_authenticated  # the admin lets nobody else in
        for pk in chosen.values_list("pk", flat=True):
            try:
                hiding.settle(hiding_id=pk, decision=decision, by=request.user)
            except Refused as refusal:
                self.message_user(request, str(refusal.words), messages.WARNING)


class VotesOfClip(OnlyToLookAt, admin.TabularInline):
    model = Vote
    fields = ["speaker", "choice", "reasons", "standing", "served_at", "cast_at"]
    raw_id_fields = ["speaker"]


class JudgementsOfClip(OnlyToLookAt, admin.TabularInline):
    model = Judgement
    fields = ["verdict", "yes_count", "no_count", "rule_version", "made_at"]


@admin.register(Clip)
class ClipAdmin(OnlyToLookAt, admin.ModelAdmin):
    """Clips with what people and the model think of them; decided ones can be made gold."""

    list_display = ["id", "language", "prompt", "state", "yes_count", "no_count", "posterior", "is_gold"]
    list_filter = [
        "state",
        "language",
        ("gold", admin.EmptyFieldListFilter),
        ("doubt", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["language", "prompt", "gold"]
    search_fields = ["=id", "=prompt__id", "=speaker__id"]
    ordering = ["pk"]
    actions = ["make_gold"]
    readonly_fields = ["sound"]
    inlines = [VotesOfClip, JudgementsOfClip]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Add what the model says of each clip."""
        said = Signal.objects.filter(clip=OuterRef("pk"), name=SIGNAL).values("value")
        rows: QuerySet[Any] = super().get_queryset(request).annotate(posterior=Subquery(said[:1]))
        return rows

    @admin.display(description=_("how probably good"), ordering="posterior")
    def posterior(self, row: Any) -> float | None:
        """Return the posterior of last night."""
        value: float | None = row.posterior
        return value

    @admin.display(description=_("gold"), boolean=True)
    def is_gold(self, row: Clip) -> bool:
        """Tell whether the clip's answer is known."""
        return hasattr(row, "gold")

    @admin.display(description=_("sound"))
    def sound(self, row: Clip) -> str:
        """Let the moderator hear the clip."""
        return player(row)

    @admin.action(description=_("Make gold: their answers are known from now on"), permissions=["change"])
    def make_gold(self, request: HttpRequest, chosen: QuerySet[Clip]) -> None:
        """Mark what can be marked, and say of the rest why not."""
        assert request.user.is_authenticated  # the admin lets nobody else in
        count = 0
        for clip in chosen:
            try:
                gold.mark(clip=clip, by=request.user)
            except Refused as refusal:
                self.message_user(request, f"{clip.pk}: {refusal.words}", messages.WARNING)
            else:
                count += 1
        words = ngettext("%(count)d clip is gold.", "%(count)d clips are gold.", count)
        self.message_user(request, words % {"count": count})


@admin.register(Gold)
class GoldAdmin(OnlyToLookAt, admin.ModelAdmin):
    list_display = ["clip_id", "is_good", "marked_by", "marked_at"]
    list_filter = ["is_good", "clip__language"]
    list_select_related = ["marked_by"]
    ordering = ["-marked_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let organisers take a mark away: the clip is then one like any other."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Doubt)
class DoubtAdmin(OnlyToLookAt, admin.ModelAdmin):
    list_display = ["clip_id", "language", "posterior"]
    list_filter = ["language"]
    list_select_related = ["language"]
    ordering = ["posterior"]


@admin.register(Reliability)
class ReliabilityAdmin(OnlyToLookAt, admin.ModelAdmin):
    """Listeners, those that can be trusted least first."""

    list_display = [
        "speaker_id",
        "language",
        "skill",
        "answers",
        "gold_answers",
        "answers_alike",
        "for_yes",
        "for_no",
        "measured_at",
    ]
    list_filter = ["answers_alike", "language"]
    list_select_related = ["language"]
    search_fields = ["=speaker__id"]
    ordering = ["skill"]


@admin.register(Transcription)
class TranscriptionAdmin(OnlyToLookAt, admin.ModelAdmin):
    """What people wrote down of free speech; what nobody reviewed stands first."""

    list_display = ["text", "clip_id", "written_at", "opinion", "reviewed_at"]
    list_filter = ["opinion", "clip__language"]
    search_fields = ["=clip__id"]
    ordering = ["opinion", "written_at"]
    readonly_fields = ["sound"]

    @admin.display(description=_("sound"))
    def sound(self, row: Transcription) -> str:
        """Let the moderator hear the clip."""
        return player(row.clip)
