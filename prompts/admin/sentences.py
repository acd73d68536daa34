"""Sentences in the admin: the queue of those that wait, filters, and decisions about many at once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.errors import Refused
from prompts import moderating
from prompts.models import Prompt
from prompts.states import PromptState


class ReasonForm(ActionForm):
    """What stands beside the choice of an action."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):
    list_display = ["text", "language", "state", "approvals", "rejections", "domain", "source", "clips_count"]
    list_filter = ["state", "language", "licence", "domain", "kind"]
    list_select_related = ["language"]
    search_fields = ["text", "source"]
    ordering = ["state", "-reviewed"]
    raw_id_fields = ["submitter"]
    action_form = ReasonForm
    actions = ["approve", "reject", "retire"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sentences come from people and files, which are cleaned and checked."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Clips stay tied to their sentences: retire them."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Let the domain and the variant be put right, and nothing else."""
        return [field.name for field in Prompt._meta.fields if field.name not in ("domain", "variant")]

    @admin.action(description=_("Approve: it may be read"), permissions=["change"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        self._decide(request, chosen, PromptState.IN_USE)

    @admin.action(description=_("Reject, for the reason beside"), permissions=["change"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        self._decide(request, chosen, PromptState.REJECTED)

    @admin.action(description=_("Retire, for the reason beside"), permissions=["change"])
    def retire(self, request: HttpRequest, chosen: QuerySet[Prompt]) -> None:
        self._decide(request, chosen, PromptState.RETIRED)

    def _decide(self, request: HttpRequest, chosen: QuerySet[Prompt], state: PromptState) -> None:
        assert request.user.is_authenticated  # the admin lets nobody else in
        reason, count = request.POST.get("reason", ""), 0
        for prompt in chosen:
            try:
                moderating.decide(prompt=prompt, state=state, reason=reason, by=request.user)
            except Refused as no:
                self.message_user(request, f"{prompt}: {no.words}", messages.WARNING)
            else:
                count += 1
        if count:
            words = ngettext("%d sentence was decided about.", "%d sentences were decided about.", count)
            self.message_user(request, words % count)
