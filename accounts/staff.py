"""The admin as this site has it: for staff who proved who they are twice, and every act in the audit log."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit, roles
from accounts.models import User

SHOWN = 100  # ids of chosen rows that the log names


def proved_twice(request: HttpRequest, user: AbstractBaseUser | AnonymousUser) -> bool:
    """Tell whether the account that is signed in has a second factor, and used it in this session."""
    used = get_authentication_records(request, user)
    return any(record["method"] == "mfa" for record in used) and is_mfa_enabled(user)


class InOwnLanguages:
    """Pages of the admin show rows of those languages alone that somebody's roles are for."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # of the pages that this is mixed into
        name, user = rows.model._meta.label_lower, request.user
        act = roles.act_of_page(name)
        if roles.may(user, act):
            return rows
        own = roles.languages_of(user, act) if isinstance(user, User) else set()
        of_own = [Q(**{f"{column}__in": own}) for column in roles.LANGUAGE_OF.get(name, [])]
        return rows.filter(reduce(or_, of_own)) if of_own else rows.none()


class StaffSite(AdminSite):
    site_header = site_title = gettext_lazy("VoiceCollect: for organisers")
    site_url = "/"
    index_title = gettext_lazy("Overview")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register pages as usual, each showing no more than the languages of whoever looks."""
        given = admin_class or ModelAdmin
        super().register(model_or_iterable, type(given.__name__, (InOwnLanguages, given), {}), **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in active staff with a second factor."""
        return super().has_permission(request) and proved_twice(request, request.user)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Lead to what is missing: an account, a role, a second factor, or its use in this session."""
        after = request.GET.get("next") or resolve_url("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(after, resolve_url("account_login"))
        if not request.user.is_staff:
            raise PermissionDenied
        if not is_mfa_enabled(request.user):
            messages.warning(request, _("Organisers and moderators need a second factor. Please set one up."))
            return redirect_to_login(after, resolve_url("mfa_activate_totp"))
        return redirect_to_login(after, resolve_url("mfa_reauthenticate"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Sign out on the site's own page."""
        return redirect_to_login("/", resolve_url("account_logout"))

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:
        """Let every page that changes something do so in one transaction with the entry that tells of it."""

        def logged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST" or not self.has_permission(request):
                return view(request, *args, **kwargs)
            with transaction.atomic():
                last = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                response = view(request, *args, **kwargs)
                if not isinstance(
                    response, TemplateResponse
                ):  # which shows faults, or asks whether one is sure
                    _log(request, last)
            return response

        return super().admin_view(logged, cacheable)


def _log(request: HttpRequest, last: int) -> None:
    """Append what was done: which page, which action on which rows, which fields changed."""
    user = request.user
    assert isinstance(user, User)
    chosen = request.POST.getlist("_selected_action")
    changes = LogEntry.objects.filter(user=user, pk__gt=last).order_by("pk")
    said = {
        "action": request.POST.get("action", ""),
        "chosen": chosen[:SHOWN],
        "count": len(chosen),
        "all": request.POST.get("select_across") == "1",
        "changes": [
            {"of": str(each.content_type), "id": each.object_id, "what": each.change_message}
            for each in changes[:SHOWN]
        ],
    }
    details = {key: value for key, value in said.items() if value}
    match = request.resolver_match
    name = match.view_name if match else ""
    about = match.kwargs.get("object_id", "") if match else ""
    audit.record(actor=audit.by(user), act=name[:64], about=about, **details)
