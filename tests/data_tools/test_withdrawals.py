"""The signed list of what speakers took back, and what it does to a copy: exactly those clips and rows go."""

import json
import subprocess

import pytest

from common.signing import Signer
from export.inspecting import inspect_folder
from export.models import FrozenClip, Voice
from recordings import withdrawal
from recordings.erasing import erase
from recordings.models import Recording, Withdrawal
from tests import make
from tests.export.releasing import download, people, publish, today, unpack
from voicecollect_data.__main__ import FINE, IMPOSSIBLE, WRONG

pytestmark = pytest.mark.django_db
NAMES = ["withdrawn.tsv", "withdrawn.tsv.minisig", "withdrawn.json", "withdrawn.json.minisig"]


def _fetch(client, folder):
    """Fetch the list, the feed, and their signatures into the folder."""
    for name in NAMES:
        answer = client.get(f"/datasets/{name}")
        assert answer.status_code == 200
        (folder / name).write_bytes(answer.content)
    return folder / "withdrawn.tsv"


def _rows(path):
    return [line.split("\t") for line in path.read_text().splitlines()]


def _leave(speaker):
    withdrawal.withdraw_all(speaker=speaker)
    for recording in Recording.objects.filter(speaker=speaker):
        assert erase(recording.pk)


@pytest.fixture
def leaver():
    """A speaker with clips of every verdict, among others."""
    people(4)
    speaker = make.speaker()
    for votes in ("yy", "yy", "yy", "nn", ""):
        make.stored_clip(speaker=speaker, votes=votes)
    return speaker


@pytest.fixture
def left(leaver, tmp_path, client):
    """A release of all kinds that was downloaded before the speaker left, and the list since."""
    publish(kinds=["mp3", "flac", "metadata"])
    folder = download(tmp_path / "downloads")
    _leave(leaver)
    _fetch(client, folder)
    return folder


def test_the_list_names_what_releases_held_and_signatures_verify_with_the_stock_minisign(left):
    [head, *rows] = _rows(left / "withdrawn.tsv")
    clips = FrozenClip.objects.filter(clip_id__in=Withdrawal.objects.values("pk"))
    expected = [[f"voicecollect_en_{clip.clip_id.hex}.mp3", clip.delivery_sha256, "1.0"] for clip in clips]
    expected += [[f"voicecollect_en_{clip.clip_id.hex}.flac", clip.master_sha256, "1.0"] for clip in clips]
    assert (head, rows) == (["path", "sha256", "since"], sorted(expected))
    assert len(rows) == 10
    for name in ("withdrawn.tsv", "withdrawn.json"):
        subprocess.run(["minisign", "-V", "-p", "minisign.pub", "-m", name], cwd=left, check=True)


