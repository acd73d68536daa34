"""Releases for tests: made by the command, as a shell runs it."""

import io
import json
import subprocess
from datetime import UTC, datetime

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from export import packing, planning, snapshot
from export.models import Archive, Edition, Release
from tests import make


def today():
    return datetime.now(UTC).date()


def stem():
    return f"voicecollect-1.0-{today()}"


def publish(*locales, number="1.0", cutoff="", restart=False, kinds=(), splits="stable", since=""):
    """Run the command as a shell does; return the JSON lines that it printed."""
    out = io.StringIO()
    options = [f"--number={number}", f"--cutoff={cutoff or today()}", *(["--restart"] if restart else [])]
    options += [f"--since={since}"] if since else []
    options += ["--kinds", *kinds] if kinds else []
    options += [f"--splits={splits}"]
    call_command("release", *(locales or ["en"]), *options, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def frozen(*locales, number=(1, 0)):
    """Freeze a release that is not built; return its first language."""
    release = Release.objects.create(major=number[0], minor=number[1], corpus="voicecollect", cutoff=today())
    for locale in locales:
        Edition.objects.create(release=release, language=make.language(locale), locale=locale, quorum=2)
    snapshot.freeze(release)
    return release.editions.select_related("release").order_by("locale").first()


def people(count, clips_each=3):
    for _ in range(count):
        speaker = make.speaker()
        for _ in range(clips_each):
            make.stored_clip(speaker=speaker, votes="yy")


def slice_small(monkeypatch, size=8000):
    monkeypatch.setattr(planning, "SLICE_BYTES", size)
    monkeypatch.setattr(packing, "LEAST_BYTES", 0)


def refusal(*locales, **options):
    with pytest.raises(CommandError) as caught:
        publish(*locales, **options)
    return str(caught.value)


def download(folder, number="1.0"):
    """Fetch all files of a release into a new folder; return it."""
    folder.mkdir()
    release = Release.objects.numbered(number).get()
    for document in release.documents.all():
        (folder / document.name).write_bytes(document.text.encode())
    for archive in Archive.objects.filter(edition__release=release):
        with storages["releases"].open(archive.key) as stored:
            (folder / archive.name).write_bytes(stored.read())
    return folder


def unpack(archive, folder):
    """Unpack an archive into a new folder as the system does; return the folder of its edition."""
    folder.mkdir()
    subprocess.run(["tar", "xzf", archive], cwd=folder, check=True)
    [edition] = folder.glob("*/*")
    return edition
