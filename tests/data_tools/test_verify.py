"""`verify` finds whatever was changed, and names it."""

import gzip
import io
import random
import shutil
import subprocess
import sys
import tarfile
import tracemalloc
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from common.signing import Signer
from tests.export.releasing import stem
from voicecollect_data.__main__ import FINE, IMPOSSIBLE, WRONG, main
from voicecollect_data.ed25519 import ORDER, verifies

FLIPS = 200
ROOT = Path(__file__).parents[2]


def _flip(path, dice):
    """Change one bit; return what undoes it."""
    before = path.read_bytes()
    after = bytearray(before)
    after[dice.randrange(len(after))] ^= 1 << dice.randrange(8)
    path.write_bytes(after)
    return lambda: path.write_bytes(before)


def test_what_was_published_is_found_right(release, edition, archive, told):
    for path in (release, edition, archive):
        code, said = told("verify", path)
        assert (code, said.splitlines()[-1]) == (FINE, "All is as it was published.")


def test_each_of_200_flipped_bits_in_a_release_is_named(release, told):
    dice, files = random.Random(6), sorted(release.iterdir())
    for _ in range(FLIPS):
        path = dice.choice(files)
        undo = _flip(path, dice)
        code, said = told("verify", release)
        undo()
        assert code == WRONG
        assert path.name in said, said
    assert main(["verify", str(release)]) == FINE


def test_each_of_200_flipped_bits_in_an_unpacked_edition_is_named(edition, told):
    dice, files = random.Random(7), sorted(path for path in edition.rglob("*") if path.is_file())
    for _ in range(FLIPS):
        path = dice.choice(files)
        undo = _flip(path, dice)
        code, said = told("verify", edition)
        undo()
        assert code == WRONG
        assert path.name in said, said


def test_files_that_are_missing_or_were_added_are_named(edition, told):
    [gone, *_others] = sorted((edition / "clips").iterdir())
    gone.unlink()
    (edition / "clips" / "stranger.mp3").write_bytes(b"x")
    (edition / "notes").mkdir()
    (edition / "notes" / "mine.txt").write_bytes(b"x")
    code, said = told("verify", edition)
    assert code == WRONG
    assert f"{gone}: is missing." in said
    assert "stranger.mp3: is not in SHA256SUMS." in said
    assert "mine.txt: is not in SHA256SUMS." in said


def test_who_downloads_one_archive_is_not_told_that_others_are_missing(release, told):
    (release / f"{stem()}-en-metadata.tar.gz").unlink()
    assert told("verify", release)[0] == FINE
    for path in release.iterdir():
        if not path.name.startswith("SHA256SUMS"):
            path.unlink()
    assert "names no file that is here" in told("verify", release)[1]


def test_an_archive_alone_is_looked_into(archive, tmp_path, told):
    alone = shutil.copy(archive, tmp_path)
    assert told("verify", alone) == (
        FINE,
        f"{alone}: its content was looked at.\nAll is as it was published.\n",
    )


def _repacked(archive, change):
    """Return an archive whose members went through `change`, which gives a name and bytes, or None to drop one."""
    out = io.BytesIO()
    with tarfile.open(archive) as source, tarfile.open(fileobj=out, mode="w:gz") as target:
        for member in source:
            changed = change(member.name, source.extractfile(member).read())
            if changed:
                member.name, member.size = changed[0], len(changed[1])
                target.addfile(member, io.BytesIO(changed[1]))
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda name, data: (name, b"x" + data[1:] if name.endswith("other.tsv") else data), "other.tsv: is not"),
        (lambda name, data: None if name.endswith("other.tsv") else (name, data), "other.tsv: is missing"),
        (lambda name, data: (name, data) if ".mp3" not in name else None, ".mp3: is missing"),
        (lambda name, data: (name, data[::-1]) if ".mp3" in name else (name, data), ".mp3: is not what"),
        (lambda name, data: (name.replace("_en_", "_en_0"), data), "is not in SHA256SUMS"),
        (lambda name, data: (name, data) if "SHA256SUMS" not in name else None, "holds no SHA256SUMS"),
        (lambda name, data: (f"../../{name}", data), "which no release would"),
        (lambda name, data: (f"/{name}", data), "which no release would"),
    ],
)  # fmt: skip
def test_what_differs_inside_an_archive_is_named(archive, tmp_path, told, change, fault):
    path = tmp_path / "changed.tar.gz"
    path.write_bytes(_repacked(archive, change))
    code, said = told("verify", path)
    assert code == WRONG
    assert fault in said


