"""`datasets.load_dataset(folder)` finds the splits, with every field and the sound of each clip."""

import pytest
from datasets import load_dataset
from published import rows

SPLITS = ("train", "dev", "test")
VOTES = ("up_votes", "down_votes")
MAY_DIFFER = 0.06  # seconds: decoders disagree on how much silence an encoder put at the ends


@pytest.fixture
def loaded(edition, tmp_path):
    return load_dataset(str(edition), cache_dir=str(tmp_path / "cache"))


def test_the_splits_are_those_of_the_tables_with_every_field_and_the_sound(loaded, edition):
    lengths = {row["clip"]: int(row["duration[ms]"]) for row in rows(edition / "clip_durations.tsv")}
    assert set(loaded) == set(SPLITS)
    for split in SPLITS:
        expected = [
            row | {"duration_ms": lengths[row["path"]]} | {name: int(row[name]) for name in VOTES}
            for row in rows(edition / f"{split}.tsv")
        ]
        found = sorted(loaded[split], key=lambda row: row["path"])
        sounds = [row.pop("audio").get_all_samples() for row in found]
        assert found == expected
        for sound, row in zip(sounds, found, strict=True):
            assert abs(sound.duration_seconds - row["duration_ms"] / 1000) < MAY_DIFFER
