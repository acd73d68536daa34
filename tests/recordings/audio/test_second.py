"""A second opinion where noise is strong, from the sandbox that the package must run in too."""

import numpy as np
import pytest

from benchmarks import segmentation
from recordings import pipeline
from recordings.audio import second, voice
from recordings.audio.order import Cut, Order
from tests.recordings.audio import sounds


@pytest.fixture(scope="module")
def utterances():
    return segmentation.corpus()


def in_noise(kind: str, snr: float, utterances) -> tuple[np.ndarray, list[tuple[float, float]]]:
    recording = segmentation.recording(0, utterances)
    noise = segmentation.noise(kind, len(recording.samples), 0, utterances)
    return recording.samples + noise * np.float32(10 ** (-snr / 20)), recording.truth


def splits(samples: np.ndarray, truth, folder) -> int:
    """Return how many cuts there are inside of utterances."""
    path = sounds.write(folder / "a.wav", samples, voice.RATE)
    outcome = pipeline.process(path, Order(Cut.PAUSES), folder)
    score = segmentation.Score()
    score.add(truth, [(clip.start / voice.RATE, clip.end / voice.RATE) for clip in outcome.clips])
    return score.false


def test_strong_noise_splits_no_utterance_any_more(utterances, monkeypatch, tmp_path):
    samples, truth = in_noise("white", 5, utterances)
    with_it = splits(samples, truth, tmp_path)
    monkeypatch.setattr(second, "PACKAGE", "no_such_package")
    assert with_it < splits(samples, truth, tmp_path)
    assert with_it == 0


@pytest.mark.parametrize(("kind", "snr"), [("white", 15), ("babble", 5)])
def test_it_is_not_asked_where_it_knows_no_better(kind, snr, utterances):
    ears = voice.VoiceDetector()
    ears.hear(in_noise(kind, snr, utterances)[0])
    assert ears.snr() > second.NOISY_DB


@pytest.mark.parametrize("piece", [1000, 16_000, 100_000])
def test_pieces_do_not_matter(piece, utterances):
    samples = in_noise("white", 5, utterances)[0][: 10 * voice.RATE]
    pieces = (samples[at : at + piece] for at in range(0, len(samples), piece))
    np.testing.assert_array_equal(second.voiced(pieces, 500), second.voiced([samples], 500))


def test_noise_alone_and_nothing_at_all_is_no_voice():
    noise = np.random.default_rng(1).normal(0, 0.1, 5 * voice.RATE).astype(np.float32)
    assert not second.voiced([noise], 250).any()
    assert not second.voiced([], 3).any()


def test_it_works_in_the_sandbox(sandbox, utterances, tmp_path):
    samples, _ = in_noise("white", 4, utterances)
    outcome = sandbox.examine(
        sounds.write(tmp_path / "a.wav", samples, voice.RATE), Order(Cut.PAUSES), tmp_path
    )
    assert outcome.refusal is None
    assert outcome == pipeline.process(tmp_path / "a.wav", Order(Cut.PAUSES), tmp_path)
    assert len(outcome.clips) >= 15
