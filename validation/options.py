"""Option lists of votes and reports, with the values as clients send and releases show them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Choice(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("Not sure")


class Reason(TextChoices):
    """Why a clip is not good."""

    MISREAD = "misread", _("other words than written")
    CUT_OFF = "cut-off", _("cut off")
    NOISE = "noise", _("noise")
    TOO_QUIET = "too-quiet", _("too quiet")
    DISTORTED = "distorted", _("distorted")
    OTHER_LANGUAGE = "other-language", _("another language")
    SEVERAL_VOICES = "several-voices", _("several voices")


class Standing(TextChoices):
    """What a vote is good for."""

    COUNTS = "counts", _("counts")
    TOO_FAST = "too-fast", _("faster than the clip can be heard")
    GOLD = "gold", _("an answer to a gold clip")


class Complaint(TextChoices):
    """Why a clip or a sentence should not be here at all; clients may send words of their own instead."""

    OFFENSIVE = "offensive-language", _("offensive")
    GRAMMAR = "grammar-or-spelling", _("grammar or spelling")
    LANGUAGE = "different-language", _("another language")
    DIFFICULT = "difficult-pronounce", _("hard to pronounce")
    PERSONAL = "personal-data", _("personal data")
    CHILD = "child-voice", _("a child's voice")
    MACHINE = "not-a-human", _("not a human voice")
    VOICES = "several-voices", _("several voices")


class Decision(TextChoices):
    """What a moderator made of reports; empty while nobody has decided."""

    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")


class Opinion(TextChoices):
    """What a second person made of a transcription; empty while nobody has looked."""

    ACCEPTED = "accepted", _("accepted")
    EDITED = "edited", _("accepted with changes")
    REJECTED = "rejected", _("rejected")
