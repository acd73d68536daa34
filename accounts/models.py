"""People: a User signs in, a Speaker is a voice; Consent is what a speaker agreed to."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import aloud
from accounts.options import Age, Gender, Method, Purpose, Role
from languages.models import Accent, Language, Variant, check_tag


class User(AbstractUser):
    """Someone who signs in."""


class Speaker(models.Model):
    """A voice, with or without an account; what they tell of themselves is optional.

    Voices with the same `person` are, as far as we know, of one person: of one account or one device.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="speakers")
    token_sha256 = models.CharField(_("hash of the device's token"), max_length=64, blank=True)
    recovery_sha256 = models.CharField(_("hash of the recovery code"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    age = models.CharField(_("age"), max_length=16, blank=True, choices=Age.choices)
    gender = models.CharField(_("gender"), max_length=24, blank=True, choices=Gender.choices)
    first_language = models.CharField(_("first language"), max_length=35, blank=True, validators=[check_tag])
    daily_goal = models.PositiveSmallIntegerField(_("recordings a day"), default=0)
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    on_board = models.BooleanField(_("on leaderboards"), default=False)
    board_name = models.CharField(_("name on leaderboards"), max_length=24, blank=True)
    variants = models.ManyToManyField(Variant, blank=True)
    accents = models.ManyToManyField(Accent, blank=True)
    is_only_voice = False  # of their person, as far as it was asked

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [
            models.UniqueConstraint(
                name="speaker_recovery_once", fields=["recovery_sha256"], condition=~Q(recovery_sha256="")
            ),
            models.CheckConstraint(
                name="speaker_named_on_board_alone", condition=Q(on_board=True) | Q(board_name="")
            ),
        ]
        indexes = [models.Index(name="speaker_on_board", fields=["id"], condition=Q(on_board=True))]

    def __str__(self) -> str:
        return str(self.id)


class OwnAccent(models.Model):
    """How a speaker puts their accent in words of their own, beside those offered to choose from."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="own_accents", db_index=False)
    language = models.ForeignKey(Language, models.CASCADE, related_name="+")
    words = models.CharField(_("in own words"), max_length=100)

    class Meta:
        verbose_name = _("accent in own words")
        verbose_name_plural = _("accents in own words")
        constraints = [models.UniqueConstraint(name="own_accent_once", fields=["speaker", "language"])]

    def __str__(self) -> str:
        return self.words


class ConsentText(models.Model):
    """One version of the text that people agree to, in one language; never changed once agreed to."""

    version = models.CharField(_("version"), max_length=16)
    locale = models.CharField(_("language of the text"), max_length=35)
    body = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, unique=True)
    spoken = models.UUIDField(_("number of its reading"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")

    def __str__(self) -> str:
        return f"{self.version} ({self.locale})"

    @property
    def audio(self) -> str:
        """The address of this text, read aloud; "" while nobody has read it."""
        return aloud.link(self.spoken)


class AppendOnly(models.QuerySet[Any]):
    """Rows that are written once; they go with the speaker whose they are, and in no other way."""

    def update(self, **changes: object) -> int:
        raise TypeError("These rows are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("These rows are never deleted by themselves.")


class Consent(models.Model):
    """One answer to a consent text; append-only, the newest of a speaker counts."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="consents", db_index=False)
    text = models.ForeignKey(ConsentText, models.PROTECT)
    method = models.CharField(_("how it was given"), max_length=9, choices=Method.choices)
    given_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    collect = models.BooleanField(_("record and check"), default=False)
    publish = models.BooleanField(_("publish"), default=False)
    train_recognition = models.BooleanField(_("teach machines to understand speech"), default=False)
    train_synthesis = models.BooleanField(_("teach machines to speak"), default=False)
    research = models.BooleanField(_("research"), default=False)
    # Of minors: no more is kept than what decides whether somebody has to agree for them
    is_minor = models.BooleanField(_("younger than 18"), default=False)
    country = models.CharField(_("country"), max_length=2, blank=True)
    needs_guardian = models.BooleanField(_("waits for a guardian"), default=False)
    guardian_link = models.OneToOneField(
        "GuardianLink", models.RESTRICT, null=True, blank=True, related_name="answer"
    )

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(name="consent_newest", fields=["speaker", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="consent_of_guardian_has_link",
                condition=Q(method=Method.GUARDIAN, guardian_link__isnull=False)
                | (~Q(method=Method.GUARDIAN) & Q(guardian_link=None)),
            ),
            models.CheckConstraint(
                name="consent_waits_for_minors_alone", condition=Q(needs_guardian=False) | Q(is_minor=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.text_id} {self.given_at:%Y-%m-%d}"

    def allows(self, purpose: Purpose) -> bool:
        """Tell whether this answer says yes to the purpose."""
        return bool(getattr(self, purpose.value))

    def save(self, *args: object, **kwargs: object) -> None:
        """Write a new row; an answer that was given is never changed, a new one is appended."""
        if not self._state.adding:
            raise TypeError("Consent is append-only.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class GuardianLink(models.Model):
    """A link, kept by its hash, by which a guardian answers once for a child's newest answer."""

    consent = models.ForeignKey(Consent, models.CASCADE, related_name="guardian_links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("link for a guardian")
        verbose_name_plural = _("links for guardians")

    def __str__(self) -> str:
        return f"{self.consent_id} {self.expires_at:%Y-%m-%d}"


class Claim(models.Model):
    """That somebody who signed in took the voices of a device into their account; kept, so that it can be undone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="claims")
    made_at = models.DateTimeField(_("when"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim of voices")
        verbose_name_plural = _("claims of voices")

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d}"


class ClaimedVoice(models.Model):
    """What a claim changed of one voice: whose it was before, and whether it got its account by the claim."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="voices", db_index=False)
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")
    person_before = models.UUIDField()
    was_anonymous = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(name="claimed_once", fields=["claim", "speaker"])]

    def __str__(self) -> str:
        return str(self.speaker_id)


class NewsReader(models.Model):
    """That somebody asked to be told of releases by e-mail, in a language of the interface; told is up to a moment."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="news")
    locale = models.CharField(_("language"), max_length=35)
    since = models.DateTimeField(_("since"), default=timezone.now)
    told_until = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("reader of news")
        verbose_name_plural = _("readers of news")

    def __str__(self) -> str:
        return str(self.user_id)


class Grant(models.Model):
    """A role that somebody was given, in one language or, without one, in all."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", db_index=False)
    role = models.CharField(_("role"), max_length=9, choices=[(r, r.label) for r in Role if r.is_granted])
    language = models.ForeignKey(Language, models.CASCADE, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(name="grant_once_a_language", fields=["user", "role", "language"]),
            models.UniqueConstraint(
                name="grant_once_for_all", fields=["user", "role"], condition=Q(language=None)
            ),
            models.CheckConstraint(name="grant_is_known", condition=Q(role__in=["moderator", "organiser"])),
        ]

    def __str__(self) -> str:
        return self.role


class AuditEntry(models.Model):
    """One privileged act. Each entry holds the hash of the one before, so that none can be changed or left out."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(_("when"))
    actor = models.CharField(_("who"), max_length=64)  # user:7 or command:release
    act = models.CharField(_("what"), max_length=64)
    about = models.CharField(_("about"), max_length=100, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    previous = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} {self.act}"


class AuditHead(models.Model):
    """Where the audit log ends: the one row that writers wait for each other at."""

    number = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_head_once", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self.number)
