"""What people say about clips and prompts."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker, User
from common.ring import random_place
from languages.models import Language
from prompts.models import Prompt
from recordings.models import Clip
from validation.options import Choice, Decision, Opinion, Standing
from validation.verdict import Verdict


class Assignment(models.Model):
    """That a clip was handed to a listener, who may judge it once; the vote takes the row away.

    The database checks none of its keys: docs/adr/0018-what-lapses-has-no-foreign-keys.md.
    """

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="+", db_constraint=False)
    speaker = models.ForeignKey(
        Speaker, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    served_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="assignment_once", fields=["speaker", "clip"])]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.clip_id}"


class PlaceOfClip(models.BigIntegerField):  # type: ignore[type-arg]
    """The place of the row's clip, repeated: what walks find together lies together in the index of who did it."""

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """Return the place, which the instance has from now on."""
        if getattr(instance, self.attname) is None:
            setattr(instance, self.attname, instance.clip.place)  # type: ignore[attr-defined]
        return super().pre_save(instance, add)


class Vote(models.Model):
    """One person's judgement of one clip; a later one replaces it. Only those whose standing is "counts" decide."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="votes", db_index=False)
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="votes", db_index=False)
    # Empty where code from before cast it while it was replaced, until the next night
    place = PlaceOfClip(null=True, editable=False)
    choice = models.CharField(max_length=6, choices=Choice.choices)
    reasons = models.JSONField(default=list, blank=True)
    standing = models.CharField(
        _("standing"), max_length=8, default=Standing.COUNTS, choices=Standing.choices
    )
    served_at = models.DateTimeField(_("handed out"), default=timezone.now)
    cast_at = models.DateTimeField(_("cast"), default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [models.UniqueConstraint("clip", "speaker", name="clip_judged_once")]
        indexes = [
            models.Index(name="vote_walk", fields=["speaker", "place", "clip"]),
            models.Index(name="vote_newest", fields=["speaker", "-cast_at"]),
            models.Index(name="vote_of_day", fields=["cast_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.choice} {self.clip_id}"


class Judgement(models.Model):
    """That the votes on a clip came to decide otherwise than before; append-only."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="judgements", db_index=False)
    verdict = models.CharField(max_length=7, choices=[(v, v) for v in Verdict])
    yes_count = models.PositiveIntegerField()
    no_count = models.PositiveIntegerField()
    posterior = models.FloatField(null=True, blank=True)  # where votes are weighed
    rule_version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        ordering = ["pk"]
        indexes = [models.Index(name="judgement_newest", fields=["clip", "id"])]

    def __str__(self) -> str:
        return f"{self.verdict} {self.clip_id}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Write a new row; what was decided once is never changed."""
        if not self._state.adding:
            raise TypeError("Judgements are append-only.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class ClipSkip(models.Model):
    """A listener who would rather not judge this clip."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="skips")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="clip_skipped_once", fields=["speaker", "clip"])]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.clip_id}"


class Report(models.Model):
    """A complaint about a clip or a prompt."""

    speaker = models.ForeignKey(Speaker, models.SET_NULL, null=True, related_name="reports", db_index=False)
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


class Hiding(models.Model):
    """A clip or prompt that several people reported: out of sight until a moderator upholds or dismisses that."""

    clip = models.ForeignKey(Clip, models.CASCADE, null=True, blank=True, related_name="hidings")
    prompt = models.ForeignKey(Prompt, models.CASCADE, null=True, blank=True, related_name="hidings")
    hidden_at = models.DateTimeField(_("hidden"), default=timezone.now)
    decision = models.CharField(_("decision"), max_length=9, blank=True, choices=Decision.choices)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("hidden after reports")
        verbose_name_plural = _("hidden after reports")
        constraints = [
            models.CheckConstraint(
                name="hiding_of_one_thing",
                condition=Q(clip__isnull=True, prompt__isnull=False)
                | Q(clip__isnull=False, prompt__isnull=True),
            ),
            models.UniqueConstraint(name="hiding_open_clip", fields=["clip"], condition=Q(decision="")),
            models.UniqueConstraint(name="hiding_open_prompt", fields=["prompt"], condition=Q(decision="")),
            models.CheckConstraint(
                name="hiding_decided_has_time",
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.clip_id or self.prompt_id)


class Gold(models.Model):
    """A clip with a known answer, which listeners meet like any other: it shows how far their votes can be trusted."""

    clip = models.OneToOneField(Clip, models.CASCADE, primary_key=True, related_name="gold")
    # Of the clip, repeated for the walk; empty where code from before marked it while it was replaced: not handed out
    language = models.ForeignKey(
        Language, models.CASCADE, null=True, related_name="+", db_index=False, db_constraint=False
    )
    place = models.PositiveBigIntegerField(null=True, default=random_place, editable=False)
    is_good = models.BooleanField(_("good"))
    marked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("marked by")
    )
    marked_at = models.DateTimeField(_("marked"), default=timezone.now)

    class Meta:
        verbose_name = _("gold clip")
        verbose_name_plural = _("gold clips")
        indexes = [models.Index(name="gold_walk", fields=["language", "place"])]

    def __str__(self) -> str:
        return str(self.clip_id)


class Reliability(models.Model):
    """How far a listener's votes in a language can be trusted, as the model of the last night has it."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="reliabilities", db_index=False)
    language = models.ForeignKey(Language, models.CASCADE, related_name="+")
    skill = models.FloatField(_("how often right"))
    answers = models.PositiveIntegerField(_("answers"))
    gold_answers = models.PositiveIntegerField(_("answers to gold clips"))
    answers_alike = models.BooleanField(_("answers alike whatever is said"))
    for_yes = models.FloatField(_("weight of a yes"), default=0)
    for_no = models.FloatField(_("weight of a no"), default=0)
    measured_at = models.DateTimeField(_("measured"), default=timezone.now)

    class Meta:
        verbose_name = _("reliability of a listener")
        verbose_name_plural = _("reliability of listeners")
        constraints = [
            models.UniqueConstraint(name="reliability_once", fields=["speaker", "language"]),
            models.CheckConstraint(name="reliability_is_a_share", condition=Q(skill__gte=0, skill__lte=1)),
        ]
        indexes = [models.Index(name="reliability_lowest", fields=["skill"])]

    def __str__(self) -> str:
        return f"{self.skill:.2f} {self.speaker_id}"


class Doubt(models.Model):
    """A clip that the rule decided and the model doubts: a few more people are asked."""

    clip = models.OneToOneField(Clip, models.CASCADE, primary_key=True, related_name="doubt")
    language = models.ForeignKey(Language, models.CASCADE, related_name="+", db_index=False)
    posterior = models.FloatField(_("how probably good"))
    place = models.PositiveBigIntegerField(default=random_place, editable=False)

    class Meta:
        verbose_name = _("doubted clip")
        verbose_name_plural = _("doubted clips")
        indexes = [models.Index(name="doubt_walk", fields=["language", "place"])]

    def __str__(self) -> str:
        return str(self.clip_id)


class Heard(models.Model):
    """How many clips of a speaker in a language, and of their variant, were judged until last night."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+", db_index=False)
    language = models.ForeignKey(Language, models.CASCADE, related_name="+")
    clips = models.PositiveIntegerField()
    of_variant = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="heard_once", fields=["speaker", "language"])]

    def __str__(self) -> str:
        return f"{self.clips} {self.speaker_id}"


class Weighing(models.Model):
    """When the votes of a language are weighed next; a worker that begins moves it by the time it may take."""

    language = models.OneToOneField(Language, models.CASCADE, primary_key=True, related_name="weighing")
    due_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.language_id} {self.due_at}"


class Transcription(models.Model):
    """What somebody wrote down of a clip that was spoken freely, and what another person made of it."""

    clip = models.ForeignKey(Clip, models.CASCADE, related_name="transcriptions")
    author = models.ForeignKey(Speaker, models.SET_NULL, null=True, related_name="transcriptions")
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    opinion = models.CharField(_("review"), max_length=8, blank=True, choices=Opinion.choices)
    reviewer = models.ForeignKey(Speaker, models.SET_NULL, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)

    class Meta:
        verbose_name = _("transcription")
        verbose_name_plural = _("transcriptions")
        constraints = [
            models.CheckConstraint(name="transcription_has_text", condition=~Q(text="")),
            models.UniqueConstraint(
                name="transcription_once", fields=["clip"], condition=~Q(opinion=Opinion.REJECTED)
            ),
            models.CheckConstraint(
                name="transcription_of_another",
                condition=Q(reviewer__isnull=True) | Q(author__isnull=True) | ~Q(reviewer=models.F("author")),
            ),
            models.CheckConstraint(
                name="transcription_reviewed_has_time",
                condition=Q(opinion="", reviewed_at__isnull=True)
                | (~Q(opinion="") & Q(reviewed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clip_id} {self.opinion}"
