"""Two releases of a growing collection, a withdrawal between them: old and delta make the new one, byte for byte."""

import json
import random
import shutil
import subprocess

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from export import build
from export.models import Archive, FrozenClip, Release, Voice
from recordings import withdrawal
from recordings.erasing import erase
from recordings.models import Clip, Recording
from recordings.states import ClipState
from tests import make
from tests.export.releasing import download, people, publish, refusal, today, unpack
from voicecollect_data.__main__ import FINE, IMPOSSIBLE, WRONG

pytestmark = pytest.mark.django_db


class Grown:
    """Release 1.0, release 1.1 after more clips, a withdrawal, a hidden clip and new votes; both downloaded."""

    def __init__(self, folder):
        people(4)
        self.speaker = make.speaker()
        kept = [make.stored_clip(speaker=self.speaker, votes="yy"), make.stored_clip(speaker=self.speaker)]
        publish(kinds=["mp3", "flac"])
        self.client_id = Voice.objects.get(speaker=self.speaker).client_id
        self.withdrawn = {f"voicecollect_en_{clip.pk.hex}.mp3" for clip in kept}
        self.hidden = Clip.objects.exclude(pk__in=[clip.pk for clip in kept]).first()
        withdrawal.withdraw_all(speaker=self.speaker)
        for recording in Recording.objects.filter(speaker=self.speaker):
            assert erase(recording.pk)
        Clip.objects.filter(pk=self.hidden.pk).update(state=ClipState.HIDDEN)
        self.judged = Clip.objects.exclude(pk=self.hidden.pk).first()
        make.vote(self.judged, "yes")
        people(2)
        publish(number="1.1", kinds=["mp3", "flac"])
        self.old, self.new = download(folder / "old"), download(folder / "new", "1.1")

    def archive(self, folder, kind=""):
        [path] = folder.glob(f"*-{today()}-en{kind}.tar.gz")
        return path

    @property
    def delta(self):
        return self.archive(self.new, "-from-1.0")


@pytest.fixture
def grown(tmp_path):
    return Grown(tmp_path)


