"""What README.md tells `datasets.load_dataset(folder)`: which splits there are, with some clips of each by name."""

import re
from collections.abc import Mapping, Sequence

SPLITS = ("train", "dev", "test")
_CONFIGS = re.compile(r"^configs:\n(?:[ -].*\n)*", re.MULTILINE)


def configs(seeds: Mapping[str, Sequence[str]]) -> str:
    """Return the lines for these splits, whose clips are named relative to the folder; none if there is no split."""
    splits = [split for split in SPLITS if seeds.get(split)]
    if not splits:
        return ""
    lines = ["configs:", "- config_name: default", "  metadata_filenames:"]
    lines += [f"  - metadata-{split}.jsonl" for split in splits] + ["  data_files:"]
    for split in splits:
        lines += [f"  - split: {split}", "    path:", f"    - metadata-{split}.jsonl"]
        lines += [f"    - {clip}" for clip in seeds[split]]
    return "".join(f"{line}\n" for line in lines)


def replaced(readme: str, seeds: Mapping[str, Sequence[str]]) -> str:
    """Return a README.md that names these clips instead of those that it names."""
    return _CONFIGS.sub(lambda _found: configs(seeds), readme, count=1)
