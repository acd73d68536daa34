"""Plots show the figures, and are the same bytes wherever they are drawn."""

import hashlib
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from export.metadata import PLOTS
from export.plots import plots
from tests import make
from tests.export.releasing import frozen

SOME = {"clips": 60, "duration_ms": 360_000_000, "speakers": 21, "sentences": 40}
FACTS = {
    "number": "1.1", "cutoff": "2026-03-01", "all": SOME, "tables": {"validated": SOME},
    "shares": {"sentence_domain": {"": 20, "general": 30, "service_retail": 10}},
    "distributions": {
        "durations": [[500, 3], [1000, 17], [4000, 40]],
        "ages": [["", "", 9], ["twenties", "male_masculine", 5], ["twenties", "female_feminine", 7]],
        "clips_per_speaker": [[1, 16], [2, 3], [5, 1], [10, 1]],
        "votes": [[0, "open", 30], [2, "valid", 19], [2, "invalid", 2], [6, "valid", 9]],
        "growth": [["1.0", "2025-03-01", 20_000_000, 10_000_000, 3]],
    },
}  # fmt: skip
NOTHING = FACTS | {
    "shares": {"sentence_domain": {}},
    "distributions": {name: [] for name in FACTS["distributions"]},
}
DRAW = "import json, sys; from export.plots import plots; print(json.dumps(plots(json.load(sys.stdin))))"


def _drawn(facts, **environment):
    done = subprocess.run(
        [sys.executable, "-c", DRAW], input=json.dumps(facts), env=os.environ | environment, text=True,
        capture_output=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_another_machine_with_another_taste_draws_the_same_bytes(tmp_path):
    (tmp_path / "matplotlibrc").write_text("font.size: 30\naxes.grid: False\nlines.linewidth: 9\n")
    there = {
        "MPLCONFIGDIR": str(tmp_path),
        "TZ": "Pacific/Kiritimati",
        "LANG": "ar_EG.UTF-8",
        "PYTHONHASHSEED": "7",
    }
    assert _drawn(FACTS, **there) == plots(FACTS) == plots(FACTS)


def test_every_plot_is_drawn_and_is_an_image_that_asks_for_nothing():
    drawn = plots(FACTS)
    assert list(drawn) == list(PLOTS)
    for text in drawn.values():
        assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
        assert "<text" not in text
        assert "<dc:date" not in text


def test_each_figure_changes_its_plot():
    changed = json.loads(json.dumps(FACTS))
    changed["distributions"]["durations"][0][1] = 4
    before, after = plots(FACTS), plots(changed)
    assert [name for name in PLOTS if before[name] != after[name]] == ["durations"]


@pytest.mark.parametrize("facts", [FACTS, NOTHING])
def test_plots_of_little_or_nothing_can_be_drawn(facts):
    assert all(hashlib.sha256(text.encode()) for text in plots(facts).values())


@pytest.mark.django_db
def test_what_is_drawn_was_counted():
    speaker = make.speaker()
    for votes, length in (("yy", 900), ("yyy", 1000), ("nn", 1499), ("", 7000)):
        make.clip(speaker=speaker, votes=votes, duration_ms=length)
    make.clip(votes="yyyyyyyy", duration_ms=1200)
    counted = frozen("en").statistics["distributions"]
    assert counted["durations"] == [[500, 1], [1000, 3], [7000, 1]]
    assert counted["clips_per_speaker"] == [[1, 1], [2, 1]]
    assert counted["votes"] == [
        [0, "open", 1], [2, "invalid", 1], [2, "valid", 1], [3, "valid", 1], [6, "valid", 1]
    ]  # fmt: skip
    assert counted["ages"] == [["", "", 2]]
    assert counted["growth"] == []
