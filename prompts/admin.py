"""Prompts in the admin."""

from django.contrib import admin

from prompts.models import Prompt


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):
    list_display = ["text", "language", "state", "domain", "source", "clips_count"]
    list_filter = ["language", "state", "domain"]
    search_fields = ["text"]
    readonly_fields = ["text", "language", "clips_count"]
    show_full_result_count = False
