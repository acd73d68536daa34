"""What the organisers' page calls the states, ages and kinds that it counts."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    # How long recordings wait
    "< 1 min": _("less than a minute"),
    "1-5 min": _("one to five minutes"),
    "5-60 min": _("five to sixty minutes"),
    "1-24 h": _("one hour to a day"),
    "> 24 h": _("more than a day"),
    # States of recordings
    "quarantined": _("Set aside"),
    "received": _("Waiting to be processed"),
    "processing": _("Being processed"),
    "processed": _("Processed"),
    "refused": _("Not usable"),
    "withdrawn": _("Taken back"),
    # States of clips
    "untranscribed": _("Not written down yet"),
    "open": _("Waiting for listeners"),
    "valid": _("Approved"),
    "invalid": _("Heard otherwise"),
    "hidden": _("Hidden after reports"),
    # What is stored
    "original": _("Recordings as they came"),
    "master": _("Lossless clips"),
    "delivery": _("Clips as MP3"),
}


def named(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts by names in words for people."""
    return {str(NAMES.get(name, name)): count for name, count in counts.items()}
