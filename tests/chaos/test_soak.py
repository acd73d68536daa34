"""The short version of `make soak`: as rough, not as long, and without its limits of time."""

import pytest

from tests.chaos import soak


@pytest.mark.slow
@pytest.mark.servers
def test_nothing_is_lost_or_doubled_on_servers_whatever_is_killed(folder):
    result = soak.on_servers(folder, uploads=400)
    assert (result.uploads, result.lost, result.duplicated) == (400, 0, 0)
    assert {"Redis", "Postgresql"} <= set(result.killed)


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_embedded_whatever_is_killed(folder):
    result = soak.embedded(folder, uploads=60)
    assert (result.uploads, result.lost, result.duplicated) == (60, 0, 0)
    assert result.kills >= 4
