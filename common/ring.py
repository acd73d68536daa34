"""The ring: rows of a table in an order that means nothing, for walks that begin anywhere."""

import random
from typing import Any
from uuid import UUID

from django.db import models

SHUFFLE_RANGE = 2**31


def random_place() -> int:
    """Return a place that nothing else tells."""
    return random.randrange(SHUFFLE_RANGE)  # noqa: S311 -- an order, not a secret


def place_of(pk: UUID) -> int:
    """Return the place that a random key tells: neighbours on the ring are neighbours in the indexes of keys too."""
    return pk.int >> 97


class PlaceByKey(models.PositiveBigIntegerField):  # type: ignore[type-arg]
    """The place that a row's own key tells, unless it was given another."""

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """Return the place, which the instance has from now on."""
        if getattr(instance, self.attname) is None:
            setattr(instance, self.attname, place_of(instance.pk))
        return super().pre_save(instance, add)
