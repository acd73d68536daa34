"""Packing a release beside `tar | gzip -1 | sha256sum` and `tar | sha256sum` on the same files: MB/s of one worker.

`make bench NAME=release` measures 10,000 and 100,000 clips of 30 kB; with CLIPS=1000000 a million more, for which it
needs 35 GB of disk and half an hour. There the clips are links to the same thousand files, and the peers are not run
again: their speed doesn't change with the number of files.
"""

import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import django
import numpy as np

from benchmarks import show, write
from recordings import keys
from recordings.audio.encode import RATE, mp3

SIZES = (10_000, 100_000)
SECONDS = 3  # of noise: 30 kB of MP3, which shrinks by 3 %
CLIP_MB = 0.0305
DISTINCT = 100  # real MP3s; a clip is one of them
LINKED = 200_000  # from so many clips on, clips are links: the disk is too small for more
BATCH = 10_000
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
PEERS = {"tar_gzip1_sha256": "tar c {} | gzip -1 | sha256sum", "tar_sha256": "tar c {} | sha256sum"}


def main() -> None:
    """Measure all sizes, print the table, and keep the figures."""
    sizes = [*SIZES, *map(int, os.environ.get("CLIPS", "").split())]
    measured = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-release-") as folder:
            measured[size] = _measure(Path(folder), size)
    columns = ("clips", "freeze_s", "pack_mb_s", "inspect_mb_s", "peak_rss_mb", *PEERS)
    show(
        columns,
        [(size, *(figures.get(name, "") for name in columns[1:])) for size, figures in measured.items()],
    )
    peers = measured[SIZES[-1]]
    slowest = min(figures["pack_mb_s"] for figures in measured.values())
    write(
        "release",
        {
            "ratios": {name: slowest / peers[name] for name in PEERS},
            "peak_rss_mb": max(figures["peak_rss_mb"] for figures in measured.values()),
            "sizes": measured,
        },
    )


def _measure(folder: Path, size: int) -> dict[str, float]:
    """Return the figures of one size; ours in a process of its own, whose memory nothing else has used."""
    environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
    command = [sys.executable, "-m", "benchmarks.release"]
    for step in ("seed", "pack"):
        done = subprocess.run(
            [*command, step, str(size)], env=environment, check=True, stdout=subprocess.PIPE
        )
    figures: dict[str, float] = json.loads(done.stdout)
    shutil.rmtree(folder / "objects" / "releases")
    if size < LINKED:
        for name, peer in PEERS.items():
            figures[name] = _megabytes_per_second(size, partial(_shell, peer.format("clips"), folder))
    return figures


def _shell(command: str, folder: Path) -> None:
    where = folder / "objects" / "private"
    subprocess.run(["bash", "-c", command], cwd=where, check=True, stdout=subprocess.DEVNULL)


