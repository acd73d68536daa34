"""What audit/rules.yaml must find (`ruleid`) and must leave alone (`ok`): tried by `semgrep --test audit/`."""

# mypy: ignore-errors

import os
import subprocess

import av
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from pydub import AudioSegment

from common.bell import ring


def queueing(task, row):
    # ruleid: queue-on-commit-only
    task.delay(row.pk)
    # ruleid: queue-on-commit-only
    task.apply_async(args=[row.pk])
    # ok: queue-on-commit-only
    ring(task, row_id=row.pk)


def shells(name):
    # ruleid: no-shell
    subprocess.run(f"rm {name}", shell=True)
    # ruleid: no-shell
    os.system(name)
    # ok: no-shell
    subprocess.run(["rm", name])


def html(name):
    # ruleid: no-trusted-html
    mark_safe(f"<b>{name}</b>")
    # ok: no-trusted-html
    format_html("<b>{}</b>", name)


def deleting(Recording, recording, speaker, vote):
    # ruleid: recordings-and-people-are-erased-in-one-place
    Recording.objects.filter(speaker=speaker).delete()
    # ruleid: recordings-and-people-are-erased-in-one-place
    recording.delete()
    # ruleid: recordings-and-people-are-erased-in-one-place
    speaker.recordings.all().delete()
    # ok: recordings-and-people-are-erased-in-one-place
    vote.delete()


def ordering(Clip):
    # ruleid: no-random-order
    Clip.objects.order_by("?")
    # ok: no-random-order
    Clip.objects.order_by("place")


def decoding(upload):
    # ruleid: pydub-opens-no-upload
    AudioSegment.from_file(upload)
    # ok: pydub-opens-no-upload
    AudioSegment(data=upload, sample_width=2, frame_rate=48_000, channels=1)
    # ruleid: decoder-is-told-the-format
    av.open(upload)
    # ok: decoder-is-told-the-format
    av.open(upload, format="matroska")
