"""Recordings as they came, and the clips cut from them. The row of a recording is also its job."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import aloud
from accounts.models import Consent, ConsentText, Speaker
from common.ring import random_place
from common.statements import Given
from languages.models import Language
from prompts.models import Prompt
from recordings import keys
from recordings.audio.order import Cut
from recordings.states import NEXT, ClipState, ReadingState, RecordingState

MAX_ATTEMPTS = 3
# How long a worker may be silent: it says every few seconds that it still works, but for copying the original
LEASES = {Cut.WHOLE: timedelta(seconds=20), Cut.PAUSES: timedelta(minutes=5)}


class StaleTransition(Exception):  # noqa: N818 -- it says what happened
    """Somebody else moved the row first."""


class RecordingQuerySet(models.QuerySet["Recording"]):
    def next_due(self, count: int) -> list[uuid.UUID]:
        """Return the ids of due recordings: new ones first, then those that failed, then those derived again."""
        rows = self.due(timezone.now()).order_by("again", "attempts", "not_before")
        return list(rows.values_list("pk", flat=True)[:count])

    def due(self, now: datetime) -> "RecordingQuerySet":
        """Recordings that a worker may claim: new ones, and those whose worker let its lease run out."""
        waiting = Q(state=RecordingState.RECEIVED, not_before__lte=now)
        abandoned = Q(state=RecordingState.PROCESSING, lease_until__lt=now)
        return self.filter(waiting | abandoned)

    def claim(self, recording_id: uuid.UUID) -> "Recording | None":
        """Take the job, if it is due and nobody else was faster; None otherwise."""
        now = timezone.now()
        token = uuid.uuid4()
        won = (
            self.due(now)
            .filter(pk=recording_id, attempts__lt=MAX_ATTEMPTS)
            .update(
                state=RecordingState.PROCESSING,
                token=token,
                lease_until=Case(
                    *(When(cut=cut, then=Value(now + lease)) for cut, lease in LEASES.items()),
                    output_field=models.DateTimeField(),
                ),
                attempts=models.F("attempts") + 1,
            )
        )
        return (
            self.select_related("language", "prompt", "speaker").get(pk=recording_id, token=token)
            if won
            else None
        )

    def set_aside_hopeless(self) -> int:
        """Quarantine what has failed too often, original kept; return how many."""
        return (
            self.due(timezone.now())
            .filter(attempts__gte=MAX_ATTEMPTS)
            .update(state=RecordingState.QUARANTINED, refusal="failed", token=None, lease_until=None)
        )


class Recording(models.Model):
    """One take as it was uploaded. `token` is held by the worker that works on it until `lease_until`."""

    id = models.UUIDField(primary_key=True, editable=False)
    take_id = models.UUIDField(editable=False)
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="recordings", db_index=False)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, blank=True)
    language = models.ForeignKey(Language, models.PROTECT, related_name="recordings")
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="recordings")
    cut = models.CharField(_("how it is cut"), max_length=6, default=Cut.WHOLE, choices=[(c, c) for c in Cut])
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    recorder = models.JSONField(_("what the browser applied"), default=dict, blank=True)
    # What the speaker had said of themselves at that time
    age = models.CharField(max_length=16, blank=True)
    gender = models.CharField(max_length=24, blank=True)
    accents = models.TextField(blank=True)
    variant = models.TextField(blank=True)
    first_language = models.CharField(max_length=35, blank=True)
    # The job
    state = models.CharField(
        max_length=11, default=RecordingState.RECEIVED, choices=[(s, s) for s in RecordingState]
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    again = models.BooleanField(_("derived again"), default=False)
    not_before = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)
    # What was found
    refusal = models.CharField(_("why it was refused"), max_length=40, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    container = models.CharField(max_length=16, blank=True)
    codec = models.CharField(max_length=32, blank=True)
    sample_rate = models.PositiveIntegerField(null=True, blank=True)
    frames = models.PositiveBigIntegerField(null=True, blank=True)
    pcm_sha256 = models.CharField(max_length=64, blank=True)
    pipeline_version = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        constraints = [
            models.UniqueConstraint(name="recording_take_once", fields=["speaker", "take_id"]),
            models.UniqueConstraint(
                name="recording_sound_once",
                fields=["pcm_sha256"],
                condition=~Q(pcm_sha256="") & ~Q(state=RecordingState.REFUSED),
            ),
            models.CheckConstraint(
                name="recording_held_has_token",
                condition=~Q(state=RecordingState.PROCESSING)
                | Q(token__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="recording_refused_has_reason",
                condition=~Q(state=RecordingState.REFUSED) | ~Q(refusal=""),
            ),
            models.CheckConstraint(
                name="recording_processed_was_decoded",
                condition=~Q(state=RecordingState.PROCESSED) | ~Q(pcm_sha256=""),
            ),
        ]
        indexes = [
            models.Index(
                name="recording_due",
                fields=["again", "attempts", "not_before"],
                condition=Q(state__in=[RecordingState.RECEIVED, RecordingState.PROCESSING]),
            ),
            models.Index(
                name="recording_to_erase", fields=["not_before"], condition=Q(state=RecordingState.WITHDRAWN)
            ),
            models.Index(
                name="recording_to_agree",
                fields=["speaker"],
                condition=Q(state=RecordingState.QUARANTINED, consent=None, refusal=""),
            ),
            models.Index(name="recording_of_speaker", fields=["speaker", "-received_at"]),
            # By the speaker first: what one person did lies together, and most of the collection is not theirs
            models.Index(name="recording_read", fields=["speaker", "prompt"]),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def original_key(self) -> str:
        """Where the bytes lie, as they came."""
        return keys.original(self.id, self.sha256)

    def hold(self) -> None:
        """Renew the lease of the worker that holds this row. Raises StaleTransition if it holds it no longer."""
        lease_until = timezone.now() + LEASES[Cut(self.cut)]
        held = Recording.objects.filter(pk=self.pk, state=RecordingState.PROCESSING, token=self.token)
        if not held.update(lease_until=lease_until):
            raise StaleTransition(f"recording {self.pk} is no longer held")
        self.lease_until = lease_until

    def move_to(self, state: RecordingState, **changes: object) -> None:
        """Change the state and what goes with it, if nobody did so since this row was read.

        Raises StaleTransition if somebody did: a worker stopped beyond its lease writes nothing.
        """
        if state not in NEXT[RecordingState(self.state)]:
            raise ValueError(f"A recording does not go from {self.state} to {state}.")
        unmoved = Recording.objects.filter(pk=self.pk, state=self.state, token=self.token)
        changes |= {"state": state, "token": None, "lease_until": None}
        if not unmoved.update(**changes):
            raise StaleTransition(f"recording {self.pk} is no longer {self.state}")
        for name, value in changes.items():
            setattr(self, name, value)


class ClipQuerySet(models.QuerySet["Clip"]):
    def open(self, language: Language | Given) -> "ClipQuerySet":
        """Clips of the language that wait for votes."""
        return self.filter(language=language, state=ClipState.OPEN)


class Clip(models.Model):
    """One utterance cut from a recording: what is voted on and released."""

    id = models.UUIDField(primary_key=True, editable=False)
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="clips", db_index=False)
    position = models.PositiveIntegerField(default=0)
    # Of the recording, repeated for the walks of selection and release
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="clips", db_index=False)
    language = models.ForeignKey(Language, models.PROTECT, related_name="clips", db_index=False)
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="clips")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Cut: samples of the decoded original
    start = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()
    duration_ms = models.PositiveIntegerField()
    pcm_sha256 = models.CharField(max_length=64)
    fingerprint = models.BinaryField(default=bytes)
    pipeline_version = models.PositiveSmallIntegerField(default=1)
    warnings = models.JSONField(default=list, blank=True)
    delivery_sha256 = models.CharField(max_length=64)
    delivery_size = models.PositiveIntegerField()
    master_sha256 = models.CharField(max_length=64)
    master_size = models.PositiveIntegerField()
    # Votes
    state = models.CharField(max_length=13, default=ClipState.OPEN, choices=[(s, s) for s in ClipState])
    yes_count = models.PositiveIntegerField(default=0)
    no_count = models.PositiveIntegerField(default=0)
    heard = models.GeneratedField(
        expression=models.F("yes_count") + models.F("no_count"),
        output_field=models.PositiveIntegerField(),
        db_persist=True,
    )
    # Never changed: votes repeat it. A key's own place would tell which clips lie where no others do: gold ones, which
    # are to look like all
    place = models.PositiveBigIntegerField(default=random_place, editable=False)

    objects = ClipQuerySet.as_manager()

    class Meta:
        verbose_name = _("clip")
        verbose_name_plural = _("clips")
        constraints = [
            models.UniqueConstraint(name="clip_position_once", fields=["recording", "position"]),
            models.CheckConstraint(
                name="clip_has_length", condition=Q(end__gt=models.F("start"), duration_ms__gt=0)
            ),
        ]
        indexes = [
            models.Index(name="clip_walk", fields=["language", "state", "place"]),
            # Tells all of what selection walks past first: PostgreSQL then reads no row of the table itself
            models.Index(
                name="clip_choice",
                fields=["language", "state", "heard", "place"],
                include=["id", "speaker", "warnings", "prompt", "pipeline_version"],
            ),
            models.Index(name="clip_of_day", fields=["language", "created_at"]),
            models.Index(name="clip_of_speaker", fields=["speaker", "-created_at"]),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def master_key(self) -> str:
        """Where the lossless FLAC lies."""
        return keys.master(self.id, self.pipeline_version)

    @property
    def delivery_key(self) -> str:
        """Where the MP3 lies."""
        return keys.delivery(self.id, self.pipeline_version)


class Signal(models.Model):
    """One measured fact about a clip."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="signals", db_index=False)
    name = models.CharField(max_length=32)
    value = models.FloatField()
    unit = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [models.UniqueConstraint(name="signal_once", fields=["clip", "name"])]

    def __str__(self) -> str:
        return f"{self.name}={self.value} {self.unit}"


