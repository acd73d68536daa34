"""People in the admin: voices by their number, never by name; what was agreed to; roles; the log of privileged acts."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import audit, consent, roles
from accounts.models import AuditEntry, Claim, Consent, ConsentText, Grant, Speaker, User
from accounts.options import Role

admin.site.unregister(Group)  # roles say who may do what


class ToLookAt(admin.options.BaseModelAdmin):
    """Nobody adds, changes or deletes by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [str(name) for name in self.fields or [field.name for field in self.model._meta.fields]]


class ByNumber(ToLookAt, admin.ModelAdmin):
    """Searching finds rows by the whole number of a voice."""

    voice = "speaker"
    search_fields = ["pk"]  # shows the field to search in
    search_help_text = "the number of a voice, as receipts name it"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        try:
            return (
                queryset.filter(**{self.voice: UUID(search_term.strip())}) if search_term else queryset
            ), False
        except ValueError:
            return queryset.none(), False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["id", "email", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"]
    list_filter = ["is_staff", "is_superuser", "is_active"]
    search_fields = ["=email"]
    fields = ["email", "is_active", "date_joined", "last_login"]
    readonly_fields = ["email", "date_joined", "last_login"]
    ordering = ["-id"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People make their accounts themselves."""
        return False


@admin.register(Grant)
class GrantAdmin(admin.ModelAdmin):
    list_display = ["user_id", "role", "language", "given_at"]
    list_filter = ["role", "language"]
    list_select_related = ["language"]
    fields = ["user", "role", "language"]
    raw_id_fields = ["user"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Take a role and give another one."""
        return False

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:
        """Give the role; who had none becomes staff."""
        by = audit.by(cast("User", request.user))
        given = roles.give(user=obj.user, role=Role(obj.role), language=obj.language, actor=by)
        obj.pk = given.pk

    def delete_model(self, request: HttpRequest, obj: Grant) -> None:
        """Take the role; whoever has none left is no staff any more."""
        by = audit.by(cast("User", request.user))
        roles.take(user=obj.user, role=Role(obj.role), language=obj.language, actor=by)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Grant]) -> None:
        """Take several roles."""
        for grant in queryset.select_related("user", "language"):
            self.delete_model(request, grant)


class ConsentsOfSpeaker(ToLookAt, admin.TabularInline):
    model = Consent
    fields = [
        "given_at",
        "text",
        "method",
        "collect",
        "publish",
        "train_recognition",
        "train_synthesis",
        "research",
    ]
    ordering = ["-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        return super().get_queryset(request).select_related("text")


@admin.register(Speaker)
class SpeakerAdmin(ByNumber):
    voice = "pk"
    list_display = ["id", "created_at", "user_id", "age", "gender", "first_language"]
    list_filter = ["age", "gender"]
    fields = [
        "id",
        "person",
        "created_at",
        "age",
        "gender",
        "first_language",
        "variants",
        "accents",
        "time_zone",
    ]
    ordering = ["-created_at"]
    inlines = [ConsentsOfSpeaker]
    show_full_result_count = False


@admin.register(Consent)
class ConsentAdmin(ByNumber):
    list_display = ["id", "speaker_id", "text", "method", "given_at", "collect", "publish", "needs_guardian"]
    list_filter = ["method", "publish", "needs_guardian", "is_minor"]
    list_select_related = ["text"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(ConsentText)
class ConsentTextAdmin(ToLookAt, admin.ModelAdmin):
    list_display = ["version", "locale", "in_force", "read_aloud", "sha256"]
    list_filter = ["locale"]
    ordering = ["-pk"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show those in force too that nobody has seen yet: each needs somebody to read it aloud."""
        consent.current_texts()
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("in force"), boolean=True)
    def in_force(self, text: ConsentText) -> bool:
        """Tell whether it is what people agree to now, in its language."""
        return consent.is_current(text)

    @admin.display(description=_("read aloud, for people who don't read"), boolean=True)
    def read_aloud(self, text: ConsentText) -> bool:
        """Tell whether people can listen to it."""
        return text.spoken is not None


@admin.register(Claim)
class ClaimAdmin(ToLookAt, admin.ModelAdmin):
    list_display = ["id", "user_id", "made_at", "undone_at"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(AuditEntry)
class AuditEntryAdmin(ToLookAt, admin.ModelAdmin):
    list_display = ["number", "at", "actor", "act", "about"]
    list_filter = ["act"]
    search_fields = ["=actor", "=about"]
    ordering = ["-number"]
    show_full_result_count = False
