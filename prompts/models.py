"""Prompts: what a speaker responds to, sentences and topics; the text of one that was recorded is never changed."""

import random
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from languages.models import Language, Variant
from prompts.options import Domain, Kind
from prompts.states import PromptState

SHUFFLE_RANGE = 2**31


def random_place() -> int:
    """Return a prompt's place in the shuffled order that selection walks."""
    return random.randrange(SHUFFLE_RANGE)  # noqa: S311 -- an order, not a secret


class PromptQuerySet(models.QuerySet["Prompt"]):
    def in_use(self, language: Language) -> "PromptQuerySet":
        """Sentences of the language that can be recorded."""
        return self.filter(language=language, kind=Kind.SENTENCE, state=PromptState.IN_USE)

    def wanted(self, language: Language) -> "PromptQuerySet":
        """Sentences in use that have fewer clips than the language wants of each."""
        return self.in_use(language).filter(clips_count__lt=language.clips_per_prompt)


class Prompt(models.Model):
    """A sentence to read aloud, or a topic to speak about, with where it came from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.ForeignKey(Language, models.PROTECT, related_name="prompts")
    variant = models.ForeignKey(Variant, models.PROTECT, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SENTENCE)
    text = models.TextField(_("text"))
    text_key = models.CharField(_("hash of the normalised text"), max_length=64, editable=False)
    domain = models.CharField(_("domain"), max_length=32, blank=True, choices=Domain.choices)
    source = models.CharField(_("source"), max_length=200)
    state = models.CharField(
        _("state"), max_length=9, default=PromptState.SUBMITTED, choices=[(s, s) for s in PromptState]
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    clips_count = models.PositiveIntegerField(_("recordings"), default=0, editable=False)
    reserved = models.PositiveIntegerField(_("reservations"), default=0, editable=False)
    taken = models.GeneratedField(
        expression=models.F("clips_count") + models.F("reserved"),
        output_field=models.PositiveIntegerField(),
        db_persist=True,
    )
    place = models.PositiveBigIntegerField(default=random_place, editable=False)

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        constraints = [
            models.UniqueConstraint(name="prompt_text_once", fields=["language", "text_key"]),
            models.CheckConstraint(name="prompt_has_text", condition=~models.Q(text="")),
        ]
        indexes = [
            models.Index(name="prompt_levels", fields=["language", "state", "taken", "place"]),
            models.Index(name="prompt_ring", fields=["language", "state", "place"]),
        ]

    def __str__(self) -> str:
        return self.text


class PromptSkip(models.Model):
    """A speaker who would rather not read this prompt."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="skips")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="prompt_skipped_once", fields=["speaker", "prompt"])]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.prompt_id}"


class Reservation(models.Model):
    """A prompt that was handed out to a speaker, who may send a take of it until then or later."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="reservations")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")
    language = models.ForeignKey(Language, models.CASCADE, related_name="+")
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="reservation_once", fields=["speaker", "prompt"])]
        indexes = [models.Index(name="reservation_held", fields=["speaker", "language", "until"])]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.prompt_id}"


class Stretch(models.Model):
    """A part [start, end) of a shuffled order that held nothing new to a speaker when it was walked."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")
    language = models.ForeignKey(Language, models.CASCADE, related_name="+")
    of = models.CharField(max_length=100)
    start = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()
    learnt_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="stretch_once", fields=["speaker", "language", "of", "end"]),
            models.CheckConstraint(name="stretch_has_length", condition=models.Q(end__gt=models.F("start"))),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.start}-{self.end}"
