"""Slices that were deflated apart are one ordinary archive, the same bytes each time."""

import gzip
import io
import os
import random
import subprocess
import tarfile
import tracemalloc
import zlib
from pathlib import Path

import pytest

from voicecollect_data import archive
from voicecollect_data.archive import HEADER, Deflated, SliceWriter, ending, member_size

MTIME = 1_793_491_200


def _members(count, seed=1):
    dice = random.Random(seed)
    return [(f"corpus/en/clips/{n:06}.mp3", dice.randbytes(dice.randrange(0, 5000))) for n in range(count)]


def _archive(slices, cut=lambda content: [content]):
    """Return the archive of slices, each a list of (name, content); `cut` says in which pieces contents arrive."""
    file, deflated = io.BytesIO(), []
    for number, members in enumerate(slices):
        writer = SliceWriter(file, first=number == 0, mtime=MTIME)
        for name, content in members:
            writer.add(name, len(content), cut(content))
        deflated.append(writer.close())
    file.write(ending(deflated))
    return file.getvalue()


def _stored(slices):
    """Return the archive of slices of sounds."""
    file, deflated = io.BytesIO(), []
    for number, members in enumerate(slices):
        writer = SliceWriter(file, first=number == 0, mtime=MTIME)
        for name, content in members:
            writer.store(name, content)
        deflated.append(writer.close())
    file.write(ending(deflated))
    return file.getvalue()


def _read(data, mode):
    with tarfile.open(fileobj=io.BytesIO(data), mode=mode) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar]


MEMBERS = _members(300)


@pytest.mark.parametrize("slices", [[MEMBERS], [MEMBERS[:100], MEMBERS[100:]], [[m] for m in MEMBERS[:20]]])
@pytest.mark.parametrize("mode", ["r:gz", "r|gz"])
def test_every_reader_sees_all_members_of_all_slices(slices, mode):
    assert _read(_archive(slices), mode) == [member for members in slices for member in members]


@pytest.mark.parametrize("mode", ["r:gz", "r|gz"])
def test_every_reader_sees_what_was_stored(mode):
    sizes = [0, 1, 512, 65_535, 65_536, 200_000]
    sounds = [(f"{size}.mp3", random.Random(size).randbytes(size)) for size in sizes]
    assert _read(_stored([MEMBERS, sounds]), mode) == [*MEMBERS, *sounds]


def test_what_is_stored_takes_the_place_of_its_bytes_and_little_more():
    sounds = [(f"clips/{n:06}.mp3", random.Random(n).randbytes(30_000)) for n in range(100)]
    taken = len(_stored([sounds])) / 100
    assert 30_000 < taken < 30_150
    assert len(_stored([[(name, bytes(30_000)) for name, _ in sounds]])) / 100 == pytest.approx(taken, abs=1)


@pytest.mark.parametrize("pack", [_archive, _stored])
def test_the_systems_own_tar_and_gzip_read_it(tmp_path, pack):
    path = tmp_path / "a.tar.gz"
    path.write_bytes(pack([MEMBERS[:100], MEMBERS[100:]]))
    subprocess.run(["gzip", "--test", path], check=True)
    listed = subprocess.run(["tar", "tzf", path], check=True, capture_output=True, text=True).stdout
    assert listed.split() == [name for name, _ in MEMBERS]


@pytest.mark.parametrize("pack", [_archive, _stored])
def test_it_is_one_gzip_member(pack):
    file = io.BytesIO(pack([MEMBERS[:100], MEMBERS[100:]]))
    decompressor = zlib.decompressobj(31)
    decompressor.decompress(file.read())
    assert decompressor.eof
    assert decompressor.unused_data == b""


def test_how_contents_arrive_changes_no_byte():
    members = [("big", random.Random(2).randbytes(3_000_000)), *MEMBERS]
    pieces = lambda content: (content[n : n + 999] for n in range(0, len(content), 999))  # noqa: E731
    assert _archive([members]) == _archive([members], pieces)


def test_members_tell_nothing_of_the_machine():
    with tarfile.open(fileobj=io.BytesIO(_archive([MEMBERS]))) as tar:
        told = {(m.uid, m.gid, m.uname, m.gname, m.mode, m.mtime) for m in tar}
    assert told == {(0, 0, "", "", 0o644, MTIME)}
    assert HEADER[4:8] == bytes(4)


@pytest.mark.parametrize("content", [b"", b"short", b"too long"])
def test_a_content_of_another_length_is_refused(content):
    writer = SliceWriter(io.BytesIO(), first=True, mtime=MTIME)
    with pytest.raises(ValueError, match="6 bytes were announced"):
        writer.add("a", 6, [content])


def test_a_name_that_no_tar_can_hold_is_refused():
    with pytest.raises(ValueError, match="too long for a tar"):
        SliceWriter(io.BytesIO(), first=True, mtime=MTIME).add("x" * 101, 0, [])


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "b/" * 40 + "c",
        "d" * 100,
        "e" * 155 + "/" + "f" * 100,
        "g/" * 70 + "h" * 90,
        "é/" * 40 + "ü" * 40,
    ],
)
@pytest.mark.parametrize("size", [0, 1, 512, 8_000_000_000])
def test_headers_are_those_of_the_standard_library(name, size):
    member = tarfile.TarInfo(name)
    member.size, member.mtime = size, MTIME
    assert archive._tar_header(name, size, MTIME) == member.tobuf(tarfile.USTAR_FORMAT)


def test_a_slice_tells_its_sizes():
    file = io.BytesIO()
    writer = SliceWriter(file, first=False, mtime=MTIME)
    for name, content in MEMBERS:
        writer.add(name, len(content), [content])
    deflated = writer.close()
    assert deflated.bytes == len(file.getvalue())
    assert deflated.raw_bytes == sum(member_size(len(content)) for _, content in MEMBERS)


def test_a_slice_can_be_filled_up_without_a_trace():
    file = io.BytesIO()
    first, last = SliceWriter(file, first=True, mtime=MTIME), SliceWriter(file, first=False, mtime=MTIME)
    first.add("a", 5, [b"first"])
    deflated = [first.close(at_least=10_001)]
    last.add("b", 4, [b"last"])
    deflated.append(last.close())
    file.write(ending(deflated))
    assert 10_001 <= deflated[0].bytes < 10_010
    assert _read(file.getvalue(), "r|gz") == [("a", b"first"), ("b", b"last")]


def test_more_than_four_gigabytes_wrap_in_the_trailer():
    halves = [Deflated(2**31, 1, 0), Deflated(2**31 + 5, 2, 0)]
    assert ending(halves)[-4:] == (5 + 1024).to_bytes(4, "little")


def test_an_archive_without_members_is_still_one():
    assert gzip.decompress(_archive([[]])) == bytes(1024)


def test_memory_does_not_grow_with_the_members():
    with Path(os.devnull).open("wb") as file:
        writer = SliceWriter(file, first=True, mtime=MTIME)
        content = bytes(30_000)
        tracemalloc.start()
        for n in range(3000):
            writer.store(f"{n}.mp3", content)
            writer.add(f"{n}.json", len(content), [content])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 16_000_000
