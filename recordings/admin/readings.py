"""Texts read aloud in the admin: sending one, hearing it, and erasing it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files import File
from django.core.files.storage import storages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import consent, roles
from accounts.models import ConsentText, User
from accounts.roles import Act
from common.errors import Refused
from recordings import erasing, readings
from recordings.models import Reading
from recordings.states import ReadingState
from recordings.wording import REFUSALS


class NewReading(forms.ModelForm):
    """A file of somebody reading one text; it is kept and the row is made once everything else is right."""

    user: User  # who sends it; of the class that a request makes
    file = forms.FileField(label=_("File"), help_text=_("One voice, up to six minutes"))
    agreed = forms.BooleanField(
        label=_("Whoever reads agreed that others hear it here, and I hold the proof"), required=False
    )

    class Meta:
        model = Reading
        fields = ["text", "prompt", "reader"]
        labels = {
            "text": _("Consent text"),
            "prompt": _("Number of the sentence"),
            "reader": _("Number of the voice that reads, if it has one here"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = self.fields["text"]
        assert isinstance(texts, forms.ModelChoiceField)
        texts.queryset = ConsentText.objects.filter(pk__in=[each.pk for each in consent.current_texts()])

    def clean(self) -> dict[str, Any]:
        """Hand the file in, so that what is refused is said beside the form."""
        said = super().clean() or {}
        if self.errors or not isinstance(said.get("file"), File):
            return said
        language = said["prompt"].language if said["prompt"] else None
        if not roles.may(self.user, Act.RUN_LANGUAGES, language):
            raise forms.ValidationError(_("Your role is not for this text."))
        try:
            self.reading = readings.add(**said)
        except Refused as no:
            raise forms.ValidationError(str(no.words)) from no
        return said

    def save(self, commit: bool = True) -> Reading:
        """Return the row, which is there already."""
        return self.reading

    def save_m2m(self) -> None:
        """Do nothing: there are no lists to save."""


@admin.register(Reading)
class ReadingAdmin(admin.ModelAdmin):
    list_display = ["id", "of", "state", "reason", "duration_ms", "added_at"]
    list_filter = ["state", "prompt__language"]
    list_select_related = ["text", "prompt"]
    search_fields = ["=reader__pk"]
    search_help_text = _("the number of a voice: to erase all that it reads")
    raw_id_fields = ["prompt", "reader"]
    ordering = ["-added_at"]
    show_full_result_count = False

    @admin.display(description=_("text"))
    def of(self, reading: Reading) -> str:
        """Return the sentence, or version and language of the consent text."""
        return str(reading.prompt or reading.text)

    @admin.display(description=_("why it is refused"))
    def reason(self, reading: Reading) -> str:
        """Say why it can't be played."""
        return str(REFUSALS.get(reading.refusal, ""))

    @admin.display(description=_("Hear it"))
    def player(self, reading: Reading) -> str:
        """Play it, once it is ready."""
        if reading.state != ReadingState.READY:
            return ""
        return format_html(
            '<audio controls preload="none" src="{}"></audio>', storages["private"].url(reading.delivery_key)
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer a form for a new one only."""
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        return type("NewReadingOfUser", (NewReading,), {"user": request.user})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Show of a reading what can be said of it; of a new one, what is asked."""
        told = ["of", "player", "state", "reason", "duration_ms", "reader", "added_at"]
        return told if obj else ["file", "text", "prompt", "reader", "agreed"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A reading is erased and made anew, never changed."""
        return self.get_fields(request, obj) if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A reading is erased and made anew, never changed."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Do nothing: the file was handed in when its form was read."""

    def delete_model(self, request: HttpRequest, obj: Reading) -> None:
        """Erase it, with its sound."""
        erasing.erase_readings(Reading.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Reading]) -> None:
        """Erase several, with their sounds."""
        erasing.erase_readings(queryset)
