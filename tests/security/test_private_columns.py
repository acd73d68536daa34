"""What is private stays in its column: planted marks turn up in no page, no answer of the API, no line of the log."""

import itertools
import logging

import pytest
from django.contrib.auth import get_user_model
from django.db import models

from tests import make
from tests.export.releasing import publish
from tests.routes import ROUTES
from tests.security.planting import models_of_ours

pytestmark = pytest.mark.django_db

PUBLIC = {
    "languages.Language", "languages.Variant", "languages.Accent", "accounts.ConsentText", "prompts.Prompt",
}  # fmt: skip
PUBLISHED = "export"  # what releases froze: tests/export holds that to nothing private
UNLIKE_CODES = (
    "state", "kind", "refusal", "cut", "verdict", "choice", "locale", "decision", "method", "of", "board_name",
)  # fmt: skip
MARK = "canary-{:04}"


def private_columns():
    """Yield each text column that holds neither what is published nor a code that the site acts on."""
    for model in models_of_ours():
        if model._meta.label in PUBLIC or model._meta.app_label == PUBLISHED:
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            if is_text and not (field.primary_key or field.choices or field.name in UNLIKE_CODES):
                yield model, field


def mark_private_columns():
    """Write a mark of its own into each private column of each row; return how many columns were marked."""
    numbers, marked = itertools.count(), set()
    for model, field in private_columns():
        for row in model._base_manager.all():
            mark = MARK.format(next(numbers))[: field.max_length]
            model._base_manager.filter(pk=row.pk).update(**{field.name: mark})
            marked.add((model._meta.label, field.name))
    return marked


@pytest.fixture
def collection():
    """A published release, and people who gave, judged, reported and told of themselves."""
    account = get_user_model().objects.create_user("someone", "someone@example.org", "a long pass phrase")
    speaker = make.speaker(user=account, token_sha256="x", recovery_sha256="y", first_language="br")
    speaker.own_accents.create(language=make.language(), words="as by the sea")
    for _ in range(3):
        make.stored_clip(speaker=speaker, votes="yy")
    publish("en")
    make.clip(recording=make.recording(speaker=speaker, recorder={"agent": "canary-agent"}))


def test_marks_turn_up_nowhere(client, collection, caplog):
    caplog.set_level(logging.DEBUG)
    assert {label for label, _ in mark_private_columns()} >= {
        "accounts.User",
        "accounts.Speaker",
        "accounts.OwnAccent",
    }
    for path in ROUTES:
        answer = client.get(path)
        shown = answer.getvalue() if answer.streaming else answer.content
        assert b"canary" not in shown, path
    assert "canary" not in caplog.text