def test_an_archive_with_a_link_is_refused(tmp_path, told):
    path = tmp_path / "link.tar"
    with tarfile.open(path, "w") as tar:
        link = tarfile.TarInfo("a/b/README.md")
        link.type, link.linkname = tarfile.SYMTYPE, "../../../secret"
        tar.addfile(link)
    assert "which no release would" in told("verify", path)[1]


@pytest.mark.parametrize("left", [0.1, 0.5, 0.999])
def test_an_archive_that_was_cut_off_says_so(archive, tmp_path, told, left):
    path = tmp_path / "cut.tar.gz"
    path.write_bytes(archive.read_bytes()[: int(archive.stat().st_size * left)])
    code, said = told("verify", path)
    assert code == WRONG
    assert "cannot be read to its end" in said


def test_a_wrong_checksum_of_gzip_is_found(archive, tmp_path, told):
    data = bytearray(archive.read_bytes())
    data[-6] ^= 1
    path = tmp_path / "crc.tar.gz"
    path.write_bytes(data)
    assert "CRC" in told("verify", path)[1]


def test_memory_does_not_grow_with_the_archive(tmp_path):
    peak = {count: _peak(_big(tmp_path / f"{count}.tar.gz", count)) for count in (500, 5000)}
    assert peak[5000] - peak[500] < 100_000, peak  # names alone would take four times that


def _big(path, count):
    names = [f"clips/c_{number:032x}.mp3" for number in range(count)]
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    files = {
        "README.md": b"",
        "SHA256SUMS": "".join(f"{empty}  {name}\n" for name in ["README.md", *names]).encode(),
    }
    with gzip.open(path, "wb", 1) as out, tarfile.open(fileobj=out, mode="w|") as tar:
        for name in [*files, *names]:
            member = tarfile.TarInfo(f"stem/en/{name}")
            member.size = len(files.get(name, b""))
            tar.addfile(member, io.BytesIO(files.get(name, b"")))
            tar.members = []
    return path


def _peak(path):
    tracemalloc.start()
    try:
        assert main(["verify", str(path)]) == FINE
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("path", ["nowhere", "."])
def test_what_is_no_release_is_not_possible(tmp_path, monkeypatch, told, path):
    monkeypatch.chdir(tmp_path)
    assert told("verify", path)[0] == IMPOSSIBLE


def test_another_key_and_a_changed_signature_are_told(release, told):
    other = Signer.from_secret("another").public_key()
    assert "was made with another key" in told("verify", release, "--key", other)[1]
    assert "is no public key" in told("verify", release, "--key", "x")[1]
    signature = release / "SHA256SUMS.minisig"
    signature.write_text(signature.read_text().replace("trusted comment: v", "trusted comment: w"))
    assert "its trusted comment was changed" in told("verify", release)[1]
    signature.write_text("x")
    assert "is no signature" in told("verify", release)[1]


def test_without_a_key_it_says_that_the_signature_was_not_checked(release, told):
    (release / "minisign.pub").unlink()
    code, said = told("verify", release)
    assert (code, "its signature was not checked" in said) == (FINE, True)


def test_signatures_are_judged_as_libsodium_does():
    dice = random.Random(8)
    for _ in range(20):
        key, message = SigningKey(dice.randbytes(32)), dice.randbytes(dice.randrange(100))
        public, signature = bytes(key.verify_key), key.sign(message).signature
        assert verifies(public, message, signature)
        assert not verifies(public, message + b"x", signature)
        changed = bytearray(signature)
        changed[dice.randrange(64)] ^= 1 << dice.randrange(8)
        assert not verifies(public, message, bytes(changed))
        s = int.from_bytes(signature[32:], "little") + ORDER  # the same number in another form
        assert not verifies(public, message, signature[:32] + s.to_bytes(32, "little"))


def test_info_tells_what_a_folder_and_an_archive_hold(edition, archive, told):
    for path in (edition, archive):
        code, said = told("info", path)
        assert code == FINE
        assert f"{stem()}/en" in said
        assert "validated.tsv: 12 rows" in said
        assert "clip_durations.tsv: 12 clips, 0.0003 hours" in said
    assert told("info", edition.parent.parent / "nowhere")[0] == IMPOSSIBLE


def test_the_command_runs_by_itself_and_helps():
    command = [sys.executable, "-m", "voicecollect_data", "--help"]
    assert "verify" in subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
