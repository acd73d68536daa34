"""Prompts: what a speaker responds to, sentences and topics; the text of one that was recorded is never changed."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import aloud
from accounts.models import Speaker, User
from common.errors import Refused
from common.ring import PlaceByKey
from common.statements import Given
from languages.models import Language, Variant
from prompts.options import Domain, Kind, Licence, Opinion
from prompts.states import NEXT, ImportState, PromptState


class PromptQuerySet(models.QuerySet["Prompt"]):
    def in_use(self, language: Language | Given) -> "PromptQuerySet":
        """Sentences of the language that can be recorded."""
        return self.filter(language=language, kind=Kind.SENTENCE, state=PromptState.IN_USE)

    def topics(self, language: Language) -> "PromptQuerySet":
        """Questions of the language that can be answered freely."""
        return self.filter(language=language, kind=Kind.TOPIC, state=PromptState.IN_USE)

    def wanted(self, language: Language) -> "PromptQuerySet":
        """Sentences in use that have fewer clips than the language wants of each."""
        return self.in_use(language).filter(clips_count__lt=language.clips_per_prompt)

    def submitted(self, language: Language | Given) -> "PromptQuerySet":
        """Sentences of the language that wait for people to approve them."""
        return self.filter(language=language, kind=Kind.SENTENCE, state=PromptState.SUBMITTED)

    def current(self) -> "PromptQuerySet":
        """Prompts that no corrected version took the place of."""
        return self.filter(superseded_by__isnull=True)


class Prompt(models.Model):
    """A sentence to read aloud, or a topic to speak about, with where it came from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.ForeignKey(Language, models.PROTECT, related_name="prompts", db_index=False)
    variant = models.ForeignKey(Variant, models.PROTECT, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SENTENCE)
    text = models.TextField(_("text"))
    text_key = models.CharField(_("hash of the normalised text"), max_length=64, editable=False)
    domain = models.CharField(_("domain"), max_length=32, blank=True, choices=Domain.choices)
    source = models.CharField(_("source"), max_length=200)
    licence = models.CharField(_("right to use it"), max_length=13, blank=True, choices=Licence.choices)
    evidence = models.CharField(_("where that right can be looked up"), max_length=500, blank=True)
    submitter = models.ForeignKey(Speaker, models.SET_NULL, null=True, blank=True, related_name="submitted")
    state = models.CharField(
        _("state"), max_length=9, default=PromptState.SUBMITTED, choices=[(s, s) for s in PromptState]
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    approvals = models.PositiveSmallIntegerField(_("approvals"), default=0, editable=False)
    rejections = models.PositiveSmallIntegerField(_("rejections"), default=0, editable=False)
    reviewed = models.GeneratedField(
        expression=models.F("approvals") + models.F("rejections"),
        output_field=models.PositiveSmallIntegerField(),
        db_persist=True,
    )
    note = models.CharField(_("why it was rejected or retired"), max_length=200, blank=True)
    superseded_by = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="supersedes"
    )
    clips_count = models.PositiveIntegerField(_("recordings"), default=0, editable=False)
    place = PlaceByKey(editable=False)
    spoken = models.UUIDField(_("number of its reading"), null=True, blank=True, editable=False)

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        constraints = [
            models.UniqueConstraint(
                name="prompt_text_once",
                fields=["language", "text_key"],
                condition=models.Q(superseded_by__isnull=True),
            ),
            models.CheckConstraint(name="prompt_has_text", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="prompt_citation_has_evidence",
                condition=~models.Q(licence=Licence.CITATION) | ~models.Q(evidence=""),
            ),
            models.CheckConstraint(
                name="prompt_superseded_is_out",
                condition=models.Q(superseded_by__isnull=True)
                | models.Q(state__in=[PromptState.REJECTED, PromptState.RETIRED]),
            ),
        ]
        indexes = [
            # Tells all that selection walks past first: PostgreSQL then reads no row of the table itself
            models.Index(
                name="prompt_choice",
                fields=["language", "state", "clips_count", "place"],
                include=["id", "kind", "domain", "variant"],
            ),
            models.Index(name="prompt_ring", fields=["language", "state", "place"]),
            models.Index(name="prompt_to_review", fields=["language", "state", "reviewed", "place"]),
            # Beside the constraint's index, which has only those that were never superseded
            models.Index(
                name="prompt_superseded_text",
                fields=["language", "text_key"],
                condition=models.Q(superseded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def audio(self) -> str:
        """The address of this sentence, read aloud; "" where nobody has read it for others."""
        return aloud.link(self.spoken)

    def move_to(self, state: PromptState, **changes: object) -> None:
        """Move to a state that may follow. Raises Refused if somebody else moved it since it was read."""
        if state not in NEXT[PromptState(self.state)]:
            raise Refused(_("This sentence is not in a state for that."), code="wrong-state")
        if not Prompt.objects.filter(pk=self.pk, state=self.state).update(state=state, **changes):
            raise Refused(_("Somebody decided about this sentence already."), code="decided")
        self.state = state


class Review(models.Model):
    """What one person thinks of a sentence that was submitted."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="reviews")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="reviews", db_index=False)
    # Of the prompt, repeated so that the database can refuse reviews of one's own sentences
    submitter = models.ForeignKey(Speaker, models.SET_NULL, null=True, blank=True, related_name="+")
    opinion = models.CharField(max_length=7, choices=Opinion.choices)
    flaws = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(name="review_once", fields=["speaker", "prompt"]),
            models.CheckConstraint(
                name="review_not_of_own",
                condition=models.Q(submitter__isnull=True) | ~models.Q(speaker=models.F("submitter")),
            ),
        ]
        indexes = [models.Index(name="review_newest", fields=["speaker", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.opinion} {self.prompt_id}"


class NearKey(models.Model):
    """One of the keys of a sentence that sentences much like it probably share."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="near_keys")
    key = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key} {self.prompt_id}"


class SentenceImport(models.Model):
    """A file of sentences that a worker takes in, batch by batch: the row is the job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.ForeignKey(Language, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    submitter = models.ForeignKey(Speaker, models.SET_NULL, null=True, blank=True, related_name="imports")
    source = models.CharField(_("source"), max_length=200)
    licence = models.CharField(_("right to use it"), max_length=13, choices=Licence.choices)
    evidence = models.CharField(_("where that right can be looked up"), max_length=500, blank=True)
    reviewed = models.BooleanField(_("put in use without review"), default=False)
    similar_too = models.BooleanField(_("take sentences much like others too"), default=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"), max_length=7, default=ImportState.WAITING, choices=[(s, s) for s in ImportState]
    )
    size = models.PositiveBigIntegerField(_("bytes"))
    # How far it is: all of a batch is written with these in one transaction
    offset = models.PositiveBigIntegerField(_("bytes done"), default=0)
    line = models.PositiveIntegerField(_("lines done"), default=0)
    columns = models.JSONField(default=list)
    accepted = models.PositiveIntegerField(_("taken in"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    fault = models.CharField(_("why it failed"), max_length=40, blank=True)
    # Who works on it
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("import of sentences")
        verbose_name_plural = _("imports of sentences")
        constraints = [
            models.CheckConstraint(
                name="import_citation_has_evidence",
                condition=~models.Q(licence=Licence.CITATION) | ~models.Q(evidence=""),
            ),
            models.CheckConstraint(
                name="import_offset_within_file", condition=models.Q(offset__lte=models.F("size"))
            ),
            models.CheckConstraint(
                name="import_failed_has_fault",
                condition=(models.Q(state=ImportState.FAILED) & ~models.Q(fault=""))
                | (~models.Q(state=ImportState.FAILED) & models.Q(fault="")),
            ),
        ]
        indexes = [models.Index(name="import_due", fields=["state", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.source} ({self.id})"


class RefusedLine(models.Model):
    """A line of an import that was not taken in, and why: a row of its report."""

    of = models.ForeignKey(SentenceImport, models.CASCADE, related_name="refused_lines", db_index=False)
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=400)
    text = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(name="refused_line_once", fields=["of", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.code}"


class PromptSkip(models.Model):
    """A speaker who would rather not read this prompt."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="skips")
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(name="prompt_skipped_once", fields=["speaker", "prompt"])]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.prompt_id}"


class Reservation(models.Model):
    """A prompt that was handed out to a speaker, who may send a take of it until then or later.

    One speaker at a time holds it `alone`; others get it while they do only if there is nothing else for them.
    The database checks none of its keys: docs/adr/0018-what-lapses-has-no-foreign-keys.md.
    """

    prompt = models.ForeignKey(
        Prompt, models.CASCADE, related_name="reservations", db_index=False, db_constraint=False
    )
    speaker = models.ForeignKey(
        Speaker, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    language = models.ForeignKey(
        Language, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    until = models.DateTimeField(db_index=True)
    alone = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reservation_once", fields=["speaker", "prompt"]),
            models.UniqueConstraint(
                name="reservation_alone", fields=["prompt"], condition=models.Q(alone=True)
            ),
        ]
        indexes = [models.Index(name="reservation_held", fields=["speaker", "language", "until"])]

    def __str__(self) -> str:
        return f"{self.speaker_id} {self.prompt_id}"


class Stretch(models.Model):
    """A part [start, end) of a shuffled order that held nothing new to a speaker when it was walked."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="+", db_index=False)
    language = models.ForeignKey(Language, models.CASCADE, related_name="+", db_index=False)
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
