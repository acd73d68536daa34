"""Reports in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from validation.models import Report


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
