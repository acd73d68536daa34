"""Pages for recording, and for what became of one's recordings."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import storages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts import consent, portrait, speakers
from accounts.models import Speaker, User
from common.errors import Refused
from common.throttles import TakeOutLimit, allows
from languages.limits import Limits
from languages.models import Language
from prompts.api import ToReadOut
from prompts.options import Kind
from prompts.selection import next_prompts
from prompts.topics import next_topics
from recordings import closing, takeout, withdrawal
from recordings.models import Recording
from recordings.rhythm import rhythm_of
from recordings.tracking import PAUSE, WHICH, recordings_of, those
from recordings.wording import KINDS, REFUSALS, WARNINGS, taken_back_in_words

AHEAD = 25  # prompts that come with the page
ON_A_PAGE = 30
READ_PER_SECOND = 15  # characters that a quick reader reads aloud


@gzip_page
@require_safe
@ensure_csrf_cookie
def speak(request: HttpRequest, locale: str) -> HttpResponse:
    """Hand out sentences to read aloud, once the speaker has agreed to how their voice is used."""
    return _recorder(request, locale, Kind.SENTENCE)


@gzip_page
@require_safe
@ensure_csrf_cookie
def answer(request: HttpRequest, locale: str) -> HttpResponse:
    """Hand out questions to answer freely, once the speaker has agreed to what becomes of such answers."""
    return _recorder(request, locale, Kind.TOPIC)


def _recorder(request: HttpRequest, locale: str, kind: Kind) -> HttpResponse:
    language = get_object_or_404(Language, tag=locale)
    request.session["language"] = locale
    if language.state != Language.State.OPEN:
        return render(request, "pages/paused.html", {"language": language})
    speaker = speakers.current(request.session)
    agreed, limits, chosen, template = PAGES[kind]
    if speaker is None or not agreed(speaker):
        return redirect(f"{reverse('consent')}?{urlencode({'next': request.path})}")
    prompts = chosen(language=language, speaker=speaker, count=AHEAD)
    data = {
        "kind": str(kind),
        "locale": language.tag,
        "speaker": str(speaker.pk),
        "pass": speakers.pass_of(speaker),
        "limits": limits(Limits().with_overrides(language.audio_limits)),
        "prompts": ToReadOut(prompts, many=True).data,
    }
    return render(request, template, {"language": language, "data": data})


def _limits(limits: Limits) -> dict[str, float]:
    """Return the thresholds of a language as the recorder in the browser names them."""
    return {
        "shortestSeconds": limits.min_seconds,
        "longestSeconds": limits.max_seconds,
        "quietDbfs": limits.quiet_dbfs,
        "clippedShare": limits.clipped_share,
        "voicedShare": limits.little_voice_share,
        "charactersPerSecond": READ_PER_SECOND,
    }


def _limits_of_answers(limits: Limits) -> dict[str, float]:
    """Return the same for free answers: nobody knows how long one should take."""
    return _limits(limits) | {"longestSeconds": limits.answer_seconds, "voicedShare": 0.0}


PAGES = {
    Kind.SENTENCE: (consent.allows_recording, _limits, next_prompts, "recordings/speak.html"),
    Kind.TOPIC: (consent.covers_answers, _limits_of_answers, next_topics, "recordings/answer.html"),
}


@dataclass(frozen=True)
class Contribution:
    """One recording as its speaker sees it; `state` is that of its clip once there is one."""

    recording: Recording
    state: str
    sound: str
    reason: Promise | str
    advice: list[Promise]
    begins_sitting: bool = False


@require_safe
@cache_control(no_store=True)
def contributions(request: HttpRequest) -> HttpResponse:
    """List what this browser's voice gave, and what became of it."""
    speaker = speakers.current(request.session)
    which = request.GET.get("which", "")
    rows = recordings_of(speaker) if speaker else Recording.objects.none()
    page = Paginator(those(rows, which), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "contributions": _shown(list(page), by_sitting=which not in WHICH),
        "which": which if which in WHICH else "",
        "choices": KINDS,
        "rhythm": rhythm_of(speaker) if speaker else None,
    }
    return render(request, "recordings/contributions.html", context)


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take back one recording of this browser's voice, or all of them."""
    speaker = speakers.current(request.session)
    if speaker and "all" in request.POST:
        count = withdrawal.withdraw_all(speaker=speaker)
        if "end" in request.POST:
            consent.end(speaker=speaker, text=consent.current_text(get_language() or consent.FALLBACK))
            portrait.forget(speaker=speaker)
        messages.success(request, taken_back_in_words(count))
    elif speaker:
        _withdraw_some(request, speaker)
    return redirect("contributions")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # the library has no types
@cache_control(no_store=True)
def close_account(request: HttpRequest) -> HttpResponse:
    """Ask what shall become of the recordings, then delete the account of somebody who just proved to be its owner."""
    if request.POST.get("recordings") not in ("keep", "delete"):
        return render(request, "accounts/close.html")
    user = cast("User", request.user)
    text = consent.current_text(get_language() or consent.FALLBACK)
    try:
        closing.close(user=user, take_back=request.POST["recordings"] == "delete", text=text)
    except Refused as refusal:
        messages.error(request, str(refusal.words))
        return redirect("account")
    request.user = AnonymousUser()
    get_adapter().logout(request)
    messages.success(request, _("Your account is deleted."))
    return redirect("home")


@require_GET
@cache_control(no_store=True)
def take_out(request: HttpRequest) -> HttpResponseBase:
    """Hand out everything of this browser's voice as one archive, made while it is sent."""
    speaker = speakers.current(request.session)
    if speaker is None:
        return redirect("contributions")
    if not allows(TakeOutLimit, request):
        messages.error(request, _("That was downloaded several times just now. Please try again in an hour."))
        return redirect("contributions")
    headers = {"Content-Disposition": f'attachment; filename="voice-{timezone.now():%Y-%m-%d}.zip"'}
    return StreamingHttpResponse(takeout.stream(speaker), content_type="application/zip", headers=headers)


def _withdraw_some(request: HttpRequest, speaker: Speaker) -> None:
    """Take back one recording, or with `sitting` all that were sent in one go with it."""
    try:
        if "sitting" in request.POST:
            take_id = UUID(request.POST["sitting"])
            count = withdrawal.withdraw_sitting(speaker=speaker, take_id=take_id)
            words = taken_back_in_words(count)
        else:
            withdrawal.withdraw_take(speaker=speaker, take_id=UUID(request.POST.get("take", "")))
            words = _("The recording was taken back. It is being deleted.")
    except (ValueError, Refused):
        messages.error(request, _("There is no such recording of yours."))
    else:
        messages.success(request, words)


def _shown(recordings: list[Recording], *, by_sitting: bool) -> list[Contribution]:
    """Return what the page shows of each; the newest of each sitting begins it, since the newest come first."""
    times = [recording.received_at for recording in recordings]
    begins = [True] + [later - earlier > PAUSE for later, earlier in pairwise(times)]
    return [
        replace(_contribution(recording), begins_sitting=by_sitting and first)
        for recording, first in zip(recordings, begins, strict=False)
    ]


def _contribution(recording: Recording) -> Contribution:
    clips = list(recording.clips.all())
    codes = {*recording.warnings, *(code for clip in clips for code in clip.warnings)}
    return Contribution(
        recording=recording,
        state=clips[0].state if len(clips) == 1 else recording.state,
        sound=storages["private"].url(clips[0].delivery_key) if len(clips) == 1 else "",
        reason=REFUSALS.get(recording.refusal, ""),
        advice=[WARNINGS[code] for code in sorted(codes) if code in WARNINGS],
    )
