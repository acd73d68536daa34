"""The page of an account: how one signs in, which voices belong to it, and undoing that."""

from typing import cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts import claiming, speakers
from accounts.models import User
from common.errors import Refused


@require_safe
@login_required
@cache_control(no_store=True)
def account(request: HttpRequest) -> HttpResponse:
    """Show what belongs to the account, and the ways to change it."""
    user = _signed_in(request)
    context = {
        "voices": user.speakers.count(),
        "claims": claiming.undoable(user),
        "loose": len(speakers.anonymous(request.session)),
        "has_second_factor": is_mfa_enabled(user),
    }
    return render(request, "accounts/account.html", context)


@require_POST
@login_required
def claim(request: HttpRequest) -> HttpResponse:
    """Take this browser's voices into the account, also those that were given back before."""
    if claiming.claim(user=_signed_in(request), voices=speakers.anonymous(request.session), again=True):
        messages.success(request, _("The voices of this browser belong to your account now."))
    return redirect("account")


@require_POST
@login_required
def undo_claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Let voices go that came with signing in on a device; that browser keeps them."""
    try:
        claiming.undo(user=_signed_in(request), claim_id=min(claim_id, 2**63 - 1))
    except Refused as refusal:
        messages.error(request, str(refusal.words))
    else:
        messages.success(request, _("Undone: these voices belong to no account, as before."))
    return redirect("account")


def _signed_in(request: HttpRequest) -> User:
    return cast("User", request.user)
