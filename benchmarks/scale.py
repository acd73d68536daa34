"""What one core does: processor time of each part of an instance on servers, for an upload, a clip, a vote and reads.

Measured is processor time and not time on the clock, so that a busy machine changes little. From it follow the figures
of docs/operating.md: how many of each a core does in a second, and what a thousand hours take. Takes are five seconds
of speech as FLAC, as browsers send them.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from benchmarks import show, write
from tests import sound
from tests.chaos.monkey import descendants
from tests.journeys.devices import Device
from tests.servers.instance import Instance, Servers
from tests.servers.postgresql import Postgresql
from tests.servers.process import Process
from tests.servers.redis import Redis
from tests.servers.seaweedfs import SeaweedFS

TAKES, READS, A_DEVICE = 100, 300, 50
SECONDS = 5.0
TICKS = os.sysconf("SC_CLK_TCK")
UNSETTLED = "SELECT count(*) FROM recordings_recording WHERE state IN ('received', 'processing')"
SIZES = (
    "SELECT sum(size) FROM recordings_recording",
    "SELECT sum(master_size), sum(delivery_size) FROM recordings_clip",
)
LENGTH = "SELECT sum(duration_ms) / 3600000.0 FROM recordings_clip"


def used(process: Process) -> float:
    """Return the processor seconds that a process, its children and those that ended used so far."""
    total = 0
    for pid in (process.pid, *descendants(process.pid)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / TICKS


class Meter:
    """Measures what each part of an instance uses while something is done."""

    def __init__(self, parts: dict[str, Process]) -> None:
        self.parts = parts
        self.rows: list[list[object]] = []

    def measure(self, name: str, count: int, do: Callable[[], None]) -> None:
        """Do it, and keep the milliseconds of each part for one of `count` things."""
        before = {part: used(process) for part, process in self.parts.items()}
        do()
        spent = [(used(process) - before[part]) * 1000 / count for part, process in self.parts.items()]
        self.rows.append([name, *(round(each, 2) for each in spent)])


def run(folder: Path) -> None:
    with (
        Postgresql(folder / "postgresql", durable=True) as postgresql,
        Redis(folder / "redis") as redis,
        SeaweedFS(folder / "s3") as s3,
        Instance(folder / "instance", Servers(postgresql, redis, s3)) as instance,
    ):
        [worker] = instance.workers
        meter = Meter(
            {"web": instance.web, "worker": worker, "postgresql": postgresql, "redis": redis, "s3": s3}
        )
        devices = [Device(instance.url) for _ in range(TAKES // A_DEVICE)]
        sentences = [device.sentences(A_DEVICE) for device in devices]
        bodies = [sound.flac(sound.speech(seconds=SECONDS)) for _ in range(TAKES)]
        listener = Device(instance.url)

        def upload() -> None:
            for at, body in enumerate(bodies):
                devices[at // A_DEVICE].send(sentences[at // A_DEVICE][at % A_DEVICE], body)
            while instance.rows(UNSETTLED) != [(0,)]:
                threading.Event().wait(0.2)

        meter.measure("take, stored and made a clip", TAKES, upload)
        meter.measure(
            "GET sentences", READS, lambda: repeat(READS, lambda: Device(instance.url).sentences(1))
        )
        meter.measure("GET clips", READS, lambda: repeat(READS, lambda: listener.clips(1)))
        clips = listener.clips(50)

        def judge() -> None:
            for each in clips:
                listener.vote(each["id"], good=True)

        meter.measure("POST vote", len(clips), judge)
        tell(instance, meter)


def repeat(count: int, do: Callable[[], object]) -> None:
    """Do it as often as that."""
    for _ in range(count):
        do()


def tell(instance: Instance, meter: Meter) -> None:
    """Print and keep what was measured."""
    show(["processor time in ms", *meter.parts], meter.rows)
    (originals,), (masters, deliveries) = instance.rows(SIZES[0])[0], instance.rows(SIZES[1])[0]
    [(hours,)] = instance.rows(LENGTH)
    kept = {"original": originals, "master": masters, "delivery": deliveries}
    gigabytes = {name: round(float(size) / float(hours) / 1e6, 1) for name, size in kept.items()}
    show(["GB for 1,000 hours of clips", "GB"], list(gigabytes.items()))
    names = ["what", *meter.parts]
    write(
        "scale",
        {"ms": [dict(zip(names, row, strict=True)) for row in meter.rows], "gb_a_1000_hours": gigabytes},
    )


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="voicecollect-scale-"))
    place.chmod(0o755)
    try:
        run(place)
    finally:
        shutil.rmtree(place)
