"""A sentence is read aloud for people who don't read, and heard by an app: embedded, and on real servers."""

import json
import time
import urllib.request
from io import BytesIO

import soundfile

from tests import sound

ADD = """
from django.core.files import File
from languages.models import Language
from prompts.models import Prompt
from recordings import readings
prompt = Prompt.objects.in_use(Language.objects.get(tag="hi")).order_by("place")[0]
Prompt.objects.in_use(prompt.language).exclude(pk=prompt.pk).update(state="retired")
readings.add(file=File(open({path!r}, "rb")), prompt=prompt, agreed=True)
"""
WAITING = "SELECT count(*) FROM recordings_reading WHERE state = 'waiting'"


def test_a_worker_makes_a_reading_that_apps_play(instance, tmp_path):
    path = tmp_path / "reading.flac"
    path.write_bytes(sound.flac(sound.speech(seconds=3)))
    instance.manage("shell", "-v0", "-c", ADD.format(path=str(path)))
    until = time.monotonic() + 120
    while instance.rows(WAITING) != [(0,)]:
        assert time.monotonic() < until
        time.sleep(0.2)  # workers have no way to tell this process
    with urllib.request.urlopen(f"{instance.url}/api/v1/hi/sentences") as answer:
        [sentence] = json.load(answer)
    with urllib.request.urlopen(sentence["audio"]) as answer:
        assert answer.headers["Content-Type"] == "audio/mpeg"
        samples, rate = soundfile.read(BytesIO(answer.read()))
    assert 2.5 < len(samples) / rate < 4
