"""Releases and what each froze: copied rows, never live afterwards, and without any link to a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from export import keys
from export.keys import Kind
from export.splits import Splitting
from export.states import NEXT, PUBLIC, ReleaseState, SliceState
from languages.models import Language
from validation.verdict import Verdict

SPLITS = ["train", "dev", "test"]


def every_kind() -> list[str]:
    """Return what archives a scheduled release has unless somebody chooses; deltas come by themselves."""
    return [kind for kind in Kind if kind != Kind.DELTA]


class StaleTransition(Exception):  # noqa: N818 -- it says what happened
    """Somebody else moved the row first."""


class ReleaseQuerySet(models.QuerySet["Release"]):
    def public(self) -> "ReleaseQuerySet":
        """Releases that the world has been told of, newest first; withdrawn ones too."""
        return self.filter(state__in=PUBLIC).order_by("-published_at", "-id")

    def numbered(self, number: str) -> "ReleaseQuerySet":
        """The release with this number, if there is one; anything but N.M names none."""
        if not keys.NUMBER.fullmatch(number):
            return self.none()
        major, minor = number.split(".")
        return self.filter(major=int(major), minor=int(minor))


class Release(models.Model):
    """A numbered publication of one or several languages as they stood at the end of the cutoff day."""

    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField()
    corpus = models.CharField(_("name of the collection"), max_length=24)
    cutoff = models.DateField(_("last day"))
    state = models.CharField(max_length=9, default=ReleaseState.DRAFT, choices=[(s, s) for s in ReleaseState])
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    kinds = models.JSONField(_("archives"), default=list, blank=True)
    unattended = models.BooleanField(_("made by workers"), default=False, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    refused = models.TextField(_("why it cannot be published"), blank=True, editable=False)
    withdrawn_because = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-major", "-minor"]
        constraints = [
            models.UniqueConstraint(name="release_number_once", fields=["major", "minor"]),
            models.CheckConstraint(
                name="release_frozen_has_time",
                condition=Q(state=ReleaseState.DRAFT) | Q(frozen_at__isnull=False),
            ),
            models.CheckConstraint(
                name="release_public_has_time",
                condition=~Q(state__in=sorted(PUBLIC)) | Q(published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.stem

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def stem(self) -> str:
        """What the names of all its files begin with, and the folder that its archives unpack to."""
        return keys.stem(self.corpus, self.number, self.cutoff)

    @property
    def is_withdrawn(self) -> bool:
        return self.state == ReleaseState.WITHDRAWN

    def move_to(self, state: ReleaseState, **changes: object) -> None:
        """Change the state and what goes with it; raises StaleTransition if somebody was faster."""
        if state not in NEXT[ReleaseState(self.state)]:
            raise ValueError(f"A release does not go from {self.state} to {state}.")
        changes |= {"state": state}
        if not Release.objects.filter(pk=self.pk, state=self.state).update(**changes):
            raise StaleTransition(f"release {self.number} is no longer {self.state}")
        for name, value in changes.items():
            setattr(self, name, value)


class Schedule(models.Model):
    """Releases that workers make by themselves, one each so many months."""

    major = models.PositiveSmallIntegerField(_("first part of their number"), default=1)
    next_cutoff = models.DateField(_("last day of the next one"))
    every_months = models.PositiveSmallIntegerField(_("months from one to the next"), default=3)
    languages = models.ManyToManyField(Language, blank=True, help_text=_("None: all that have recordings."))
    kinds = models.JSONField(_("archives"), default=every_kind)
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("schedule of releases")
        verbose_name_plural = _("schedules of releases")
        constraints = [
            models.CheckConstraint(
                name="schedule_goes_on", condition=Q(every_months__gte=1, every_months__lte=60)
            )
        ]

    def __str__(self) -> str:
        return f"{self.major}.x {self.next_cutoff}"


class Edition(models.Model):
    """One language of a release."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="editions", db_index=False)
    language = models.ForeignKey(Language, models.PROTECT, related_name="editions")
    locale = models.CharField(max_length=35)
    quorum = models.PositiveSmallIntegerField()
    weighed = models.BooleanField(_("votes were weighed"), default=False)
    splitting = models.CharField(max_length=12, default=Splitting.STABLE, choices=[(s, s) for s in Splitting])
    statistics = models.JSONField(default=dict, blank=True)
    blanked = models.JSONField(_("speakers whose details are held back"), default=dict, blank=True)

    class Meta:
        verbose_name = _("language of a release")
        verbose_name_plural = _("languages of a release")
        ordering = ["locale"]
        constraints = [models.UniqueConstraint(name="edition_language_once", fields=["release", "language"])]

    def __str__(self) -> str:
        return f"{self.release_id} {self.locale}"


