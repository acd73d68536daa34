"""A backup is made under load, everything is destroyed, and a restore brings it back: all but what was withdrawn."""

import json
import shutil
import threading
import time
import urllib.error

import pytest

from tests.chaos.senders import Senders
from tests.servers.instance import Instance

KEYS = {"RELEASE_KEY": "r" * 64, "SIGNING_KEY": "s" * 64, "SECRET_KEY": "k" * 64}
BEFORE, MEANWHILE = 6, 30
WITHDRAW = (
    "from recordings.models import Recording; from recordings.withdrawal import withdraw_take;"
    "r = Recording.objects.get(take_id='{}'); withdraw_take(speaker=r.speaker, take_id=r.take_id)"
)
UNSETTLED = "SELECT count(*) FROM recordings_recording WHERE state IN ('received', 'processing', 'withdrawn')"


@pytest.fixture(params=["embedded", pytest.param("servers", marks=pytest.mark.servers)])
def new_instance(request, folder):
    """Return a function that makes an instance with nothing in it, by name, not started yet."""
    servers = request.getfixturevalue("servers") if request.param == "servers" else None

    def make(name):
        instance = Instance(folder / name, servers, **KEYS)
        instance.data.mkdir(parents=True)
        return instance

    return make


def sent(instance, count, a_second=50):
    senders = Senders(instance.url, count, a_second)
    senders.start()
    return senders


def wait_until(ready):
    until = time.monotonic() + 120
    while not ready():
        assert time.monotonic() < until
        threading.Event().wait(0.3)


def is_settled(instance):
    return instance.rows(UNSETTLED) == [(0,)]


def withdraw(instance, take):
    instance.manage("shell", "-v0", "-c", WITHDRAW.format(take.take_id))


def became(instance, take):
    """Return what a restored instance, at another address, says of a take."""
    take.device.base = f"{instance.url}/api/v1"
    return take.device.became(take.take_id)


@pytest.mark.slow
def test_what_is_destroyed_comes_back_and_what_was_withdrawn_does_not(new_instance, folder):
    backup = folder / "backup"
    with new_instance("first") as first:
        early = sent(first, BEFORE)
        wait_until(lambda: early.is_done)
        wait_until(lambda: is_settled(first))
        late = sent(first, MEANWHILE, a_second=5)
        made = json.loads(first.manage("backup", str(backup)).stdout)
        assert made["objects"] >= 3 * BEFORE
        assert made["lacking"] == []
        wait_until(lambda: late.is_done)
        withdraw(first, early.acknowledged[0])
        first.manage("backup", "--withdrawals", str(backup))
    shutil.rmtree(first.folder)

    second = new_instance("second")
    restored = json.loads(second.manage("restore", str(backup)).stdout)
    assert restored["withdrawn"] == 1
    assert restored["lacking"] == []
    with second:
        wait_until(lambda: is_settled(second))
        assert [became(second, take)["state"] for take in early.acknowledged[1:]] == ["processed"] * (
            BEFORE - 1
        )
        with pytest.raises(urllib.error.HTTPError, match="404"):
            became(second, early.acknowledged[0])
        found = json.loads(second.manage("fsck", "--full", "--grace", "0").stdout.splitlines()[-1])
        assert found["damages"] == 0
        assert "not empty" in second.manage("restore", str(backup), check=False).stderr


@pytest.mark.slow
def test_a_second_backup_copies_only_what_is_new_and_forgets_what_was_withdrawn(folder):
    backup = folder / "backup"
    with Instance(folder / "instance", **KEYS) as instance:
        senders = sent(instance, 2)
        wait_until(lambda: senders.is_done and is_settled(instance))
        assert json.loads(instance.manage("backup", str(backup)).stdout)["copied"] == 6
        withdraw(instance, senders.acknowledged[0])
        wait_until(lambda: is_settled(instance))
        assert "belong to nothing any more" in instance.manage("backup", str(backup), check=False).stderr
        made = json.loads(instance.manage("backup", str(backup), "--most", "60").stdout)
    assert (made["copied"], made["deleted"], made["withdrawals"]) == (0, 3, 1)


def empty(folder, name, **variables):
    instance = Instance(folder / name, **KEYS | variables)
    instance.data.mkdir(parents=True)
    return instance


def test_a_damaged_backup_and_one_of_another_collection_are_refused(folder):
    backup = folder / "backup"
    first = empty(folder, "first")
    first.manage("migrate")
    name = json.loads(first.manage("backup", str(backup)).stdout)["dump"]
    other = empty(folder, "other", RELEASE_KEY="x" * 64)
    assert "RELEASE_KEY" in other.manage("restore", str(backup), check=False).stderr
    file = backup / "dumps" / name / "objects.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-1])
    assert "is damaged" in empty(folder, "second").manage("restore", str(backup), check=False).stderr