def _megabytes_per_second(size: int, work: Callable[[], object]) -> float:
    return size * CLIP_MB / _seconds(work)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _pack(size: int) -> None:
    """Freeze, pack and inspect; print the figures."""
    from django.conf import settings

    from export import build, snapshot
    from export.models import Edition, Release
    from export.states import ReleaseState
    from languages.models import Language

    release = Release.objects.create(major=1, minor=0, corpus=settings.CORPUS, cutoff=date(2026, 1, 2))
    Edition.objects.create(release=release, language=Language.objects.get(), locale="en", quorum=2)
    freeze = _seconds(lambda: snapshot.freeze(release))
    release.move_to(ReleaseState.BUILDING)
    order = build.Order()
    build.draw(release, order)  # its memory counts as well
    figures = {
        "freeze_s": freeze,
        "pack_mb_s": _megabytes_per_second(size, lambda: build.pack(release, order)),
        "inspect_mb_s": _megabytes_per_second(size, lambda: build.inspect(release, order)),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


def _seed(size: int) -> None:
    """Fill the database and the storage with valid clips; a hundredth as many speakers, half as many sentences."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    speakers, prompts = _people_and_prompts(max(10, size // 100), size // 2)
    sounds = _sounds()
    root = settings.DATA_DIR / "objects" / "private"
    numbers = iter(range(size))
    while batch := list(islice(numbers, BATCH)):
        _write_rows([_rows(number, speakers, prompts, sounds) for number in batch])
        for number in batch:
            _write_file(root / keys.delivery(_id("clip", number), 1), sounds[number % DISTINCT], number, size)


def _write_file(path: Path, sound: bytes, number: int, size: int) -> None:
    path.parent.mkdir(parents=True)
    first = path.parents[4] / f"sound-{number % 1000}"
    if size < LINKED:
        path.write_bytes(sound)
        return
    if not first.exists():
        first.write_bytes(sound)
    path.hardlink_to(first)


def _sounds() -> list[bytes]:
    """Return MP3s of about 30 kB each."""
    dice = np.random.default_rng(1)
    return [mp3(dice.normal(0, 3000, RATE * SECONDS).astype(np.int16)) for _ in range(DISTINCT)]


def _id(kind: str, number: int) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.md5(f"{kind} {number}".encode()).digest(), version=4)


def _people_and_prompts(speakers: int, prompts: int) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    from accounts.models import Consent, ConsentText, Speaker
    from languages.models import Language
    from prompts.models import Prompt

    english = Language.objects.create(tag="en")
    people = [Speaker(id=_id("speaker", n)) for n in range(speakers)]
    text = ConsentText.objects.create(version="1", locale="en", body="Yes.", sha256="0" * 64)
    Speaker.objects.bulk_create(people)
    Consent.objects.bulk_create(
        Consent(pk=n + 1, speaker=one, text=text, method="web", publish=True) for n, one in enumerate(people)
    )
    sentences = [_id("prompt", n) for n in range(prompts)]
    Prompt.objects.bulk_create(
        Prompt(
            id=each, language=english, text=f"Sentence {n} of all.", state="in_use", created_at=CREATED,
            text_key=hashlib.sha256(each.bytes).hexdigest(), source="bench",
        )
        for n, each in enumerate(sentences)
    )  # fmt: skip
    return [one.pk for one in people], sentences


def _rows(
    number: int, speakers: list[uuid.UUID], prompts: list[uuid.UUID], sounds: list[bytes]
) -> tuple[Any, ...]:
    from recordings.models import Clip, Recording
    from validation.models import Vote

    place = random.Random(number).randrange(len(speakers))
    sound, digest = sounds[number % DISTINCT], hashlib.sha256(str(number).encode()).hexdigest()
    shared: dict[str, Any] = {
        "speaker_id": speakers[place], "language_id": 1, "prompt_id": prompts[number % len(prompts)],
        "pcm_sha256": digest,
    }  # fmt: skip
    recording = Recording(
        id=_id("recording", number), take_id=_id("take", number), consent_id=place + 1, sha256=digest, size=1,
        state="processed", **shared,
    )  # fmt: skip
    clip = Clip(
        id=_id("clip", number), recording=recording, created_at=CREATED, start=0, end=1, duration_ms=1000 * SECONDS,
        delivery_sha256=hashlib.sha256(sound).hexdigest(), delivery_size=len(sound), master_sha256=digest,
        master_size=1, pipeline_version=1, **shared,
    )  # fmt: skip
    votes = [
        Vote(clip=clip, speaker_id=speakers[(place + step) % len(speakers)], choice="yes") for step in (1, 2)
    ]
    return recording, clip, votes


def _write_rows(rows: list[tuple[Any, ...]]) -> None:
    from recordings.models import Clip, Recording
    from validation.models import Vote

    Recording.objects.bulk_create(recording for recording, _clip, _votes in rows)
    Clip.objects.bulk_create(clip for _recording, clip, _votes in rows)
    Vote.objects.bulk_create(_all_votes(rows))


def _all_votes(rows: list[tuple[Any, ...]]) -> Iterator[Any]:
    for _recording, _clip, votes in rows:
        yield from votes


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicecollect.settings")
        django.setup()
        {"seed": _seed, "pack": _pack}[sys.argv[1]](int(sys.argv[2]))