def test_the_feed_says_the_same_by_day(left):
    feed = json.loads((left / "withdrawn.json").read_text())
    [item] = feed["items"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert item["date_published"].startswith(str(today()))
    told = [[each["path"], each["sha256"], each["since"]] for each in item["_withdrawn"]]
    assert told == _rows(left / "withdrawn.tsv")[1:]


def test_no_person_is_on_the_list(left, leaver):
    client_id = Voice.objects.get(speaker=leaver).client_id
    for name in ("withdrawn.tsv", "withdrawn.json"):
        text = (left / name).read_text()
        assert client_id not in text
        assert str(leaver.pk) not in text
        assert leaver.pk.hex not in text


def test_the_list_is_cumulative_and_new_at_once(left, tmp_path, client):
    before = _rows(left / "withdrawn.tsv")
    people(1)
    publish(number="1.1")
    again = make.speaker()
    make.stored_clip(speaker=again, votes="yy")
    never_published = make.speaker()
    make.stored_clip(speaker=never_published)
    assert _rows(_fetch(client, tmp_path)) == before
    _leave(never_published)
    assert _rows(_fetch(client, tmp_path)) == before
    publish(number="1.2")
    _leave(again)
    after = _rows(_fetch(client, tmp_path))
    assert [row for row in after if row not in before] == [
        [row[0], row[1], "1.2"] for row in after if row not in before
    ]
    assert len(after) == len(before) + 1
    assert [row for row in before if row not in after] == []


def test_before_anybody_left_the_list_is_empty_and_signed(client, tmp_path):
    people(1)
    publish()
    assert _rows(_fetch(client, tmp_path)) == [["path", "sha256", "since"]]
    assert json.loads((tmp_path / "withdrawn.json").read_text())["items"] == []


def _tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _lines(tree, name):
    return tree[name].decode().splitlines() if name in tree else []


@pytest.mark.parametrize(("kind", "suffix"), [("", ".mp3"), ("-flac", ".flac"), ("-metadata", ".mp3")])
def test_exactly_those_clips_and_rows_go_and_checksums_hold_again(left, tmp_path, told, kind, suffix):
    [archive] = left.glob(f"*-{today()}-en{kind}.tar.gz")
    folder = unpack(archive, tmp_path / "unpacked")
    gone = {row[0] for row in _rows(left / "withdrawn.tsv") if row[0].endswith(suffix)}
    before = _tree(folder)
    code, said = told("apply-withdrawals", folder, left / "withdrawn.tsv", "--key", left / "minisign.pub")
    assert code == FINE, said
    assert f"{0 if kind == '-metadata' else 5} clips and " in said
    after = _tree(folder)
    assert {name for name in before if name.startswith("clips/")} - set(after) == {
        f"clips/{name}" for name in gone if kind != "-metadata"
    }
    for name in before:
        if name.endswith((".tsv", ".jsonl")) and name != "validated_sentences.tsv":
            rest = [line for line in _lines(before, name) if not any(each in line for each in gone)]
            assert _lines(after, name) == (rest if len(rest) > 1 or name in after else []), name
    assert not any(each.encode() in content for content in after.values() for each in gone)
    subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=folder, check=True)
    assert told("verify", folder)[0] == FINE
    assert inspect_folder(folder) == []
    assert (
        told("apply-withdrawals", folder, left / "withdrawn.tsv", "--key", left / "minisign.pub")[0] == FINE
    )
    assert _tree(folder) == after


def test_counts_of_sentences_follow(left, tmp_path, told):
    [archive] = left.glob(f"*-{today()}-en.tar.gz")
    folder = unpack(archive, tmp_path / "unpacked")
    told("apply-withdrawals", folder, left / "withdrawn.tsv")
    rows = [
        row for name in ("validated", "invalidated", "other") for row in _rows(folder / f"{name}.tsv")[1:]
    ]
    counted = {row[0]: int(row[-1]) for row in _rows(folder / "validated_sentences.tsv")[1:]}
    assert sum(counted.values()) == len(rows)
    assert all(count == sum(1 for row in rows if row[2] == sentence) for sentence, count in counted.items())


def test_a_copy_without_withdrawn_clips_still_takes_the_next_delta(left, tmp_path, told):
    people(2)
    publish(number="1.1")
    new = download(tmp_path / "new", "1.1")
    [archive] = left.glob(f"*-{today()}-en.tar.gz")
    folder = unpack(archive, tmp_path / "unpacked")
    told("apply-withdrawals", folder, left / "withdrawn.tsv")
    [delta] = new.glob("*-from-1.0.tar.gz")
    assert told("apply-delta", folder, delta, tmp_path / "made")[0] == FINE
    [expected] = new.glob(f"*-{today()}-en.tar.gz")
    [made] = (tmp_path / "made").glob("*/*")
    assert _tree(made) == _tree(unpack(expected, tmp_path / "expected"))


def test_a_list_that_was_changed_or_is_none_takes_nothing_out(left, tmp_path, told):
    [archive] = left.glob(f"*-{today()}-en.tar.gz")
    folder = unpack(archive, tmp_path / "unpacked")
    before, listed = _tree(folder), left / "withdrawn.tsv"
    other = Signer.from_secret("another").public_key()
    assert told("apply-withdrawals", folder, listed, "--key", other)[0] == WRONG
    listed.write_text(listed.read_text() + f"voicecollect_en_{'0' * 32}.mp3\t{'0' * 64}\t1.0\n")
    assert told("apply-withdrawals", folder, listed, "--key", left / "minisign.pub")[0] == WRONG
    assert told("apply-withdrawals", folder, folder / "other.tsv")[0] == WRONG
    assert _tree(folder) == before
    assert told("apply-withdrawals", tmp_path, left / "withdrawn.tsv")[0] == IMPOSSIBLE
