"""Takes of apps that know no consent: they wait, and go on once their speaker has agreed."""

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Consent
from recordings.models import Recording
from recordings.states import RecordingState

LATELY = 1000  # newest answers that are looked at for takes that waited for them


def let_agreed_go_on() -> int:
    """Make due what was set aside for want of agreement, where its speaker has agreed since; return how many."""
    newest = Consent.objects.filter(speaker=OuterRef("speaker")).order_by("-pk")
    lately = Consent.objects.filter(collect=True).order_by("-pk").values("speaker")[:LATELY]
    waiting = Recording.objects.filter(
        Q(Subquery(newest.values("collect")[:1])),
        state=RecordingState.QUARANTINED,
        consent=None,
        refusal="",
        speaker__in=lately,
    )
    agreed = Subquery(newest.values("pk")[:1])
    return waiting.update(state=RecordingState.RECEIVED, consent=agreed, not_before=timezone.now())