class Voice(models.Model):
    """A speaker as the releases of one language know them; goes with the speaker, what was published stays.

    `profile` and `history` are what published releases told of them: see `anonymity`.
    """

    language = models.ForeignKey(Language, models.CASCADE, related_name="+", db_index=False)
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")
    client_id = models.CharField(max_length=128, unique=True)
    split = models.CharField(max_length=5, blank=True)
    profile = models.JSONField(default=list, blank=True)
    history = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="voice_once", fields=["language", "speaker"]),
            models.CheckConstraint(name="voice_split_is_known", condition=Q(split__in=["", *SPLITS])),
        ]

    def __str__(self) -> str:
        return self.client_id[:12]


class Home(models.Model):
    """The split to which a sentence belongs in all releases of its language, and the clip that stands for it there."""

    language = models.ForeignKey(Language, models.CASCADE, related_name="+", db_index=False)
    text_key = models.CharField(max_length=64)
    split = models.CharField(max_length=5)
    clip_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="home_once", fields=["language", "text_key"]),
            models.CheckConstraint(name="home_split_is_known", condition=Q(split__in=SPLITS)),
        ]

    def __str__(self) -> str:
        return f"{self.text_key[:12]} {self.split}"


class FrozenSpeaker(models.Model):
    """What a release tells of a speaker, after rare profiles were held back."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="speakers", db_index=False)
    client_id = models.CharField(max_length=128)
    age = models.CharField(max_length=16, blank=True)
    gender = models.CharField(max_length=24, blank=True)
    accents = models.TextField(blank=True)
    variant = models.TextField(blank=True)
    split = models.CharField(max_length=5, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="frozen_speaker_once", fields=["edition", "client_id"]),
            models.CheckConstraint(
                name="frozen_speaker_split_is_known", condition=Q(split__in=["", *SPLITS])
            ),
        ]

    def __str__(self) -> str:
        return self.client_id[:12]


class FrozenSentence(models.Model):
    """A sentence as it stood, read or not."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="sentences", db_index=False)
    sentence_id = models.UUIDField()
    text = models.TextField()
    text_key = models.CharField(max_length=64)
    variant = models.TextField(blank=True)
    domain = models.CharField(max_length=32, blank=True)
    source = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=9)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="frozen_sentence_once", fields=["edition", "sentence_id"]),
            models.CheckConstraint(name="frozen_sentence_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


class FrozenClip(models.Model):
    """A clip with its votes and the verdict on it, as they stood."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="clips", db_index=False)
    clip_id = models.UUIDField()
    speaker = models.ForeignKey(FrozenSpeaker, models.CASCADE, related_name="clips")
    sentence = models.ForeignKey(FrozenSentence, models.CASCADE, related_name="clips")
    created_at = models.DateTimeField()
    up_votes = models.PositiveIntegerField()
    down_votes = models.PositiveIntegerField()
    verdict = models.CharField(max_length=7)
    split = models.CharField(max_length=5, blank=True)
    train_all = models.BooleanField(default=False)
    duration_ms = models.PositiveIntegerField()
    pipeline_version = models.PositiveSmallIntegerField()
    delivery_size = models.PositiveIntegerField()
    delivery_sha256 = models.CharField(max_length=64)
    master_size = models.PositiveIntegerField()
    master_sha256 = models.CharField(max_length=64)
    signals = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="frozen_clip_once", fields=["edition", "clip_id"]),
            models.CheckConstraint(name="frozen_clip_has_length", condition=Q(duration_ms__gt=0)),
            models.CheckConstraint(name="frozen_clip_split_is_known", condition=Q(split__in=["", *SPLITS])),
            models.CheckConstraint(
                name="frozen_clip_split_is_valid", condition=Q(split="") | Q(verdict=Verdict.VALID)
            ),
            models.CheckConstraint(
                name="frozen_clip_train_is_in_train_all", condition=~Q(split="train") | Q(train_all=True)
            ),
            models.CheckConstraint(
                name="frozen_clip_held_out_is_not", condition=Q(split__in=["", "train"]) | Q(train_all=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.clip_id)


class FrozenReport(models.Model):
    """A complaint about a sentence."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="reports")
    sentence = models.ForeignKey(FrozenSentence, models.CASCADE)
    reason = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.reason


class Archive(models.Model):
    """One file of an edition to download; `sha256` is empty until it is whole."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="archives", db_index=False)
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in Kind])
    section = models.CharField(max_length=9, blank=True)  # of a shard: which clips
    shard = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=150, unique=True)
    clips = models.PositiveIntegerField()
    duration_ms = models.PositiveBigIntegerField()
    expected = models.PositiveBigIntegerField(
        default=0
    )  # bytes of the tar, but for what stands before the clips
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    upload_id = models.TextField(blank=True)

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archives")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="archive_kind_once", fields=["edition", "kind", "section", "shard"]),
            models.CheckConstraint(
                name="archive_whole_has_bytes",
                condition=Q(sha256="", bytes=0) | (~Q(sha256="") & Q(bytes__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Where the file lies in the storage of releases."""
        return keys.published(self.edition.release.number, self.name)

    @property
    def url(self) -> str:
        """Its lasting address."""
        return f"{settings.SITE_URL}/datasets/{self.edition.release.number}/{self.name}"

    @property
    def hours(self) -> float:
        return round(self.duration_ms / 3_600_000, 4)


class Slice(models.Model):
    """Whole members of an archive, deflated apart: clips after `after` up to `until`; the row is also the job.

    `token` is held by the worker that works on it until `lease_until`. `crc32` and `raw_bytes` are of the tar's bytes,
    `bytes` and `etag` of the deflated ones.
    """

    archive = models.ForeignKey(Archive, models.CASCADE, related_name="slices", db_index=False)
    number = models.PositiveIntegerField()
    after = models.UUIDField(null=True, blank=True)
    until = models.UUIDField(null=True, blank=True)
    clips = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, default=SliceState.WAITING, choices=[(s, s) for s in SliceState])
    built_at = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    raw_bytes = models.PositiveBigIntegerField(default=0)
    crc32 = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    etag = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="slice_number_once", fields=["archive", "number"]),
            models.CheckConstraint(
                name="slice_held_has_token",
                condition=~Q(state=SliceState.BUILDING) | Q(token__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="slice_built_has_bytes",
                condition=~Q(state=SliceState.BUILT) | Q(bytes__gt=0, raw_bytes__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.archive_id} {self.number}"


class Document(models.Model):
    """A small file of a release, or of one language of it, served from its row: checksums, a datasheet, a plot."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="documents", db_index=False)
    edition = models.ForeignKey(Edition, models.CASCADE, null=True, blank=True, related_name="documents")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="document_name_once", fields=["release", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Its lasting address."""
        return f"{settings.SITE_URL}/datasets/{self.release.number}/{self.name}"
