"""What was given in each language, counted now and then and kept in rows, so that no page counts clips itself."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from languages.models import Language


class Kind(models.TextChoices):
    """What people are grouped by."""

    AGE = "age", _("Age")
    GENDER = "gender", _("Gender")
    ACCENT = "accent", _("Accent")


class Tally(models.Model):
    """The numbers of one language; the row is also the job of counting them again once that is due."""

    language = models.OneToOneField(Language, models.CASCADE, related_name="tally")
    clips = models.PositiveIntegerField(default=0)
    recorded_ms = models.PositiveBigIntegerField(default=0)
    checked_ms = models.PositiveBigIntegerField(default=0)
    voices = models.PositiveIntegerField(default=0)
    undecided = models.PositiveIntegerField(default=0)
    sentences_left = models.PositiveIntegerField(default=0)
    sentences_submitted = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.language_id} {self.counted_at}"


class Day(models.Model):
    """What was recorded, and what was found valid, on one day (UTC)."""

    language = models.ForeignKey(Language, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    clips = models.PositiveIntegerField(default=0)
    recorded_ms = models.PositiveBigIntegerField(default=0)
    checked_ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(name="day_once", fields=["language", "day"])]

    def __str__(self) -> str:
        return f"{self.language_id} {self.day}"


class Group(models.Model):
    """How many people of one age, gender or accent gave how much; an empty value is those who did not say."""

    language = models.ForeignKey(Language, models.CASCADE, related_name="groups", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    value = models.CharField(max_length=120, blank=True)
    people = models.PositiveIntegerField()
    recorded_ms = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="group_once", fields=["language", "kind", "value"])]

    def __str__(self) -> str:
        return f"{self.language_id} {self.kind} {self.value}"
