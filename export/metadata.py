"""What is said about an edition: datasheet and statistics, from the figures of `counting` alone, without a clock."""

from collections.abc import Mapping, Sequence
from typing import Any

from export.keys import Kind, suffix
from export.splits import Splitting
from validation.verdict import SURE
from voicecollect_data.frontmatter import configs

Facts = Mapping[str, Any]

LICENSE = "CC0-1.0"
LICENSE_URL = "https://creativecommons.org/publicdomain/zero/1.0/"
TABLES = ("train", "dev", "test", "train_all", "validated", "invalidated", "other")
BUCKETS = ("dev", "invalidated", "other", "test", "train", "validated")
# The plots of a datasheet, in the order in which people read them
PLOTS = {
    "durations": "Lengths of clips",
    "ages": "Voices by age and gender, as far as published",
    "clips_per_speaker": "Clips of each voice",
    "votes": "Votes on each clip, and what follows from them",
    "domains": "Fields of life that sentences are about",
    "growth": "Growth over releases",
}
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def checksum(sha256: str, name: str) -> str:
    """Return one line of a SHA256SUMS file."""
    return f"{sha256}  {name}\n"


def hours(duration_ms: int) -> float:
    """Return milliseconds as hours, to a third of a second."""
    return round(duration_ms / 3_600_000, 4)


