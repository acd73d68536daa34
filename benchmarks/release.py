"""Packing a release beside `tar | gzip -1 | sha256sum` and `tar | sha256sum` on the same files: MB/s of one worker.

`make bench NAME=release` measures 10,000, 100,000 and a million clips of 30 kB; `CLIPS=10000` that size alone. Each
size is frozen, planned and packed in a process of its own, whose peak of memory counts. Peers read the same files from
the same page cache, before and after. All figures are MB of sound per second, by the clock and (`_cpu`) by processor
time, of all processes of a pipe together.

Peers write no archive; so what is packed is handed to a sink, which hashes each slice as it comes and throws it away,
as a store elsewhere would take it. At 100,000 clips or fewer the archive is then built once more to files, has to be
the same bytes, and is inspected. At a million the folders of clips are links to those of the first 10,000, since the
disk would be too small, and peers, which don't follow links, aren't run; 100,000 are measured both ways, so that what
links cost isn't taken for what a larger release costs.
"""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import django

from benchmarks import show, write
from recordings import keys

SIZES = (10_000, 100_000, 1_000_000)
SECONDS = 3  # of noise: 30 kB of MP3, which shrinks by 3 %
DISTINCT = 100  # real MP3s; a clip is one of them
MOST_FILES = 100_000  # beyond, the folders of clips are links
LINKED_TO = 10_000
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
PEERS = {"tar_gzip1_sha256": "tar c clips | gzip -1 | sha256sum", "tar_sha256": "tar c clips | sha256sum"}


def main() -> None:
    """Measure all sizes, print the table, and keep the figures."""
    sizes = list(map(int, os.environ.get("CLIPS", "").split())) or SIZES
    ways = [
        (size, links)
        for size in sizes
        for links in (False, True)
        if (size >= MOST_FILES if links else size <= MOST_FILES)
    ]
    measured = {}
    for size, links in ways:
        with tempfile.TemporaryDirectory(prefix="bench-release-") as folder:
            measured[f"{size}{' links' * links}"] = _measure(Path(folder), size, links=links)
    columns = list(dict.fromkeys(name for figures in measured.values() for name in figures))
    show(
        ("clips", *columns),
        [(size, *(figures.get(name, "") for name in columns)) for size, figures in measured.items()],
    )
    beside = [figures for figures in measured.values() if PEERS.keys() <= figures.keys()]
    write(
        "release",
        {
            "ratios": {name: min(each["pack"] / each[name] for each in beside) for name in PEERS},
            "cpu_ratios": {
                name: min(each["pack_cpu"] / each[f"{name}_cpu"] for each in beside) for name in PEERS
            },
            "peak_rss_mb": max(figures["peak_rss_mb"] for figures in measured.values()),
            "sizes": measured,
        },
    )


def _measure(folder: Path, size: int, *, links: bool) -> dict[str, float]:
    """Return the figures of one size."""
    _run("seed links" if links else "seed", folder, size)
    megabytes = _megabytes(folder)
    if links:
        _shell("find -L clips -type f -size +1G", folder)  # what peers do for smaller sizes
        return _packed(folder, size)
    _seconds(lambda: _shell(PEERS["tar_sha256"], folder))  # so that the page cache is warm for everybody
    before = _peers(folder)
    figures = _packed(folder, size)
    after = _peers(folder)
    for name, (wall, cpu), (wall_after, cpu_after) in zip(PEERS, before, after, strict=True):
        figures[name] = 2 * megabytes / (wall + wall_after)
        figures[f"{name}_cpu"] = 2 * megabytes / (cpu + cpu_after)
    return figures


def _peers(folder: Path) -> list[tuple[float, float]]:
    return [_seconds(partial(_shell, command, folder)) for command in PEERS.values()]


def _packed(folder: Path, size: int) -> dict[str, float]:
    figures: dict[str, float] = json.loads(_run("pack", folder, size))
    return figures


