"""Recordings in the admin: to look at, and to let go on what was set aside."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import Refused
from recordings.models import Recording, StaleTransition, Withdrawal
from recordings.quarantine import try_again


@admin.register(Recording)
class RecordingAdmin(admin.ModelAdmin):
    list_display = ["id", "language", "state", "refusal", "attempts", "received_at", "size", "container"]
    list_filter = ["state", "refusal", "language"]
    list_select_related = ["language"]
    ordering = ["-received_at"]
    show_full_result_count = False
    actions = ["let_go_on"]

    @admin.action(description=_("Try the chosen recordings again"), permissions=["change"])
    def let_go_on(self, request: HttpRequest, chosen: QuerySet[Recording]) -> None:
        """Make those that were set aside due again, and say how many could be."""
        count = 0
        for recording in chosen.filter(state="quarantined").select_related("speaker"):
            try:
                try_again(recording)
            except (Refused, StaleTransition) as no:
                self.message_user(request, f"{recording.pk}: {getattr(no, 'words', no)}", messages.WARNING)
            else:
                count += 1
        words = ngettext(
            "%(count)d recording is tried again.", "%(count)d recordings are tried again.", count
        )
        self.message_user(request, words % {"count": count})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Recordings come from people."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Recordings go by withdrawal, which leaves nothing behind and lists them."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Show everything and change nothing: states are moved by use cases alone."""
        return [field.name for field in Recording._meta.fields]


@admin.register(Withdrawal)
class WithdrawalAdmin(admin.ModelAdmin):
    list_display = ["clip_id", "locale", "withdrawn_at"]
    list_filter = ["locale"]
    ordering = ["-withdrawn_at"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Clips get onto the list by being taken back."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list is kept as it is."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list is kept for ever."""
        return False
