"""What the processes of an instance tell each other in passing."""

from datetime import datetime

from django.db import models
from django.utils import timezone


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str) -> None:
        """Note that what bears this name was done just now."""
        self.update_or_create(name=name, defaults={"at": timezone.now()})

    def of(self, name: str) -> datetime | None:
        """Return when it was done last, or None."""
        return self.filter(name=name).values_list("at", flat=True).first()


class Heartbeat(models.Model):
    """When something that has to be done again and again was done last."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
