"""What follows from changing one's mind, in words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

from accounts.models import Consent
from accounts.options import Purpose

# What the accounts library leaves in English, or has wrong in one of our languages
OF_THE_LIBRARY = [
    gettext_noop("Email"),
    gettext_noop("Recipient"),
    gettext_noop("Request Code"),
    gettext_noop("Generate"),
    gettext_noop("Code"),
    gettext_noop("Deactivate Authenticator App"),
    gettext_noop("Email Address"),
    ngettext_lazy(
        "There is %(unused_count)s out of %(total_count)s recovery codes available.",
        "There are %(unused_count)s out of %(total_count)s recovery codes available.",
        "unused_count",
    ),
]
CC0_ALLOWS_ALL = _(
    "We note that with your recordings from now on. In published data we can't prevent any use: CC0 allows all. "
    "If that matters to you, don't agree to publishing either."
)
FOLLOWS = {
    (Purpose.PUBLISH, False): _(
        "All your recordings are left out of the datasets that come out from now on. Copies that others have already "
        "can't be called back."
    ),
    (Purpose.PUBLISH, True): _(
        "The recordings that you make from now on may be published, and of earlier ones those that were made with "
        "such a yes."
    ),
    (Purpose.TRAIN_RECOGNITION, False): CC0_ALLOWS_ALL,
    (Purpose.TRAIN_SYNTHESIS, False): CC0_ALLOWS_ALL,
    (Purpose.RESEARCH, False): CC0_ALLOWS_ALL,
}


def follows(before: Consent | None, chosen: frozenset[Purpose]) -> list[Promise]:
    """Return what follows from an answer that differs from the one before, each sentence once."""
    if before is None:
        return []
    changed = [(each, each in chosen) for each in Purpose if before.allows(each) != (each in chosen)]
    return list(dict.fromkeys(FOLLOWS[change] for change in changed if change in FOLLOWS))
