"""The same rows give the same bytes: whatever database and storage, time zone, order of rows and number of workers."""

import json

import pytest

from tests.export.instances import manage, seeded
from tests.servers.instance import Servers, _addresses


def _release(env, workers=1):
    """Make a release of three slices, which the command plans and any process builds."""
    arguments = ["release", "br", "--number=1.0", "--cutoff=2026-04-01", f"--workers={workers}"]
    printed = manage(
        env, "shell", "-v0", "-c",
        "from django.core.management import call_command; from export import packing\n"
        f"packing.SLICE_BYTES = 100_000; call_command(*{arguments!r})",
    )  # fmt: skip
    return {told["name"]: (told["bytes"], told["sha256"]) for told in map(json.loads, printed.splitlines())}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Name, size and SHA-256 of the archive that one worker builds on SQLite and files."""
    return _release(seeded(tmp_path_factory.mktemp("reference") / "data", 1, TZ="UTC"))


def test_eight_workers_another_time_zone_and_another_order_of_rows_change_no_byte(tmp_path, expected):
    env = seeded(tmp_path / "data", 2, TZ="Pacific/Kiritimati")
    assert _release(env, workers=8) == expected


def test_servers_change_no_byte(tmp_path, expected, postgresql, redis, s3):
    env = seeded(tmp_path / "data", 3, **_addresses(Servers(postgresql, redis, s3)))
    assert _release(env) == expected
    [(name, (size, _sha256))] = expected.items()
    listed = s3.client().list_objects_v2(Bucket=env["S3_PUBLIC_BUCKET"])["Contents"]
    assert [(each["Key"], each["Size"]) for each in listed] == [(f"datasets/1.0/{name}", size)]
    assert size > 2 * (5 << 20)  # three parts, all but the last at least as long as S3 wants
