"""What the documents promise of finding pauses: none missed, few too many, edges within 30 ms, down to 15 dB."""

import numpy as np
import pytest

from benchmarks import segmentation


@pytest.fixture(scope="module")
def utterances():
    return segmentation.corpus()


@pytest.fixture(scope="module")
def recordings(utterances):
    return [segmentation.recording(number, utterances) for number in range(segmentation.RECORDINGS)]


@pytest.mark.parametrize(("kind", "snr"), [each for each in segmentation.CONDITIONS if each[1] >= 15])
def test_pauses_are_found(kind, snr, recordings, utterances):
    found = segmentation.score(kind, snr, recordings, utterances)
    assert found.missed == 0
    assert found.false / found.utterances <= 0.03
    assert np.median(found.errors) <= 0.03


def test_the_score_counts_what_it_should():
    score = segmentation.Score()
    score.add([(1, 2), (3, 4), (5, 6)], [(1.01, 4.0), (5.0, 5.4), (5.6, 6.0)])
    assert (score.gaps, score.missed, score.utterances, score.false) == (2, 1, 3, 1)
