"""webdataset reads the shards: each clip with what its row and its lengths say."""

import json

import pytest
import webdataset
from published import LOCALES, rows

NUMBERS = ("up_votes", "down_votes")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_shards_hold_every_clip_of_a_split_with_its_row(downloads, corpus, locale):
    for split in ("train_all", "dev", "test"):
        shards = [str(path) for path in sorted(downloads.glob(f"*-{locale}-{split}-*.tar"))]
        samples = list(webdataset.WebDataset(shards, shardshuffle=False))
        read = rows(corpus / locale / f"{split}.tsv")
        assert [sample["__key__"] for sample in samples] == [row["path"].removesuffix(".mp3") for row in read]
        for sample, row in zip(samples, read, strict=True):
            told = json.loads(sample["json"])
            assert {name: str(told[name]) for name in row} == row
            assert sample["mp3"] == (corpus / locale / "clips" / row["path"]).read_bytes()
