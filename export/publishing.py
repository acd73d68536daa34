"""Making a release, from its name to its publication."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Refused
from export import keys, snapshot, storing
from export.anonymity import Profile, history
from export.build import Order, build
from export.models import Archive, Edition, FrozenClip, FrozenSpeaker, Release, Voice
from export.splits import Splitting
from export.states import PUBLIC, ReleaseState
from languages.models import Language

BATCH = 500
LONGEST_REASON = 200


def make_release(
    *,
    number: str,
    cutoff: date,
    locales: Sequence[str],
    order: Order,
    splitting: Splitting = Splitting.STABLE,
    restart: bool = False,
) -> Release:
    """Freeze, build and publish a release; one that was cut off goes on where it was, unless `restart` is asked for.

    Raises Refused, in words, for whatever an organiser can mend.
    """
    languages = _languages(locales)
    _check(number, cutoff)
    if restart:
        discard(number=number)
    release = _draft(number, cutoff, languages, splitting)
    try:
        carry_on(release, order)
    except Refused:
        if release.state == ReleaseState.DRAFT:
            release.delete()
        raise
    return release


def carry_on(release: Release, order: Order) -> None:
    """Take a release through all that is left to its publication. Raises Refused for whatever an organiser can mend."""
    if release.state == ReleaseState.DRAFT:
        _freeze(release)
    if release.state in (ReleaseState.FROZEN, ReleaseState.BUILDING):
        build(release, order)
    publish(release)


@transaction.atomic
def publish(release: Release) -> None:
    """Tell the world of a release that is ready, and remember what it tells of speakers."""
    for edition in release.editions.select_related("release", "language"):
        _check_consent(edition)
        _check_order(edition)
        _remember_profiles(edition)
    release.move_to(ReleaseState.PUBLISHED, published_at=timezone.now())


def withdraw(*, number: str, because: str) -> Release:
    """Take a published release back: its files go, its address says why."""
    release = Release.objects.numbered(number).filter(state=ReleaseState.PUBLISHED).first()
    if release is None:
        raise Refused(
            _("There is no published release %(number)s.") % {"number": number}, code="not-published"
        )
    if len(because) > LONGEST_REASON:
        raise Refused(
            _("A reason has at most %(most)s characters.") % {"most": LONGEST_REASON}, code="too-long"
        )
    release.move_to(ReleaseState.WITHDRAWN, withdrawn_because=because)
    _delete_files(release)
    return release


def discard(*, number: str) -> None:
    """Delete a release that was never published, with all that was built of it; do nothing if there is none."""
    release = Release.objects.numbered(number).first()
    if release is None:
        return
    if release.state in PUBLIC:
        raise _taken(number)
    _delete_files(release)
    release.delete()


def _languages(locales: Sequence[str]) -> list[Language]:
    known = {language.tag: language for language in Language.objects.filter(tag__in=locales)}
    for locale in locales:
        if locale not in known:
            tags = ", ".join(Language.objects.order_by("tag").values_list("tag", flat=True))
            words = _("There is no language %(locale)s here. There are: %(tags)s")
            raise Refused(words % {"locale": locale, "tags": tags}, code="unknown-locale", status=404)
    return [known[locale] for locale in sorted(set(locales))]


def _check(number: str, cutoff: date) -> None:
    if not keys.NUMBER.fullmatch(number):
        raise Refused(_("A release's number is two numbers with a dot, such as 1.0."), code="bad-number")
    if cutoff > datetime.now(UTC).date():
        raise Refused(
            _("The last day lies in the future: %(day)s.") % {"day": cutoff}, code="cutoff-in-future"
        )
    if not keys.CORPUS.fullmatch(settings.CORPUS):
        words = _("CORPUS has to begin with a letter and have at most 24 of a-z, 0-9 and -, not: %(name)s")
        raise Refused(words % {"name": settings.CORPUS}, code="bad-corpus")


@transaction.atomic
def _draft(number: str, cutoff: date, languages: Sequence[Language], splitting: Splitting) -> Release:
    """Return the release of this number, made if it is new; one that was begun with something else is refused."""
    found = Release.objects.numbered(number).first()
    if found is None:
        major, minor = map(int, number.split("."))
        return draft(major, minor, cutoff, languages, splitting)
    if found.state in PUBLIC:
        raise _taken(number)
    begun = {(edition.language_id, edition.splitting) for edition in found.editions.all()}
    if found.cutoff != cutoff or begun != {(language.pk, splitting) for language in languages}:
        words = _(
            "Release %(number)s was begun with other languages or another last day. To begin anew: --restart."
        )
        raise Refused(words % {"number": number}, code="begun-otherwise")
    return found


@transaction.atomic
def draft(
    major: int,
    minor: int,
    cutoff: date,
    languages: Sequence[Language],
    splitting: Splitting = Splitting.STABLE,
    **more: Any,
) -> Release:
    """Name a release of these languages; nothing is copied yet."""
    release = Release.objects.create(major=major, minor=minor, corpus=settings.CORPUS, cutoff=cutoff, **more)
    Edition.objects.bulk_create(
        Edition(
            release=release,
            language=language,
            locale=language.tag,
            quorum=language.quorum,
            weighed=language.weighs_votes,
            splitting=splitting,
        )
        for language in languages
    )
    return release


def _taken(number: str) -> Refused:
    return Refused(
        _("Number %(number)s is taken by a published release.") % {"number": number}, code="number-taken"
    )


def _freeze(release: Release) -> None:
    try:
        snapshot.freeze(release)
    except (IntegrityError, OperationalError) as fault:
        words = _(
            "The collection changed too much while it was copied. Nothing was frozen; please try again."
        )
        raise Refused(words, code="busy") from fault


def _check_consent(edition: Edition) -> None:
    """Refuse to publish clips that were taken back since they were frozen."""
    allowed = snapshot.eligible(edition).values("pk")
    withdrawn = FrozenClip.objects.filter(edition=edition).exclude(clip_id__in=allowed).count()
    if withdrawn:
        words = _(
            "%(count)s clips of %(locale)s were taken back since the release was frozen. Begin anew: --restart."
        )
        raise Refused(words % {"count": withdrawn, "locale": edition.locale}, code="withdrawn-meanwhile")


def _check_order(edition: Edition) -> None:
    """Refuse a release that was frozen before the newest one was published: together they could tell too much."""
    newer = Edition.objects.filter(
        language=edition.language_id, release__published_at__gt=edition.release.frozen_at
    )
    if newer.exists():
        words = _(
            "Another release of %(locale)s was published since this one was frozen. Begin anew: --restart."
        )
        raise Refused(words % {"locale": edition.locale}, code="overtaken")


def _remember_profiles(edition: Edition) -> None:
    speakers = {row.client_id: row for row in FrozenSpeaker.objects.filter(edition=edition)}
    every = Voice.objects.filter(language=edition.language_id)
    voices = [voice for voice in every if voice.history or voice.client_id in speakers]
    for voice in voices:
        row = speakers.get(voice.client_id)
        profile = Profile(row.age, row.gender, row.accents, row.variant) if row else None
        voice.profile, voice.history = list(profile or voice.profile), history(voice.history, profile)
    Voice.objects.bulk_update(voices, ["profile", "history"], batch_size=BATCH)


def _delete_files(release: Release) -> None:
    for archive in Archive.objects.filter(edition__release=release).select_related("edition__release"):
        if archive.upload_id and not archive.sha256:
            storing.Joint(archive.key, archive.upload_id).abandon()
        storages["releases"].delete(archive.key)
