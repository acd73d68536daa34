"""Reports in the admin, and what several of them have hidden."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from validation import hiding
from validation.models import Hiding, Report
from validation.options import Decision


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ["reason", "prompt", "clip_id", "made_at"]
    list_filter = ["reason"]
    list_select_related = ["prompt"]
    ordering = ["-made_at"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Reports come from people."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Show what was said as it was said."""
        return [field.name for field in Report._meta.fields]


@admin.register(Hiding)
class HidingAdmin(admin.ModelAdmin):
    list_display = ["prompt", "clip_id", "hidden_at", "decision", "decided_by", "decided_at"]
    list_filter = ["decision"]
    list_select_related = ["prompt", "decided_by"]
    ordering = ["decision", "hidden_at"]
    actions = ["uphold", "dismiss"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Things are hidden by reports."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep what was decided."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Decide by the actions, which do what follows."""
        return [field.name for field in Hiding._meta.fields]

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
