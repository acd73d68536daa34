"""The same rows give the same bytes: whatever database and storage, time zone, order of rows and number of workers."""

import json

import pytest

from tests.export.instances import manage, seeded
from tests.servers.instance import Servers, _addresses


def _release(env, workers):
    """Make a release of slices and shards, which the command plans and any process builds.

    Return the SHA-256 of all its files by name, and the sizes of its archives.
    """
    arguments = ["release", "br", "--number=1.0", "--cutoff=2026-04-01", f"--workers={workers}"]
    arguments += ["--kinds", "mp3", "flac", "metadata", "shards"]
    printed = manage(
        env, "shell", "-v0", "-c",
        "from django.core.management import call_command; from export import planning\n"
        f"planning.SLICE_BYTES, planning.SHARD_BYTES = 100_000, 60_000; call_command(*{arguments!r})\n"
        "from export.models import Document; print(Document.objects.get(name='SHA256SUMS').text)",
    )  # fmt: skip
    lines = printed.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    sums = dict(reversed(line.split("  ")) for line in lines if line and not line.startswith("{"))
    return sums, {f"datasets/1.0/{each['name']}": each["bytes"] for each in told}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What one worker makes on SQLite and files."""
    return _release(seeded(tmp_path_factory.mktemp("reference") / "data", 1, TZ="UTC"), workers=1)


def test_a_release_has_archives_of_all_kinds_and_plots(expected):
    sums, sizes = expected
    assert len(sizes) > 6  # three archives, and several shards
    for suffix in (
        ".tar.gz",
        "-flac.tar.gz",
        "-metadata.tar.gz",
        "-train_all-000001.tar",
        "-growth.svg",
        ".md",
    ):
        assert f"voicecollect-1.0-2026-04-01-br{suffix}" in sums


def test_eight_workers_another_time_zone_and_another_order_of_rows_change_no_byte(tmp_path, expected):
    env = seeded(tmp_path / "data", 2, TZ="Pacific/Kiritimati")
    assert _release(env, workers=8) == expected


def test_servers_and_two_workers_change_no_byte(tmp_path, expected, postgresql, redis, s3):
    env = seeded(tmp_path / "data", 3, **_addresses(Servers(postgresql, redis, s3)))
    assert _release(env, workers=2) == expected
    sizes = expected[1]
    listed = s3.client().list_objects_v2(Bucket=env["S3_PUBLIC_BUCKET"])["Contents"]
    assert {each["Key"]: each["Size"] for each in listed} == sizes
    # three parts, all but the last at least as long as S3 wants
    assert sizes["datasets/1.0/voicecollect-1.0-2026-04-01-br.tar.gz"] > 2 * (5 << 20)
