"""Takes are sent while everything is killed at random; afterwards each acknowledged one must be there, once.

`make soak MINUTES=30` runs it on servers as long as asked for, then the embedded instance, and writes
`benchmarks/results/soak.json`. The figures stand in docs/reliability.md.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos.monkey import Monkey, restart, supervise
from tests.chaos.senders import Senders
from tests.servers.fault_proxy import FaultProxy
from tests.servers.instance import ROOT, Instance, Servers
from tests.servers.postgresql import Postgresql
from tests.servers.redis import Redis
from tests.servers.seaweedfs import SeaweedFS

SEED = 7
UPLOADS_A_MINUTE = 334  # 10,000 in half an hour
S3_FAULTS = {"refused": 0.1, "dropped": 0.05}
SETTLED_WITHIN = {"servers": 120, "embedded": 30}  # seconds after the last fault
GIVE_UP_AFTER = 300  # seconds without an end
RECORDINGS = "SELECT take_id, state, refusal, sha256, id FROM recordings_recording"
CLIPS = "SELECT recording_id FROM recordings_clip"


@dataclass(frozen=True)
class Result:
    """What became of it; `settled_s` is from the last fault to the last recording that was done."""

    uploads: int
    kills: int
    lost: int
    duplicated: int
    settled_s: float
    set_aside: int
    attempts: int
    seed: int
    lost_as: dict[str, int]
    killed: dict[str, int]
    faults: dict[str, int]


def on_servers(folder: Path, *, uploads: int, seed: int = SEED) -> Result:
    """Kill web, worker, child or beat every 3 s, Redis every 20 s, PostgreSQL every 60 s; the store fails, too."""
    with ExitStack() as stack:
        postgresql = stack.enter_context(Postgresql(folder / "postgresql", durable=True))
        redis = stack.enter_context(Redis(folder / "redis"))
        s3 = stack.enter_context(SeaweedFS(folder / "s3"))
        proxy = stack.enter_context(FaultProxy(folder, s3.port, seed=seed, **S3_FAULTS))
        servers = Servers(postgresql, redis, s3)
        instance = Instance(
            folder / "instance", servers, workers=2, S3_ENDPOINT_URL=proxy.url, WEB_PROCESSES="2"
        )
        stack.enter_context(instance)
        monkey = Monkey(seed)
        monkey.every(3, lambda: monkey.kill_any(instance.processes))
        monkey.every(20, lambda: _kill(redis))
        monkey.every(60, lambda: _kill(postgresql))
        bucket = instance.env["S3_PRIVATE_BUCKET"]
        client = s3.client()
        return _run(
            instance, monkey, uploads, seed,
            read=lambda key: client.get_object(Bucket=bucket, Key=key)["Body"].read(),
        )  # fmt: skip


def embedded(
    folder: Path, *, uploads: int, a_second: float = UPLOADS_A_MINUTE / 60, seed: int = SEED
) -> Result:
    """Kill web or worker of an embedded instance every 2 s."""
    with Instance(folder / "instance", workers=2) as instance:
        monkey = Monkey(seed)
        monkey.every(2, lambda: monkey.kill_any(instance.processes))
        objects = instance.data / "objects" / "private"
        return _run(
            instance, monkey, uploads, seed, a_second=a_second, read=lambda key: (objects / key).read_bytes()
        )


def _kill(server: Postgresql | Redis) -> str:
    restart(server)
    return type(server).__name__


def _run(
    instance: Instance,
    monkey: Monkey,
    uploads: int,
    seed: int,
    *,
    read: Callable[[str], bytes],
    a_second: float = UPLOADS_A_MINUTE / 60,
) -> Result:
    _give_sentences(instance, uploads)
    senders = Senders(instance.url, uploads, a_second)
    senders.start()
    give_up = time.monotonic() + uploads / a_second * 3 + GIVE_UP_AFTER
    while not senders.is_done:
        monkey.act()
        supervise(instance.processes)
        if time.monotonic() > give_up:
            raise TimeoutError(
                f"{len(senders.acknowledged)} of {uploads} acknowledged: {senders.faults[-5:]}"
            )
    settled = _settle(instance, monkey.last_fault)
    return _judge(instance, monkey, senders, settled, seed, read)


def _give_sentences(instance: Instance, uploads: int) -> None:
    """Put so many sentences in use that no sender ever waits for one."""
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "zero")
    path = instance.folder / "sentences.txt"
    path.write_text("".join(f"Please say {' '.join(words[int(digit)] for digit in f'{number:05}')} now.\n"
                            for number in range(uploads)))  # fmt: skip
    instance.manage("import_sentences", str(path), "--locale", "en", "--source", "made up", "--similar-too")


def _settle(instance: Instance, last_fault: float) -> float:
    """Wait until no recording is waiting or worked on; return how long after the last fault that was."""
    unsettled = "SELECT count(*) FROM recordings_recording WHERE state IN ('received', 'processing')"
    while time.monotonic() - last_fault < GIVE_UP_AFTER:
        supervise(instance.processes)
        try:
            if not instance.rows(unsettled)[0][0]:
                break
        except psycopg.OperationalError:
            pass  # it was killed a moment ago
        threading.Event().wait(0.2)
    return round(time.monotonic() - last_fault, 1)


def _judge(
    instance: Instance,
    monkey: Monkey,
    senders: Senders,
    settled: float,
    seed: int,
    read: Callable[[str], bytes],
) -> Result:
    rows = {str(row[0]).replace("-", ""): row for row in instance.rows(RECORDINGS)}
    clips = Counter(str(row[0]) for row in instance.rows(CLIPS))
    kept = [(sent, rows.get(sent.take_id.replace("-", ""))) for sent in senders.acknowledged]
    lost = Counter(how for sent, row in kept if (how := _loss(row, clips, sent.sha256, read)))
    states = Counter(row[1] for row in rows.values())
    return Result(
        uploads=len({sent.take_id for sent in senders.acknowledged}),
        kills=sum(monkey.kills.values()),
        lost=lost.total(),
        lost_as=dict(lost),
        duplicated=len(rows) - len(senders.acknowledged) + sum(count - 1 for count in clips.values()),
        settled_s=settled,
        set_aside=states["quarantined"],
        attempts=senders.attempts,
        seed=seed,
        killed=dict(sorted(monkey.kills.items())),
        faults=dict(Counter(senders.faults)),
    )


def _loss(row: tuple[Any, ...] | None, clips: Counter[str], sha256: str, read: Callable[[str], bytes]) -> str:
    """Tell in a word what a recording misses: its row, the bytes that were sent, or its one clip; "" if it is whole."""
    if row is None:
        return "no row"
    _take_id, state, refusal, kept_sha256, number = row
    dashed = str(number) if "-" in str(number) else _dashed(str(number))
    if kept_sha256 != sha256 or _digest_of(f"originals/{dashed[:2]}/{dashed}/{sha256}", read) != sha256:
        return "other bytes"
    whole = state == "quarantined" or (state == "processed" and clips[str(number)] == 1)
    return "" if whole else f"{state} {refusal}, {clips[str(number)]} clips"


def _digest_of(key: str, read: Callable[[str], bytes]) -> str:
    return hashlib.sha256(read(key)).hexdigest()


def _dashed(text: str) -> str:
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    found = {}
    for name, run in {"servers": on_servers, "embedded": embedded}.items():
        folder = Path(tempfile.mkdtemp(prefix="voicecollect-soak-"))
        folder.chmod(0o755)
        share = 1 if name == "servers" else 0.2
        try:
            result = run(folder, uploads=round(asked.minutes * UPLOADS_A_MINUTE * share), seed=asked.seed)
        finally:
            shutil.rmtree(folder)
        found[name] = vars(result)
        sys.stdout.write(f"{name}: {json.dumps(found[name])}\n")
    results = ROOT / "benchmarks" / "results" / "soak.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(found["servers"] | {"embedded": found["embedded"]}, indent=2) + "\n")
    sys.exit("\n".join(_faults(found)) or 0)


def _faults(found: dict[str, dict[str, Any]]) -> list[str]:
    """Return what is not as it must be, in words."""
    words = []
    for name, result in found.items():
        if result["lost"] or result["duplicated"]:
            words.append(f"{name}: something was lost or doubled.")
        if result["settled_s"] > SETTLED_WITHIN[name]:
            words.append(f"{name}: it settled too late; on a busy machine, try again.")
    return words


if __name__ == "__main__":
    main()
