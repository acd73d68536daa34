"""`pack` makes of an unpacked edition the bytes that were published."""

import builtins
import sys

import pytest

from tests.export.releasing import download, people, publish, slice_small, unpack
from voicecollect_data import archive as packer
from voicecollect_data.__main__ import FINE, IMPOSSIBLE

pytestmark = pytest.mark.django_db


def test_packed_anew_an_archive_has_the_bytes_that_were_published(archive, edition, tmp_path, told):
    assert told("pack", edition, tmp_path / "again.tar.gz")[0] == FINE
    assert (tmp_path / "again.tar.gz").read_bytes() == archive.read_bytes()


def test_an_archive_of_many_slices_is_cut_where_it_was(tmp_path, told, monkeypatch):
    slice_small(monkeypatch, 4000)
    monkeypatch.setattr(packer, "SLICE_BYTES", 4000)
    monkeypatch.setattr(packer, "LEAST_BYTES", 0)
    people(4)
    publish(kinds=["mp3", "flac", "metadata"])
    archives = sorted(download(tmp_path / "downloads").glob("*.tar.gz"))
    assert len(archives) == 3
    for number, archive in enumerate(archives):
        again = tmp_path / f"{number}.tar.gz"
        assert told("pack", unpack(archive, tmp_path / str(number)), again)[0] == FINE
        assert again.read_bytes() == archive.read_bytes()


def test_what_cannot_be_packed_is_said(edition, tmp_path, told):
    (tmp_path / "there").write_bytes(b"x")
    assert "There is a" in told("pack", edition, tmp_path / "there")[1]
    other = edition.parent.rename(edition.parent.with_name("mine")) / edition.name
    code, said = told("pack", other, tmp_path / "again.tar.gz")
    assert (code, "has not the name of a release" in said) == (IMPOSSIBLE, True)


def test_without_isal_it_says_what_to_install(edition, tmp_path, told, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("isal"):
            raise ImportError(name)
        return real(name, *rest)

    for name in ("voicecollect_data.packing", "voicecollect_data.archive"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    code, said = told("pack", edition, tmp_path / "again.tar.gz")
    assert (code, "pip install" in said) == (IMPOSSIBLE, True)
