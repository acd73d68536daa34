"""Fills every column that holds text with text of the test's choosing, so that a new column is covered on its day."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

ROOT = Path(__file__).parents[2]
ROOMY = 100  # shorter columns hold codes
FORMS = (
    "sha256",
    "hash",
    "password",
    "token",
    "locale",
    "text_key",
    "previous",
    "history",
    "upload_id",
    "client_id",
)
NAMES_OF_FILES = ("Archive", "Document")


def models_of_ours() -> list[type[models.Model]]:
    """Return the models that this project defines."""
    return [
        model
        for model in apps.get_models()
        if Path(apps.get_app_config(model._meta.app_label).path).parent == ROOT
    ]


def written_columns(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]
    """Return the columns that hold free text: no choice, no key, no code, no form that a rule checks."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.primary_key
        and (field.max_length or ROOMY) >= ROOMY
        and not any(form in field.name for form in FORMS)
        and model.__name__ not in NAMES_OF_FILES
    ]


def plant(text_of: Callable[[], str]) -> int:
    """Write a text of its own into each such column of each row; return how many were written."""
    return sum(1 for model in models_of_ours() for _ in _planted(model, text_of))


def _planted(model: type[models.Model], text_of: Callable[[], str]) -> Iterator[None]:
    for row, field in [(row, field) for row in model._base_manager.all() for field in written_columns(model)]:
        length = getattr(field, "max_length", None)
        model._base_manager.filter(pk=row.pk).update(**{field.name: text_of()[:length]})
        yield
