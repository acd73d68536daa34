"""The same rows give the same bytes: whatever database and storage, time zone, order of rows and number of workers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.instance import Servers, _addresses

ROOT = Path(__file__).parents[2]
SEED = ROOT / "tests" / "export" / "seed.py"


def _environment(folder, **variables):
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    fixed = {"RELEASE_KEY": "a key of tests", "SECRET_KEY": "of tests", "SITE_URL": "https://voices.example"}
    return inherited | fixed | {"DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)} | variables


def _manage(env, *arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=env,
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _seeded(folder, shuffle, clips=120, **variables):
    """Return the environment of a new instance that has the same rows as any other, written in another order."""
    folder.mkdir()
    env = _environment(folder, **variables)
    _manage(env, "migrate", "-v0")
    seeded = env | {
        "SEED_SHUFFLE": str(shuffle),
        "SEED_CLIPS": str(clips),
        "SEED_DONE": str(folder / "seeded"),
    }
    _manage(seeded, "shell", "-v0", "-c", SEED.read_text())
    assert (folder / "seeded").exists()
    return env


def _release(env, workers=1):
    """Make a release of five slices, which the command plans and any process builds."""
    arguments = ["release", "br", "--number=1.0", "--cutoff=2026-04-01", f"--workers={workers}"]
    printed = _manage(
        env, "shell", "-v0", "-c",
        "from django.core.management import call_command; from export import packing\n"
        f"packing.SLICE_BYTES = 100_000; call_command(*{arguments!r})",
    )  # fmt: skip
    return {told["name"]: (told["bytes"], told["sha256"]) for told in map(json.loads, printed.splitlines())}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Name, size and SHA-256 of the archive that one worker builds on SQLite and files."""
    return _release(_seeded(tmp_path_factory.mktemp("reference") / "data", 1, TZ="UTC"))


def test_eight_workers_another_time_zone_and_another_order_of_rows_change_no_byte(tmp_path, expected):
    env = _seeded(tmp_path / "data", 2, TZ="Pacific/Kiritimati")
    assert _release(env, workers=8) == expected


def test_servers_change_no_byte(tmp_path, expected, postgresql, redis, s3):
    env = _seeded(tmp_path / "data", 3, **_addresses(Servers(postgresql, redis, s3)))
    assert _release(env) == expected
    [(name, (size, _sha256))] = expected.items()
    listed = s3.client().list_objects_v2(Bucket=env["S3_PUBLIC_BUCKET"])["Contents"]
    assert [(each["Key"], each["Size"]) for each in listed] == [(f"datasets/1.0/{name}", size)]
    assert size > 4 * (5 << 20)  # of several parts, each at least as long as S3 wants
