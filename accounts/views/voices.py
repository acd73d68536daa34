"""Several people at one browser: each speaks with a voice, and a consent, of their own."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts import labels, speakers
from accounts.views import after_this
from common.errors import Refused


@require_safe
@cache_control(no_store=True)
def voices(request: HttpRequest) -> HttpResponse:
    """List the voices of this browser, by the names that they have on this device."""
    return render(request, "accounts/voices.html", {"longest": labels.LONGEST})


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add a voice, and ask it how it may be used."""
    try:
        speaker = speakers.add(request.session)
    except Refused as refusal:
        messages.error(request, str(refusal.words))
        return redirect("voices")
    response = redirect(f"{reverse('consent')}?{urlencode({'next': reverse('voices')})}")
    labels.write(request, response, str(speaker.pk), request.POST.get("name", ""))
    return response


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Let another voice of this browser speak, and go back to the page where that was asked."""
    try:
        speakers.switch(request.session, request.POST.get("voice", ""))
    except Refused as refusal:
        messages.error(request, str(refusal.words))
    return redirect(after_this(request, reverse("voices")))


@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """Give a voice of this browser another name on this device."""
    voice, response = request.POST.get("voice", ""), redirect("voices")
    if voice in request.session.get(speakers.ALL, []):
        labels.write(request, response, voice, request.POST.get("name", ""))
    return response


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Let this browser forget a voice."""
    voice, response = request.POST.get("voice", ""), redirect("voices")
    speakers.forget(request.session, voice)
    labels.write(request, response, voice, "")
    return response
