"""What a speaker is told about their recording: words for each code of recordings/audio/judge.py, and our own."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

REFUSALS: dict[str, Promise] = {
    "empty": _("Nothing arrived. Please record it again."),
    "too-large": _("The recording is too large. Please record a shorter one."),
    "not-audio": _("What arrived is no sound. Please record it again."),
    "unsupported-codec": _("We can't read this kind of sound. Please record it in your browser."),
    "too-many-channels": _(
        "We can't read sound with more than two channels. Please record it with one microphone."
    ),
    "undecodable": _("The recording is damaged and can't be read. Please record it again."),
    "bad-samples": _("The recording is damaged and can't be read. Please record it again."),
    "no-speech": _("We heard no voice. Please check your microphone and record it again."),
    "too-short": _("The recording is too short. Please read the whole sentence."),
    "too-long": _("The recording is too long. Please read just the sentence."),
    "duplicate": _("We have this very recording already, so we don't need it twice."),
    "failed": _("We couldn't process this recording. It is kept, and someone will look at it."),
}
WARNINGS: dict[str, Promise] = {
    "truncated": _("The end of the recording is missing."),
    "quiet": _("The voice is very quiet. Come closer to the microphone."),
    "clipped": _("The voice is too loud for the microphone. Move back a little."),
    "noisy": _("There is much noise. Find a quieter place."),
    "little-voice": _("There is hardly any voice in the recording."),
    "cut-start": _("The beginning is cut off. Start speaking a moment later."),
    "cut-end": _("The end is cut off. Stop a moment later."),
    "narrow-band": _("The sound is as dull as on a telephone. Another microphone may help."),
    "hum": _("There is a hum. Unplug a charger, or move away from machines."),
    "reads-too-fast": _("This was read very fast, or something else was read."),
    "reads-too-slow": _("This was read very slowly, or something else was read."),
    "near-duplicate": _("This sounds like a recording that we have already."),
    "left-out": _("Parts of the recording have no pause to cut at, and were left out."),
}
KINDS: dict[str, Promise] = {
    "": _("All"),
    "approved": _("Approved"),
    "waiting": _("Waiting for listeners"),
    "otherwise": _("Heard otherwise"),
    "refused": _("Not usable"),
    "processing": _("Being processed"),
}


def taken_back_in_words(count: int) -> str:
    """Say how many recordings were taken back."""
    words = ngettext("%(count)d recording was taken back.", "%(count)d recordings were taken back.", count)
    return words % {"count": count}
