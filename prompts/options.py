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