class SessionLine(models.Model):
    """One sentence of a list that was read in one go, in its order."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(name="session_line_once", fields=["recording", "position"])]

    def __str__(self) -> str:
        return f"{self.recording_id} {self.position}"


class Derivation(models.Model):
    """That a version of the pipeline worked on a recording, and what came out; append-only."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="derivations")
    pipeline_version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    refusal = models.CharField(max_length=40, blank=True)
    clips = models.JSONField(default=list)  # id, start, end, master_sha256, delivery_sha256 of each

    class Meta:
        verbose_name = _("derivation")
        verbose_name_plural = _("derivations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.recording_id} version {self.pipeline_version}"


class Withdrawal(models.Model):
    """A clip that was taken back: what others need to delete it too, and nothing of the person. Kept for ever."""

    clip_id = models.UUIDField(primary_key=True)
    locale = models.CharField(max_length=35)
    delivery_sha256 = models.CharField(max_length=64, blank=True)
    master_sha256 = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self) -> str:
        return str(self.clip_id)


class Reading(models.Model):
    """A sentence, or a version of the consent text, read aloud for people who don't read; the row is also its job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    prompt = models.ForeignKey(
        Prompt, models.CASCADE, null=True, blank=True, related_name="readings", db_index=False
    )
    text = models.ForeignKey(
        ConsentText, models.CASCADE, null=True, blank=True, related_name="readings", db_index=False
    )
    reader = models.ForeignKey(Speaker, models.CASCADE, null=True, blank=True, related_name="readings")
    added_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"), max_length=7, default=ReadingState.WAITING, choices=[(s, s) for s in ReadingState]
    )
    refusal = models.CharField(_("why it is refused"), max_length=40, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"))  # of the MP3; until there is one, of what was sent
    sha256 = models.CharField(max_length=64)
    duration_ms = models.PositiveIntegerField(_("length in ms"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("reading aloud")
        verbose_name_plural = _("readings aloud")
        constraints = [
            models.CheckConstraint(
                name="reading_of_one_text", condition=Q(prompt__isnull=True) ^ Q(text__isnull=True)
            ),
            models.UniqueConstraint(name="reading_of_prompt_once", fields=["prompt", "state"]),
            models.UniqueConstraint(name="reading_of_text_once", fields=["text", "state"]),
            models.CheckConstraint(
                name="reading_ready_has_length",
                condition=Q(state=ReadingState.READY, duration_ms__gt=0)
                | (~Q(state=ReadingState.READY) & Q(duration_ms=0)),
            ),
            models.CheckConstraint(
                name="reading_refused_has_reason",
                condition=(Q(state=ReadingState.REFUSED) & ~Q(refusal=""))
                | (~Q(state=ReadingState.REFUSED) & Q(refusal="")),
            ),
        ]
        indexes = [models.Index(name="reading_due", fields=["state", "added_at"])]

    def __str__(self) -> str:
        return f"{self.prompt_id or self.text_id} {self.state}"

    @property
    def delivery_key(self) -> str:
        """Where the MP3 lies once there is one."""
        return aloud.key(self.pk)
