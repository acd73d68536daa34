"""Option lists about speakers, with the values as they stand in releases, and what a consent may be given for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Age(TextChoices):
    """Age bands; "fourties" is spelled as existing datasets and tools spell it."""

    TEENS = "teens", _("under 20")
    TWENTIES = "twenties", _("20 to 29")
    THIRTIES = "thirties", _("30 to 39")
    FOURTIES = "fourties", _("40 to 49")
    FIFTIES = "fifties", _("50 to 59")
    SIXTIES = "sixties", _("60 to 69")
    SEVENTIES = "seventies", _("70 to 79")
    EIGHTIES = "eighties", _("80 to 89")
    NINETIES = "nineties", _("90 or older")


class Gender(TextChoices):
    MALE = "male_masculine", _("male, masculine")
    FEMALE = "female_feminine", _("female, feminine")
    INTERSEX = "intersex", _("intersex")
    TRANSGENDER = "transgender", _("transgender")
    NON_BINARY = "non-binary", _("non-binary")
    UNDISCLOSED = "do_not_wish_to_say", _("rather not say")


class Purpose(TextChoices):
    """What a consent may be given for, each yes or no."""

    COLLECT = "collect", _("Store my recordings and have volunteers check them (needed to take part)")
    PUBLISH = "publish", _("Publish checked recordings as open data (CC0)")
    TRAIN_RECOGNITION = "train_recognition", _("Teach machines to understand speech")
    TRAIN_SYNTHESIS = "train_synthesis", _("Teach machines to speak")
    RESEARCH = "research", _("Use them for research on language and speech")


class Method(TextChoices):
    """How a consent reached us."""

    WEB = "web", _("on the site")
    CLIENT = "client", _("assumed for an app that knows no consent")
    ORGANISER = "organiser", _("to an organiser, who holds the proof")
    GUARDIAN = "guardian", _("by a parent or guardian, on the site")


class Role(TextChoices):
    """What somebody is on this site; each role may do all that those before it may."""

    ANONYMOUS = "anonymous", _("without an account")
    VOLUNTEER = "volunteer", _("volunteer")
    MODERATOR = "moderator", _("moderator")
    ORGANISER = "organiser", _("organiser")
    ADMIN = "admin", _("administrator")

    @property
    def rank(self) -> int:
        """How much the role may, compared with others."""
        return list(Role).index(self)

    @property
    def is_granted(self) -> bool:
        """Whether somebody gives this role; the others follow from having an account, or from being superuser."""
        return self in (Role.MODERATOR, Role.ORGANISER)
