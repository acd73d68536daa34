"""Option lists about prompts, with the values as they stand in releases."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a prompt asks for."""

    SENTENCE = "sentence", _("read this aloud")
    TOPIC = "topic", _("speak freely about this")


class Domain(TextChoices):
    """Fields of life that a sentence is about."""

    GENERAL = "general", _("general")
    AGRICULTURE_FOOD = "agriculture_food", _("agriculture and food")
    AUTOMOTIVE_TRANSPORT = "automotive_transport", _("vehicles and transport")
    FINANCE = "finance", _("finance")
    SERVICE_RETAIL = "service_retail", _("services and shops")
    HEALTHCARE = "healthcare", _("health")
    HISTORY_LAW_GOVERNMENT = "history_law_government", _("history, law and government")
    LANGUAGE_FUNDAMENTALS = "language_fundamentals", _("basics of the language")
    MEDIA_ENTERTAINMENT = "media_entertainment", _("media and entertainment")
    NATURE_ENVIRONMENT = "nature_environment", _("nature and environment")
    NEWS_CURRENT_AFFAIRS = "news_current_affairs", _("news and current affairs")
    TECHNOLOGY_ROBOTICS = "technology_robotics", _("technology and robots")


class Licence(TextChoices):
    """Why a sentence may be given to the public domain."""

    OWN_WORK = "own-work", _("I wrote it myself, and give it to the public domain (CC0)")
    PUBLIC_DOMAIN = "public-domain", _("It is in the public domain, or under CC0")
    CITATION = "citation", _("The holder of the rights allows it, as can be looked up")


class Opinion(TextChoices):
    """What somebody thinks of a sentence that was submitted."""

    APPROVE = "approve", _("yes")
    REJECT = "reject", _("no")
    UNSURE = "unsure", _("not sure")


class Flaw(TextChoices):
    """Why a sentence should not be read; the first ones are named as reports name them."""

    SPELLING = "grammar-or-spelling", _("a mistake in grammar or spelling")
    LANGUAGE = "different-language", _("another language")
    DIFFICULT = "difficult-pronounce", _("hard to read aloud")
    OFFENSIVE = "offensive-language", _("it hurts or insults")
    UNNATURAL = "unnatural", _("nobody would say this")
    PERSONAL = "personal-data", _("it tells of a real person's private life")
    COPYRIGHT = "copyright", _("it belongs to somebody else")
    OTHER = "other", _("something else")
