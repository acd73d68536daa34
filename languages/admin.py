"""Languages in the admin: opened in minutes."""

from django.contrib import admin

from languages.models import Accent, Language, Variant


class VariantInline(admin.TabularInline):
    model = Variant
    extra = 0


class AccentInline(admin.TabularInline):
    model = Accent
    extra = 0


@admin.register(Language)
class LanguageAdmin(admin.ModelAdmin):
    list_display = ["tag", "english_name", "native_name", "state", "quorum", "clips_per_prompt"]
    list_filter = ["state"]
    search_fields = ["tag", "english_name", "native_name"]
    inlines = [VariantInline, AccentInline]
