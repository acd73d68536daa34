"""What people say about clips and prompts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker
from prompts.models import Prompt
from recordings.models import Clip
from validation.options import Choice


class Vote(models.Model):
    """One person's judgement of one clip; a later one replaces it."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="votes")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="votes")
    choice = models.CharField(max_length=6, choices=Choice.choices)
    reasons = models.JSONField(default=list, blank=True)
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint(name="vote_once", fields=["speaker", "clip"])]

    def __str__(self) -> str:
        return f"{self.choice} {self.clip_id}"


class ClipSkip(models.Model):
    """A listener who would rather not judge this clip."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="skips")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="clip_skipped_once", fields=["speaker", "clip"])]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.clip_id}"


class Report(models.Model):
    """A complaint about a clip or a prompt."""

    speaker = models.ForeignKey(Speaker, models.SET_NULL, null=True, related_name="reports")
    clip = models.ForeignKey(Clip, models.CASCADE, null=True, blank=True, related_name="reports")
    prompt = models.ForeignKey(Prompt, models.CASCADE, null=True, blank=True, related_name="reports")
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                name="report_about_one_thing",
                condition=Q(clip__isnull=True, prompt__isnull=False)
                | Q(clip__isnull=False, prompt__isnull=True),
            ),
            models.UniqueConstraint(name="report_once_clip", fields=["speaker", "clip", "reason"]),
            models.UniqueConstraint(name="report_once_prompt", fields=["speaker", "prompt", "reason"]),
        ]

    def __str__(self) -> str:
        return self.reason
