"""Releases for tests: made by the command, as a shell runs it."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from export import packing
from tests import make

TODAY = datetime.now(UTC).date()
STEM = f"voicecollect-1.0-{TODAY}"


def publish(*locales, number="1.0", cutoff=TODAY, restart=False, kinds=()):
    """Run the command as a shell does; return the JSON lines that it printed."""
    out = io.StringIO()
    options = [f"--number={number}", f"--cutoff={cutoff}", *(["--restart"] if restart else [])]
    options += ["--kinds", *kinds] if kinds else []
    call_command("release", *(locales or ["en"]), *options, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def people(count, clips_each=3):
    for _ in range(count):
        speaker = make.speaker()
        for _ in range(clips_each):
            make.stored_clip(speaker=speaker, votes="yy")


def slice_small(monkeypatch, size=8000):
    monkeypatch.setattr(packing, "SLICE_BYTES", size)
    monkeypatch.setattr(packing, "LEAST_BYTES", 0)


def refusal(*locales, **options):
    with pytest.raises(CommandError) as caught:
        publish(*locales, **options)
    return str(caught.value)
