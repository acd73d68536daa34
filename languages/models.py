"""Languages that people give their voices to, with their variants and accents."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from languages import tags
from languages.limits import Limits


def check_tag(value: str) -> None:
    """Refuse what is no BCP 47 tag, in words for the organiser."""
    if not tags.is_tag(value):
        raise ValidationError(_("This is not a language tag. Examples: br, pt-BR, x-mytongue."), code="tag")


class LanguageQuerySet(models.QuerySet["Language"]):
    def open(self) -> "LanguageQuerySet":
        """Languages that take recordings and votes now."""
        return self.filter(state=Language.State.OPEN)


class Language(models.Model):
    """A language by its BCP 47 tag, private use included, with its own thresholds."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("preparing")
        OPEN = "open", _("open")
        PAUSED = "paused", _("paused")

    class Direction(models.TextChoices):
        LTR = "ltr", _("left to right")
        RTL = "rtl", _("right to left")

    tag = models.CharField(_("language tag"), max_length=35, unique=True, validators=[check_tag])
    english_name = models.CharField(_("English name"), max_length=100, blank=True)
    native_name = models.CharField(_("own name"), max_length=100, blank=True)
    other_names = models.CharField(
        _("other names"), max_length=300, blank=True, help_text=_("with commas; people search by them too")
    )
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PREPARING)
    quorum = models.PositiveSmallIntegerField(_("votes that decide"), default=2)
    weighs_votes = models.BooleanField(
        _("weigh votes"),
        default=False,
        help_text=_(
            "A verdict needs votes of people who proved to be right, so that it may take more of them. "
            "Otherwise votes are counted, as Common Voice does."
        ),
    )
    clips_per_prompt = models.PositiveSmallIntegerField(_("clips wanted of each prompt"), default=15)
    reports_to_hide = models.PositiveSmallIntegerField(_("people whose reports hide something"), default=3)
    audio_limits = models.JSONField(_("audio limits that differ"), default=dict, blank=True)

    goal_hours = models.PositiveIntegerField(_("hours that are the goal"), default=100)
    sentences_to_open = models.PositiveIntegerField(_("approved sentences before it opens"), default=750)
    domains_to_open = models.PositiveSmallIntegerField(_("subjects they are about, at least"), default=3)
    reviewers_to_open = models.PositiveSmallIntegerField(_("people who review, at least"), default=3)

    objects = LanguageQuerySet.as_manager()

    class Meta:
        ordering = ["english_name"]
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        constraints = [
            models.CheckConstraint(name="language_quorum_is_positive", condition=models.Q(quorum__gte=1)),
            models.CheckConstraint(
                name="language_direction_is_known", condition=models.Q(direction__in=["ltr", "rtl"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.native_name} ({self.tag})"

    @property
    def lang(self) -> str:
        """Return the tag for `lang` attributes, where private use stands behind "mis": a language without a code."""
        return f"mis-{self.tag}" if self.tag.startswith("x-") else self.tag

    @cached_property
    def has_variants(self) -> bool:
        """Whether prompts and speakers can be tied to a variety of this language."""
        return self.variants.exists()

    def clean(self) -> None:
        """Refuse limits that no measure could be held to."""
        try:
            if not isinstance(self.audio_limits, dict):
                raise ValueError("limits must be an object: names and numbers")
            Limits().with_overrides(self.audio_limits)
        except ValueError as error:
            raise ValidationError({"audio_limits": str(error)}, code="limits") from error

    def save(self, *args: object, **kwargs: object) -> None:
        """Fill in what CLDR knows and the organiser left empty."""
        self.english_name = self.english_name or tags.english_name(self.tag)
        self.native_name = self.native_name or tags.native_name(self.tag)
        self.direction = self.direction or tags.direction(self.tag)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class Variant(models.Model):
    """A written and spoken variety of a language that prompts and speakers can be tied to."""

    language = models.ForeignKey(Language, models.CASCADE, related_name="variants", db_index=False)
    code = models.CharField(_("code"), max_length=35)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints = [models.UniqueConstraint(name="variant_code_once", fields=["language", "code"])]

    def __str__(self) -> str:
        return self.name


class Accent(models.Model):
    """A way of speaking that speakers can say they have."""

    language = models.ForeignKey(Language, models.CASCADE, related_name="accents", db_index=False)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        ordering = ["name"]
        verbose_name = _("accent")
        verbose_name_plural = _("accents")
        constraints = [models.UniqueConstraint(name="accent_name_once", fields=["language", "name"])]

    def __str__(self) -> str:
        return self.name
