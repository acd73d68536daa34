"""Pages on which a child asks a parent or guardian to agree, and on which they do."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import consent as consents
from accounts import guardians, speakers
from accounts.models import Speaker
from accounts.options import Purpose
from common.errors import Refused
from common.throttles import LetterLimit, allows


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def ask(request: HttpRequest) -> HttpResponse:
    """Say why a guardian is needed; POST makes a link for them, and mails it or shows it, this once."""
    speaker = speakers.current(request.session)
    answer = consents.newest(speaker) if speaker else None
    context = {"waits": bool(answer and answer.needs_guardian), "token": "", "mails": _sends_mail()}
    if speaker and request.method == "POST":
        try:
            if "address" in request.POST and _sends_mail():
                _mail(request, speaker)
            else:
                context["token"] = guardians.make_link(speaker=speaker)
        except Refused as refusal:
            messages.error(request, str(refusal.words))
    return render(request, "accounts/ask_guardian.html", context)


def _sends_mail() -> bool:
    return "console" not in settings.EMAIL_BACKEND


def _mail(request: HttpRequest, speaker: Speaker) -> None:
    if not allows(LetterLimit, request):
        raise Refused(_("That was many e-mails. Please try again in an hour."), code="too-many", status=429)

    def page(token: str) -> str:
        return request.build_absolute_uri(reverse("guardian", args=[token]))

    guardians.mail_link(speaker=speaker, address=request.POST["address"].strip(), page=page)
    messages.success(request, _("The e-mail is on its way. We have not kept the address."))


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show a guardian what the child would like to do; POST records yes or no. Looking alone uses nothing up."""
    try:
        said = guardians.child_of(token)
        if request.method == "POST":
            chosen = frozenset(each for each in Purpose if each in request.POST.getlist("purpose"))
            agrees = Purpose.COLLECT in chosen and "agree" in request.POST
            guardians.answer(token=token, purposes=chosen if agrees else frozenset())
            thanks = (
                _("Thank you. You agreed for your child.")
                if agrees
                else _("You said no. Nothing is published.")
            )
            messages.success(request, thanks)
            return redirect("home")
    except Refused as refusal:
        messages.error(request, str(refusal.words))
        return render(request, "accounts/guardian.html", status=refusal.status)
    title, _blank, body = said.text.body.partition("\n\n")
    context = {
        "text": said.text,
        "title": title,
        "body": body,
        "purposes": [(purpose, said.allows(purpose)) for purpose in Purpose],
    }
    return render(request, "accounts/guardian.html", context)