def statistics(editions: Sequence[Facts], files: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    """Return a release's statistics with the keys of Common Voice v17 to v25; durations are measured, not estimated.

    `files` gives size and SHA-256 of each locale's archive with MP3s; a locale without one has 0 and nothing.
    """
    total = sum(facts["all"]["duration_ms"] for facts in editions)
    valid = sum(facts["tables"]["validated"]["duration_ms"] for facts in editions)
    return {
        "locales": {
            facts["locale"]: _of_locale(facts, *files.get(facts["locale"], (0, ""))) for facts in editions
        },
        "totalDuration": total,
        "totalValidDurationSecs": round(valid / 1000, 3),
        "totalHrs": hours(total),
        "totalValidHrs": hours(valid),
    }


def _of_locale(facts: Facts, size: int, sha256: str) -> dict[str, Any]:
    clips, duration = facts["all"]["clips"], facts["all"]["duration_ms"]
    valid = facts["tables"]["validated"]["duration_ms"]
    return {
        "buckets": {name: facts["tables"][name]["clips"] for name in BUCKETS},
        "duration": duration,
        "reportedSentences": facts["sentences"]["reported"],
        "validatedSentences": facts["sentences"]["validated"],
        "unvalidatedSentences": facts["sentences"]["unvalidated"],
        "clips": clips,
        "splits": {name: _share(name, counts, clips) for name, counts in sorted(facts["shares"].items())},
        "users": facts["all"]["speakers"],
        "size": size,
        "checksum": sha256,
        "avgDurationSecs": round(duration / clips / 1000, 3),
        "validDurationSecs": round(valid / 1000, 3),
        "totalHrs": hours(duration),
        "validHrs": hours(valid),
    }


def _share(name: str, counts: Mapping[str, int], clips: int) -> dict[str, float]:
    """Return counts, or fractions of all clips where Common Voice has those."""
    fractions = name in ("age", "gender")
    return {value: round(count / clips, 4) if fractions else count for value, count in sorted(counts.items())}


def in_order(facts: Facts) -> list[tuple[str, Mapping[str, int]]]:
    """Return the figures of each table of clips, in the order in which people look for them."""
    return [(name, facts["tables"][name]) for name in TABLES]


def datasheet(facts: Facts, kind: Kind) -> str:
    """Return README.md of an edition's archive, which dataset hubs and people read."""
    before = [part(facts) for part in (_overview, _tables, _plots, _changes, _splits, _privacy)]
    return "\n".join([_front_matter(facts, kind), *before, _use(facts, kind), _sources(facts)])


def size_category(clips: int) -> str:
    """Return the size class as dataset hubs name it."""
    return next((name for limit, name in SIZES if clips < limit), "1M<n<10M")


def _configs(facts: Facts, kind: Kind) -> str:
    """Return what lets `datasets.load_dataset(folder)` find the splits: it wants to see some clips of each by name."""
    if kind == Kind.METADATA:
        return ""
    return configs(
        {split: [f"clips/{name}.{suffix(kind)}" for name in clips] for split, clips in facts["seeds"].items()}
    )


def _front_matter(facts: Facts, kind: Kind) -> str:
    return f"""---
license: cc0-1.0
language:
- {facts["locale"]}
pretty_name: "{facts["corpus"]} {facts["number"]}, {facts["language"]}"
task_categories:
- automatic-speech-recognition
size_categories:
- {size_category(facts["all"]["clips"])}
{_configs(facts, kind)}---
"""


def _overview(facts: Facts) -> str:
    total = facts["all"]
    return f"""# {facts["corpus"]} {facts["number"]}: {facts["language"]} ({facts["locale"]})

Sentences read aloud by volunteers and judged by other volunteers, as they stood at the end of {facts["cutoff"]} (UTC).
{total["clips"]} clips, {hours(total["duration_ms"])} hours measured, {total["speakers"]} speakers,
{total["sentences"]} different sentences. Licence: CC0 1.0, {LICENSE_URL}
Please do not try to find out who the speakers are.
"""


def _tables(facts: Facts) -> str:
    rows = "".join(
        f"| {name} | {row['clips']} | {hours(row['duration_ms'])} | {row['speakers']} | {row['sentences']} |\n"
        for name, row in in_order(facts)
    )
    return f"""## What is in it

| table | clips | hours | speakers | sentences |
|---|---|---|---|---|
{rows}
Tables are UTF-8 with LF, one header line, fields between tabs, no quoting. An empty field means: not given, or held
back. `path` is a file below `clips/`; several accents in one field are joined by `|`. No field begins with `"`, holds a
tab or a line break, or equals a word that pandas reads as missing, so readers with and without quoting agree.

- `validated.tsv`: {facts["quorum"]} or more votes for the clip and {_lead(facts)}; `invalidated.tsv` the same
  the other way round; `other.tsv` everything else.
- `train.tsv`, `dev.tsv`, `test.tsv`, `train_all.tsv`: see below; `metadata-{{split}}.jsonl` says the same by line.
- `clip_durations.tsv`: milliseconds, measured. `signals.tsv`: what was measured of each clip, with the versions of the
  measures. `reported.tsv`: complaints about sentences.
- `validated_sentences.tsv`, `unvalidated_sentences.tsv`: all sentences, read or not.
- `SHA256SUMS`: `sha256sum -c SHA256SUMS` in this folder checks every file.
"""


def _lead(facts: Facts) -> str:
    if facts.get("weighed"):  # editions of before votes could be weighed say nothing of it
        return f"{SURE:.0%} certainty that it is good, given how often its listeners are right"
    return "more for than against it"


def plot_name(facts: Facts, plot: str) -> str:
    """Return the file name of a plot, the same in archives and beside them."""
    return f"{facts['stem']}-{facts['locale']}-{plot}.svg"


def _changes(facts: Facts) -> str:
    changes = facts.get("changes")
    if not changes:
        return ""
    return f"""## Changes since {changes["since"]}

- clips added: {changes["added"]}
- clips left out, since they were withdrawn or hidden: {changes["removed"]}
- clips of which the verdict changed: {changes["judged"]}
- hours: {hours(changes["duration_ms"]):+}, speakers: {changes["speakers"]:+}
"""


def _plots(facts: Facts) -> str:
    return "".join(f'![{title}]({plot_name(facts, plot)} "{title}")\n' for plot, title in PLOTS.items())


def _splits(facts: Facts) -> str:
    leaks = facts["leaks"]
    drift = (
        f"- clips that changed their split since {leaks['since']}: {leaks['drift']}\n"
        if leaks["since"]
        else ""
    )
    if facts.get("splitting") == Splitting.COMMON_VOICE:
        return f"""## Splits

Made by the rule of Common Voice's CorporaCreator, to compare with it: one clip of each sentence, that of the rarest
speaker; speakers with the fewest clips go to test, then to dev, each up to S(t) sentences, else to train. The rule
remembers nothing: clips may change their split from release to release. `train_all.tsv` adds the other clips of
training speakers and sentences.
{_absent(facts)}
- speakers in more than one split: {leaks["speakers"]}
- sentences in more than one split: {leaks["sentences"]}
{drift}"""
    return f"""## Splits

A speaker and a sentence are assigned to train, dev or test once and stay there in all later releases. One clip stands
for a sentence in `train.tsv`, `dev.tsv` and `test.tsv`; `train_all.tsv` adds the other clips of training speakers and
sentences. Dev and test want S(t) sentences each, the sample size of Common Voice's CorporaCreator.
{_absent(facts)}
- speakers in more than one split: {leaks["speakers"]}
- sentences in more than one split: {leaks["sentences"]}
{drift}"""


def _absent(facts: Facts) -> str:
    absent = [name for name in ("train", "dev", "test") if not facts["tables"][name]["clips"]]
    if not absent:
        return ""
    names = " and ".join(absent)
    return f"There are too few speakers or validated sentences for {names}: rather no table than one that misleads.\n"


def _privacy(facts: Facts) -> str:
    names = {"age": "age", "gender": "gender", "accents": "accent", "variant": "variant"}
    held_back = ", ".join(f"{names[name]} of {facts['blanked'][name]}" for name in names)
    return f"""## Privacy

All speakers agreed that their recordings be published. `client_id` is a keyed hash: the same in all releases of this
language, unlinkable to other languages and sites; the same voice can of course be recognised. Combinations of age,
gender, accents and variant that fewer than 5 speakers share, counting earlier releases too, are held back in part or
whole; speakers concerned: {held_back}. A profile that was published once is not changed later.
"""


def _use(facts: Facts, kind: Kind) -> str:
    return f"""## How to load it

In this folder:

```python
import pandas
clips = pandas.read_csv("validated.tsv", sep="\\t", dtype=str, keep_default_na=False)
```
{_use_of_sound(facts) if kind != Kind.METADATA else ""}
## How to cite

> {facts["corpus"]} {facts["number"]}, {facts["language"]}, {facts["cutoff"]}.
> {facts["site"]}/datasets/{facts["number"]}/
"""


def _use_of_sound(facts: Facts) -> str:
    prepare = f"""
```sh
lhotse prepare commonvoice --language {facts["locale"]} --split validated .. manifests
```
"""
    load = f"""
```python
import datasets
splits = datasets.load_dataset("../{facts["locale"]}")
```
"""
    return prepare + (load if any(facts["seeds"].values()) else "")


def _sources(facts: Facts) -> str:
    return f"""## For summaries of training data

Name: {facts["corpus"]} {facts["number"]} ({facts["locale"]}). Source: {facts["site"]}. Modality: speech with its text.
Size: {hours(facts["all"]["duration_ms"])} hours. Language: {facts["language"]}. Collected until {facts["cutoff"]} from
volunteers who agreed to publication; nothing was taken from the web. Licence: {LICENSE}. Personal data: voices, and
age band, gender, accent and variant where given and shared by 5 speakers or more.
"""
