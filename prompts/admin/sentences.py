"""Sentences in the admin: the queue of those that wait, filters, and decisions about many at once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from common.errors import Refused
from prompts import moderating
from prompts.models import Prompt
from prompts.states import PromptState


class ReasonForm(ActionForm):
    """What stands beside the choice of an action."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)


class PromptForm(forms.ModelForm):
    """A sentence with room for a corrected version, which takes its place."""

    user: User  # who corrects; of the class that a request makes
    corrected = forms.CharField(
        label=_("Corrected text"), required=False, help_text=_("A new sentence takes the place of this one.")
    )

    def clean(self) -> dict[str, Any]:
        """Put the corrected version in place, so that what it refuses is said beside the form."""
        said = super().clean() or {}
        text = said.get("corrected", "")
        if text and not self.errors:
            try:
                moderating.correct(prompt=self.instance, text=text, by=self.user)
            except Refused as no:
                self.add_error("corrected", str(no.words))
        return said


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):
    list_display = ["text", "language", "state", "approvals", "rejections", "domain", "source", "clips_count"]
    list_filter = ["state", "language", "licence", "domain", "kind"]
    list_select_related = ["language"]
    search_fields = ["text", "source"]
    ordering = ["state", "-reviewed"]
    form = PromptForm
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

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Let the form know who corrects."""
        form = super().get_form(request, obj, change, **kwargs)
        return type("FormOfUser", (form,), {"user": request.user})

    def save_model(self, request: HttpRequest, obj: Prompt, form: Any, change: bool) -> None:
        """Write what can be put right, and nothing that the row's use cases write."""
        Prompt.objects.filter(pk=obj.pk).update(domain=obj.domain, variant=obj.variant)

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
            words = ngettext(
                "%(count)d sentence was decided about.", "%(count)d sentences were decided about.", count
            )
            self.message_user(request, words % {"count": count})