def _tree(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("unpacked", ["neither", "old", "delta", "both"])
def test_old_and_delta_make_the_new_release_byte_for_byte(grown, tmp_path, told, unpacked):
    old, delta = grown.archive(grown.old), grown.delta
    old = unpack(old, tmp_path / "a") if unpacked in ("old", "both") else old
    delta = unpack(delta, tmp_path / "b") if unpacked in ("delta", "both") else delta
    code, said = told("apply-delta", old, delta, tmp_path / "made")
    assert (code, said.count("\n")) == (FINE, 1), said
    [made] = (tmp_path / "made").glob("*/*")
    assert _tree(made) == _tree(unpack(grown.archive(grown.new), tmp_path / "expected"))
    assert told("pack", made, tmp_path / "packed.tar.gz")[0] == FINE
    assert (tmp_path / "packed.tar.gz").read_bytes() == grown.archive(grown.new).read_bytes()


def test_the_delta_says_what_is_gone_and_what_is_told_otherwise(grown, tmp_path):
    folder = unpack(grown.delta, tmp_path / "delta")
    about = json.loads((folder / "delta.json").read_text())
    assert about == {
        "locale": "en", "from": f"voicecollect-1.0-{today()}", "to": f"voicecollect-1.1-{today()}",
    }  # fmt: skip
    [head, *removed] = [line.split("\t") for line in (folder / "removed.tsv").read_text().splitlines()]
    assert head == ["path", "sha256", "reason"]
    assert {row[0] for row in removed if row[2] == "withdrawn"} == grown.withdrawn
    assert [row[0] for row in removed if row[2] == "left-out"] == [
        f"voicecollect_en_{grown.hidden.pk.hex}.mp3"
    ]
    sums = dict(FrozenClip.objects.values_list("clip_id", "delivery_sha256"))
    assert {row[1] for row in removed} <= set(sums.values())
    changed = [line.split("\t") for line in (folder / "changed.tsv").read_text().splitlines()]
    assert [f"voicecollect_en_{grown.judged.pk.hex}.mp3", "up_votes", "2", "3"] in changed
    added = {path.name for path in (folder / "added" / "clips").iterdir()}
    before = {
        path.name for path in (unpack(grown.archive(grown.old), tmp_path / "old-tree") / "clips").iterdir()
    }
    after = {
        path.name for path in (unpack(grown.archive(grown.new), tmp_path / "new-tree") / "clips").iterdir()
    }
    assert added == after - before


def test_nothing_of_who_withdrew_is_in_any_byte_of_the_second_release(grown, tmp_path):
    kept = {path: path.read_bytes() for path in grown.new.iterdir()}
    for number, path in enumerate(sorted(grown.new.glob("*.tar.gz"))):
        kept |= _tree(unpack(path, tmp_path / str(number)))
    hashes = FrozenClip.objects.filter(edition__release__minor=0, speaker__client_id=grown.client_id)
    files = [path for path in kept if path.name in grown.withdrawn]
    assert (hashes.count(), files) == (2, [])
    assert [path for path, content in kept.items() if grown.client_id.encode() in content] == []
    named = {
        path.name for path, content in kept.items() for name in grown.withdrawn if name.encode() in content
    }
    assert named == {"removed.tsv"}  # which says that they are gone


def test_splits_do_not_drift_and_signatures_verify_with_the_stock_minisign(grown, told):
    facts = Release.objects.get(minor=1).editions.get().statistics
    assert (facts["leaks"]["since"], facts["leaks"]["drift"]) == ("1.0", 0)
    for folder in (grown.old, grown.new):
        subprocess.run(["minisign", "-V", "-p", "minisign.pub", "-m", "SHA256SUMS"], cwd=folder, check=True)
        subprocess.run(["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], cwd=folder, check=True)
        assert told("verify", folder)[0] == FINE
    assert told("verify", shutil.copy(grown.delta, grown.old.parent))[0] == FINE


def test_a_delta_for_another_release_says_what_it_starts_from(grown, tmp_path, told):
    old = unpack(grown.archive(grown.old), tmp_path / "a")
    [gone, *_others] = [path for path in (old / "clips").iterdir() if path.name not in grown.withdrawn]
    if grown.hidden.pk.hex in gone.name:
        gone = _others[0]
    gone.unlink()
    code, said = told("apply-delta", old, grown.delta, tmp_path / "made")
    assert code == WRONG
    assert f"clips/{gone.name}: is missing; the delta starts from voicecollect-1.0-{today()}" in said
    assert list((tmp_path / "made").iterdir()) == []


def test_a_damaged_old_clip_is_named_and_nothing_is_left(grown, tmp_path, told):
    old = unpack(grown.archive(grown.old), tmp_path / "a")
    path = old / "clips" / f"voicecollect_en_{grown.judged.pk.hex}.mp3"
    path.write_bytes(path.read_bytes()[::-1])
    code, said = told("apply-delta", old, grown.delta, tmp_path / "made")
    assert (code, f"{path}: is not what SHA256SUMS says." in said) == (WRONG, True)
    assert list((tmp_path / "made").iterdir()) == []


def test_what_is_no_delta_or_there_already_is_refused(grown, tmp_path, told):
    old, new = grown.archive(grown.old), grown.archive(grown.new)
    assert told("apply-delta", old, new, tmp_path / "made")[0] == IMPOSSIBLE
    assert told("apply-delta", old, tmp_path / "nowhere", tmp_path / "made")[0] == IMPOSSIBLE
    assert told("apply-delta", old, grown.delta, tmp_path / "made")[0] == FINE
    assert "There is a" in told("apply-delta", old, grown.delta, tmp_path / "made")[1]


def test_a_hostile_delta_leads_nowhere_else(grown, tmp_path, told):
    delta = unpack(grown.delta, tmp_path / "delta")
    for change in ({"to": "../../elsewhere"}, {"locale": ".."}, {"from": 1, "to": None}):
        about = {"locale": "en", "from": "a", "to": "b"} | change
        (delta / "delta.json").write_text(json.dumps(about))
        code, _said = told("apply-delta", grown.archive(grown.old), delta, tmp_path / "made")
        assert code == WRONG or not list(tmp_path.rglob("elsewhere"))
    (delta / "delta.json").write_text("{")
    assert told("apply-delta", grown.archive(grown.old), delta, tmp_path / "made")[0] == WRONG


def test_a_delta_may_start_from_any_release(grown, tmp_path, told):
    people(1)
    names = [each["name"] for each in publish(number="1.2", since="1.0")]
    assert [name for name in names if "-from-1.0" in name]
    newest = download(tmp_path / "newest", "1.2")
    delta = grown.archive(newest, "-from-1.0")
    assert told("apply-delta", grown.archive(grown.old), delta, tmp_path / "made")[0] == FINE
    assert "no such release of en" in refusal(number="1.3", since="0.9")


def test_a_first_release_has_no_delta():
    people(1)
    assert [each["kind"] for each in publish()] == ["mp3"]
    assert not Archive.objects.filter(kind="delta").exists()


def test_a_delta_that_was_damaged_in_the_storage_is_not_published(monkeypatch):
    people(2)
    publish()
    join = build._join

    def damage(archive, progress):
        join(archive, progress)
        if archive.kind == "delta":
            key = archive.key
            with storages["releases"].open(key) as stored:
                data = bytearray(stored.read())
            data[random.Random(1).randrange(len(data) // 2)] ^= 64
            storages["releases"].delete(key)
            storages["releases"].save(key, ContentFile(bytes(data)))

    monkeypatch.setattr(build, "_join", damage)
    assert "must not be published" in refusal(number="1.1")
