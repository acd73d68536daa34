"""A build that is killed at any moment goes on to the same bytes, and builds no finished slice again."""

import json
from pathlib import Path

import pytest

from tests.export.instances import manage, seeded


@pytest.mark.slow
def test_twenty_kills_change_no_byte_and_cost_no_finished_slice(tmp_path):
    env = seeded(tmp_path / "data", 1)
    printed = manage(env, "shell", "-v0", "-c", Path(__file__).with_name("killing.py").read_text())
    releases = [json.loads(line) for line in printed.splitlines()]
    assert sum(each["died"] for each in releases) == 20
    assert all(each["same"] and not each["rebuilt"] and each["slices"] > 5 for each in releases)
