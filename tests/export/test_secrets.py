"""Nothing private is in any byte of a release: neither what people keep to themselves, nor ids that lead to them."""

import gzip
import io
import tarfile
from functools import partial
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.db import models

from accounts.models import OwnAccent, Speaker, User
from export.models import Archive, Document
from recordings.models import Clip, Recording
from tests import make
from tests.export.releasing import publish
from validation.models import Report, Vote

pytestmark = pytest.mark.django_db

OURS = {
    "accounts",
    "recordings",
    "validation",
}  # the other tables are what people read, and what releases hold
# Text columns of these that are published: what a speaker tells when enough tell the same, verdicts, checksums
TOLD = {
    "recordings.Recording": {"age", "gender", "accents", "variant", "language"},
    "recordings.Clip": {"delivery_sha256", "master_sha256", "state"},
    "recordings.Signal": {"name", "unit"},
    "validation.Vote": {"choice"},
    "accounts.Speaker": {"age", "gender"},
}


def _plant():
    """Write a canary into every private text column of every row; return them with where each stands."""
    planted = {}
    for model in apps.get_models():
        if model._meta.app_label in OURS:
            for field in filter(partial(_private, model), model._meta.concrete_fields):
                rows = model._base_manager.exclude(**{field.attname: ""})
                for pk in rows.values_list("pk", flat=True):
                    canary = f"CANARY{len(planted):06}"
                    model._base_manager.filter(pk=pk).update(**{field.attname: canary})
                    planted[canary] = f"{model._meta.label}.{field.name}"
    return planted


def _private(model, field):
    text = isinstance(field, models.CharField | models.TextField) and not field.unique and not field.choices
    return text and (field.max_length or 99) >= 12 and field.name not in TOLD.get(model._meta.label, set())


def _bytes_of_the_release():
    for document in Document.objects.all():
        yield document.name, document.text.encode()
    for archive in Archive.objects.all():
        data = Path(storages["releases"].path(archive.key)).read_bytes()
        yield archive.name, data
        tar = gzip.decompress(data) if archive.name.endswith(".gz") else data
        yield f"{archive.name}, unpacked", tar
        with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
            yield f"{archive.name}, names", "\n".join(opened.getnames()).encode()


def _people():
    for number in range(6):
        user = User.objects.create(username=f"person{number}", email=f"person{number}@example.org")
        speaker = make.speaker(user=user, first_language="br", recovery_sha256=f"{number}" * 64)
        recording = make.recording(speaker=speaker, age="twenties", gender="intersex")
        OwnAccent.objects.create(speaker=speaker, language=recording.language, words="as in our village")
        clip = make.stored_clip(recording=recording, votes="yy")
        Report.objects.create(prompt=clip.prompt, speaker=speaker, reason="My neighbour's name is in it.")


def test_what_is_private_is_in_no_byte_of_a_release():
    _people()
    planted = _plant()
    for column in ("accounts.OwnAccent.words", "validation.Report.reason", "accounts.User.email"):
        assert list(planted.values()).count(column) == 6
    publish(kinds=["mp3", "flac", "metadata", "shards"])
    found = {
        f"{place} in {name}"
        for name, data in _bytes_of_the_release()
        for canary, place in planted.items()
        if canary.encode() in data
    }
    assert found == set()


def test_no_id_of_a_person_or_recording_is_in_a_release():
    _people()
    publish(kinds=["mp3", "metadata", "shards"])
    ids = [
        str(value)
        for model, name in (
            (Speaker, "pk"), (Speaker, "person"), (Recording, "pk"), (Recording, "take_id"), (Vote, "speaker_id"),
        )
        for value in model.objects.values_list(name, flat=True)
    ]  # fmt: skip
    forms = [form.encode() for each in ids for form in (each, each.replace("-", ""))]
    for name, data in _bytes_of_the_release():
        assert [form for form in forms if form in data] == [], name
    assert any(Clip.objects.first().pk.hex.encode() in data for _name, data in _bytes_of_the_release())
