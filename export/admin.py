"""Releases in the admin, to look at, and the schedules by which workers make them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from export.models import Archive, Edition, Release, Schedule


class ReadOnly:
    """Nobody adds, changes or deletes by hand what was frozen."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EditionInline(ReadOnly, admin.TabularInline):
    model = Edition
    fields = ["locale", "quorum", "weighed", "blanked"]


@admin.register(Release)
class ReleaseAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["stem", "state", "cutoff", "published_at"]
    list_filter = ["state"]
    inlines = [EditionInline]


@admin.register(Schedule)
class ScheduleAdmin(admin.ModelAdmin):
    list_display = ["major", "next_cutoff", "every_months", "is_on"]
    filter_horizontal = ["languages"]


@admin.register(Archive)
class ArchiveAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "kind", "clips", "bytes", "sha256"]
    list_filter = ["kind"]
