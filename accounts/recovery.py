"""Finding the way back to a voice without an account: a code that only the speaker has."""

from django.utils.translation import gettext_lazy as _

from accounts import codes
from accounts.models import Speaker
from common.errors import Refused


def make_code(*, speaker: Speaker) -> str:
    """Return a new code for the voice, to be shown once; an earlier one opens nothing any more."""
    code = codes.new()
    Speaker.objects.filter(pk=speaker.pk).update(recovery_sha256=codes.digest(code.replace("-", "")))
    return code


def speaker_of(typed: str) -> Speaker:
    """Return the voice that a code belongs to. Raises Refused if it is mistyped, or opens nothing."""
    signs = codes.read(typed)
    if signs is None:
        words = _(
            "This isn't quite the code: a sign is missing or wrong. Please compare it with what you noted."
        )
        raise Refused(words, code="mistyped", status=400)
    speaker = Speaker.objects.filter(recovery_sha256=codes.digest(signs)).first()
    if speaker is None:
        words = _("No voice has this code. If you made a newer one, only that one works.")
        raise Refused(words, code="unknown-code", status=404)
    return speaker
