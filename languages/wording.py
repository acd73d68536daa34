"""What people are told a language still needs."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NEEDS: dict[str, Promise] = {
    "sentences": _("sentences that two people approved"),
    "domains": _("subjects that these are about"),
    "reviewers": _("people who review sentences"),
}
