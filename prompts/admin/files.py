"""Files of sentences in the admin: sending one, how far it is, and its report."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.errors import Refused
from prompts.importing import report, start_import
from prompts.models import SentenceImport


class NewFile(forms.ModelForm):
    """A file with where its sentences come from; it is kept and the row is made once everything else is right."""

    user: User  # who sends it; of the class that a request makes
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "UTF-8: one sentence a line, or a TSV with a column “sentence”. "
            "Questions for free answers have “topic” in a column “kind”."
        ),
    )

    class Meta:
        model = SentenceImport
        fields = ["language", "source", "licence", "evidence", "reviewed", "similar_too"]

    def clean(self) -> dict[str, Any]:
        """Start the import, so that what it refuses is said beside the form."""
        said = super().clean() or {}
        file = said.get("file")
        if self.errors or not isinstance(file, File):
            return said
        try:
            self.job = start_import(user=self.user, **said)
        except Refused as no:
            raise forms.ValidationError(str(no.words)) from no
        return said

    def save(self, commit: bool = True) -> SentenceImport:
        """Return the row, which is there already."""
        return self.job

    def save_m2m(self) -> None:
        """Do nothing: there are no lists to save."""


@admin.register(SentenceImport)
class SentenceImportAdmin(admin.ModelAdmin):
    list_display = [
        "source",
        "language",
        "state",
        "progress",
        "accepted",
        "refused",
        "created_at",
        "its_report",
    ]
    list_filter = ["state", "language"]
    list_select_related = ["language"]
    ordering = ["-created_at"]
    show_full_result_count = False

    @admin.display(description=_("read"))
    def progress(self, job: SentenceImport) -> str:
        """Say how much of the file was taken in."""
        return f"{100 * job.offset // job.size} %"

    @admin.display(description=_("report"))
    def its_report(self, job: SentenceImport) -> str:
        """Lead to the lines that were not taken in."""
        if not job.refused:
            return ""
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:sentence-report", args=[job.pk]), _("Report")
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the report's address."""
        view = self.admin_site.admin_view(self.hand_out_report)
        return [path("<uuid:import_id>/report.tsv", view, name="sentence-report"), *super().get_urls()]

    def hand_out_report(self, request: HttpRequest, import_id: str) -> StreamingHttpResponse:
        """Hand out the lines of a file that were not taken in, and why."""
        job = get_object_or_404(SentenceImport, pk=import_id)
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        return StreamingHttpResponse(report(job), content_type="text/tab-separated-values; charset=utf-8")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer a form for a new file only."""
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        return type("NewFileOfUser", (NewFile,), {"user": request.user})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Show what was sent as it was sent."""
        return [field.name for field in SentenceImport._meta.fields] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Do nothing: the import was started when its form was read."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep what was taken in, and why."""
        return False
