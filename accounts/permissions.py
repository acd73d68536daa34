"""Who may use an API route."""

from django.contrib.auth import get_user
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts import speakers
from accounts.authentication import asking
from accounts.roles import Act, may
from accounts.staff import proved_twice
from languages.models import Language


class AnyVoice(BasePermission):
    """Anyone; somebody new becomes a speaker, known by the browser's session from then on."""

    open_to_all = True
    message = _("This needs a browser that keeps cookies, or an app that sends its id and token.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Make sure that `request.user` is a speaker."""
        speaker = asking(request)
        if speaker is None and request.auth is not None:
            speaker = speakers.current_or_new(request.auth)  # type: ignore[arg-type]
            request.user = speaker  # type: ignore[assignment]
        return speaker is not None


class RunsLanguage(BasePermission):
    """Someone who signed in with a second factor and may run the language that the address names."""

    message = _("This is for organisers of this site who signed in with their second factor.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Look at who is signed in, whatever voice the browser speaks for."""
        language = Language.objects.filter(tag=view.kwargs["locale"]).first()
        user = get_user(request._request)
        return may(user, Act.RUN_LANGUAGES, language) and proved_twice(request._request, user)