def _run(step: str, folder: Path, size: int) -> bytes:
    """Take one step in a process of its own, whose memory nothing else has used."""
    environment = os.environ | {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
    command = [sys.executable, "-m", "benchmarks.release", step, str(size)]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout


def _shell(command: str, folder: Path) -> None:
    where = folder / "objects" / "private"
    subprocess.run(["bash", "-c", command], cwd=where, check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long it takes by the clock, and in processor time of this process and those that it starts."""
    start, before = time.perf_counter(), os.times()
    work()
    return time.perf_counter() - start, sum(os.times()[:4]) - sum(before[:4])


# In the process that packs


class _Sink:
    """Stands for a joint: hashes each slice as it comes, and keeps none. One process packs, so they come in order."""

    digest, size = hashlib.sha256(), 0

    def __init__(self, key: str, upload_id: str) -> None:
        """Take what a joint takes."""

    @staticmethod
    def begin(key: str) -> str:
        return "sink"

    def workspace(self) -> None:
        """Have none."""

    def put(self, number: int, path: Path, *, last: bool) -> Any:
        from export import storing

        before = self.size
        with path.open("rb") as file:
            while chunk := file.read(storing.CHUNK):
                self._take(chunk)
        path.unlink()
        return storing.Part(self.size - before, "")

    def join(self, parts: Sequence[Any], ending: bytes) -> None:
        self._take(ending)

    def _take(self, chunk: bytes) -> None:
        _Sink.digest.update(chunk)
        _Sink.size += len(chunk)


def _pack(size: int) -> None:
    """Freeze, pack and inspect; print the figures."""
    from django.conf import settings

    from export import build, snapshot
    from export.models import Archive, Edition, Release
    from export.states import ReleaseState
    from languages.models import Language

    release = Release.objects.create(major=1, minor=0, corpus=settings.CORPUS, cutoff=date(2026, 1, 2))
    Edition.objects.create(release=release, language=Language.objects.get(), locale="en", quorum=2)
    megabytes, order = _megabytes(settings.DATA_DIR), build.Order()
    frozen = _seconds(lambda: snapshot.freeze(release))
    release.move_to(ReleaseState.BUILDING)
    build.draw(release, order)  # its memory counts as well
    packed = _seconds(lambda: _into_sink(release, order))
    figures = {
        "freeze": megabytes / frozen[0],
        "pack": megabytes / packed[0],
        "pack_cpu": megabytes / packed[1],
        "cpu_us_per_clip": packed[1] / size * 1e6,
        "archive_mb": _Sink.size / 1e6,
    }
    if size <= MOST_FILES:
        in_sink = Archive.objects.get().sha256
        Archive.objects.all().delete()
        figures["to_files"] = megabytes / _seconds(lambda: build.pack(release, order))[0]
        assert Archive.objects.get().sha256 == in_sink, "other bytes in files than in the sink"
        figures["inspect"] = megabytes / _seconds(lambda: build.inspect(release, order))[0]
        shutil.rmtree(settings.DATA_DIR / "objects" / "releases")
    figures["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures))


def _into_sink(release: Any, order: Any) -> None:
    from unittest import mock

    from export import build, packing, storing

    stored = lambda archive: (_Sink.size, _Sink.digest.hexdigest())  # noqa: E731
    with mock.patch.object(storing, "Joint", _Sink), mock.patch.object(build, "_stored", stored):
        build.pack(release, order)
    assert not packing.unbuilt(release.editions.get().archives.get()).exists()


# In the process that fills an instance


def _megabytes(folder: Path) -> float:
    return float((folder / "megabytes").read_text())


def _seed(size: int, *, links: bool = False) -> None:
    """Fill database and storage with valid clips; a hundredth as many speakers, half as many sentences.

    One row of each table is made as the site makes it, then multiplied within the database.
    """
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    sounds = _sounds()
    ids = sorted(uuid.UUID(bytes=hashlib.md5(b"%d" % n).digest(), version=4) for n in range(size))
    _write_rows(ids, sounds)
    _write_files(settings.DATA_DIR / "objects" / "private", ids, sounds, links=links)
    (settings.DATA_DIR / "megabytes").write_text(
        str(sum(len(sounds[n % DISTINCT]) for n in range(size)) / 1e6)
    )


def _sounds() -> list[bytes]:
    """Return MP3s of about 30 kB each."""
    import numpy as np

    from recordings.audio.encode import RATE, mp3

    dice = np.random.default_rng(1)
    return [mp3(dice.normal(0, 3000, RATE * SECONDS).astype(np.int16)) for _ in range(DISTINCT)]


def _write_files(root: Path, ids: Sequence[uuid.UUID], sounds: Sequence[bytes], *, links: bool) -> None:
    for number, clip_id in enumerate(ids):
        path = root / keys.delivery(clip_id, 1)
        if links and number >= LINKED_TO:
            same = root / keys.delivery(ids[number % LINKED_TO], 1)
            path.parents[2].mkdir(parents=True, exist_ok=True)
            path.parents[1].symlink_to(same.parents[1])
        else:
            path.parent.mkdir(parents=True)
            path.write_bytes(sounds[number % DISTINCT])


def _write_rows(ids: Sequence[uuid.UUID], sounds: Sequence[bytes]) -> None:
    """Write one clip and all that belongs to it, then as many more within the database."""
    from django.db import connection, transaction

    from accounts.models import Consent, Speaker
    from prompts.models import Prompt
    from recordings.models import Clip, Recording
    from validation.models import Vote

    speakers, prompts = max(10, len(ids) // 100), len(ids) // 2
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = OFF")
        cursor.execute("PRAGMA cache_size = -1000000")  # 1 GB
    with transaction.atomic(), connection.cursor() as cursor:
        _number(cursor, ids, sounds)
        _write_first(ids[0], sounds[0])
        person, prompt = f"made.number * 7919 % {speakers}", f"made.number % {prompts}"
        consent, twice = f"1 + {person}", "made.id || made.id"
        each = {"speaker_id": _id_of(person), "prompt_id": _id_of(prompt), "pcm_sha256": twice}
        few, rest = f"made.number BETWEEN 1 AND {speakers - 1}", "made.number > 0"
        _multiply(cursor, Speaker, few, id="made.id", person="made.id")
        _multiply(cursor, Consent, few, id="1 + made.number", speaker_id="made.id")
        _multiply(
            cursor, Prompt, f"made.number BETWEEN 1 AND {prompts - 1}", id="made.id", text_key=twice,
            text="'Sentence ' || made.number || ' of all.'",
        )  # fmt: skip
        _multiply(
            cursor, Recording, rest, id="made.id", take_id="made.id", consent_id=consent, sha256=twice, **each
        )
        _multiply(
            cursor, Clip, rest, id="made.id", recording_id="made.id", delivery_size="made.size",
            delivery_sha256="made.sha256", **each,
        )  # fmt: skip
        for step in (1, 2):
            listener = _id_of(f"({person} + {step}) % {speakers}")
            _multiply(cursor, Vote, rest, clip_id="made.id", speaker_id=listener)


def _number(cursor: Any, ids: Sequence[uuid.UUID], sounds: Sequence[bytes]) -> None:
    """Write a table of the clips to make."""
    cursor.execute("CREATE TEMP TABLE made (number INTEGER PRIMARY KEY, id TEXT, size INTEGER, sha256 TEXT)")
    told = [(len(sound), hashlib.sha256(sound).hexdigest()) for sound in sounds]
    rows = ((n, each.hex, *told[n % DISTINCT]) for n, each in enumerate(ids))
    cursor.executemany("INSERT INTO made VALUES (%s, %s, %s, %s)", rows)


def _id_of(number: str) -> str:
    return f"(SELECT other.id FROM made AS other WHERE other.number = {number})"


def _multiply(cursor: Any, model: type[Any], which: str, **changed: str) -> None:
    """Copy the one row of a table for each clip to make, with columns changed; the number of a row is its own."""
    table = model._meta.db_table
    columns = [
        field.column
        for field in model._meta.local_concrete_fields
        if not field.generated and (field.column in changed or not field.primary_key)
    ]
    values = ", ".join(changed.get(column, f'first."{column}"') for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f"CREATE TEMP TABLE first AS SELECT * FROM {table} LIMIT 1")
    cursor.execute(f"INSERT INTO {table} ({named}) SELECT {values} FROM made, first WHERE {which}")
    cursor.execute("DROP TABLE first")


def _write_first(number: uuid.UUID, sound: bytes) -> None:
    """Write a valid clip as the site writes it: speaker, consent, sentence, recording and clip have the same number."""
    from accounts.models import Consent, ConsentText, Speaker
    from languages.models import Language
    from prompts.models import Prompt
    from recordings.models import Clip, Recording
    from validation.models import Vote

    english = Language.objects.create(tag="en")
    text = ConsentText.objects.create(version="1", locale="en", body="Yes.", sha256="0" * 64)
    speaker = Speaker.objects.create(id=number)
    consent = Consent.objects.create(pk=1, speaker=speaker, text=text, method="web", publish=True)
    prompt = Prompt.objects.create(
        id=number, language=english, text="Sentence 0 of all.", text_key=number.hex * 2, state="in_use",
        created_at=CREATED, source="bench",
    )  # fmt: skip
    shared = {"speaker": speaker, "language": english, "prompt": prompt, "pcm_sha256": number.hex * 2}
    recording = Recording.objects.create(
        id=number, take_id=number, consent=consent, sha256=number.hex * 2, size=1, state="processed", **shared
    )
    clip = Clip.objects.create(
        id=number, recording=recording, created_at=CREATED, start=0, end=1, duration_ms=1000 * SECONDS,
        delivery_sha256=hashlib.sha256(sound).hexdigest(), delivery_size=len(sound), master_size=1,
        master_sha256="0" * 64, **shared,
    )  # fmt: skip
    Vote.objects.create(clip=clip, speaker=speaker, choice="yes")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicecollect.settings")
        django.setup()
        steps: dict[str, Callable[[int], None]] = {
            "seed": _seed,
            "seed links": partial(_seed, links=True),
            "pack": _pack,
        }
        steps[sys.argv[1]](int(sys.argv[2]))
