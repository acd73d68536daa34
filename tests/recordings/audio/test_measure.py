"""Measures put known damage in its order, and agree with independent tools."""

import io
import re

import numpy as np
import pytest
import scipy.signal
import scipy.stats
import soundfile

from languages.limits import Limits
from recordings.audio import encode, judge, measure, spectrum
from tests.recordings.audio import sounds

KNOWN_SNR = [40, 30, 20, 15, 10, 5, 0]
PLACE = measure.Place(voice=3.0, lead=0.5, tail=0.5)


def values(samples: np.ndarray, rate: int = sounds.RATE, text: str = "") -> dict[str, float]:
    analysis = sounds.soxr.resample(samples, rate, 16_000)
    return {each.name: each.value for each in measure.measures(samples, rate, analysis, PLACE, text)}


def through_opus(clips: list[np.ndarray], folder) -> list[np.ndarray]:
    """Return what a browser's recording of these would hold."""
    wav, webm = sounds.write(folder / "a.wav", np.concatenate(clips)), folder / "a.webm"
    sounds.ffmpeg("-i", wav, "-c:a", "libopus", "-b:a", "128k", webm)
    sounds.ffmpeg("-i", webm, "-c:a", "pcm_f32le", folder / "b.wav")
    return np.split(
        soundfile.read(folder / "b.wav", dtype="float32")[0], np.cumsum([len(each) for each in clips])[:-1]
    )


@pytest.fixture(scope="module")
def clips() -> list[np.ndarray]:
    """Real speech with 150 ms of silence around it, as clips have."""
    speech = [sounds.read_speech(number) for number in range(5)]
    return [np.pad(each / np.abs(each).max() * np.float32(0.5), 7200) for each in speech]


def coloured(kind: str, length: int, clips: list[np.ndarray]) -> np.ndarray:
    random = np.random.default_rng(5)
    if kind == "babble":
        return sum(np.roll(np.resize(clips[each % 5], length), 31_000 * each) for each in range(8))
    noise = random.normal(0, 1, length)
    if kind == "pink":
        noise = scipy.signal.lfilter([0.05, -0.096, 0.0506, -0.0044], [1, -2.4949, 2.0173, -0.5222], noise)
    return noise.astype(np.float32)


@pytest.mark.parametrize("kind", ["white", "pink", "babble"])
def test_snr_follows_known_noise(kind, clips, tmp_path):
    known, found = [], []
    for clip in clips:
        noise = coloured(kind, len(clip), clips)
        noise *= np.float32(measure.rms(clip) / measure.rms(noise))
        noisy = [(clip + noise * np.float32(10 ** (-snr / 20))) * np.float32(0.5) for snr in KNOWN_SNR]
        heard = through_opus(noisy, tmp_path)
        known += KNOWN_SNR
        found += [measure.snr(sounds.soxr.resample(each, sounds.RATE, 16_000)) for each in heard]
    assert scipy.stats.spearmanr(known, found).statistic >= 0.98


@pytest.mark.parametrize("share", [0.0005, 0.001, 0.005, 0.01, 0.03])
def test_clipping_survives_opus_within_a_third(share, clips, tmp_path):
    loud = [np.clip(clip / np.quantile(np.abs(clip), 1 - share), -1, 1) for clip in clips]
    found = np.median([measure.clipped(each) for each in through_opus(loud, tmp_path)])
    assert share * 2 / 3 <= found <= share * 4 / 3


def test_clean_speech_is_not_clipped(clips, tmp_path):
    assert [measure.clipped(each) for each in through_opus(clips, tmp_path)] == [0.0] * 5


def brick_wall(samples: np.ndarray, cutoff: float) -> np.ndarray:
    spectrum = np.fft.rfft(samples)
    spectrum[int(cutoff * len(samples) / sounds.RATE) :] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


@pytest.mark.parametrize("cutoff", [3400, 4000, 5500, 8000, 11_000, 16_000, 20_000])
def test_bandwidth_is_where_the_filter_was(cutoff, clips, tmp_path):
    random = np.random.default_rng(3)
    limited = []
    for clip in clips[:3]:
        loud = np.abs(clip) * random.normal(0, 0.1, len(clip)) + clip  # speech with breath up to 24 kHz
        limited.append(brick_wall(loud, cutoff) * np.float32(0.5))
    for each in through_opus(limited, tmp_path):
        assert abs(spectrum.bandwidth(each, sounds.RATE) - cutoff) <= 200


def test_telephone_speech_is_found(tmp_path):
    path = sorted((sounds.PHONE / "en_US_f_Allison").glob("*.wav"), key=lambda each: each.stat().st_size)[-1]
    found = values(*through_opus([sounds.read(path)[: 5 * sounds.RATE]], tmp_path))
    assert found["bandwidth"] < 4200
    assert "narrow-band" in judge.warnings(found, Limits())


@pytest.mark.parametrize("mains", [50, 60])
def test_hum_is_found_and_speech_is_none(mains, clips):
    time = np.arange(len(clips[0])) / sounds.RATE
    hum = sum(np.sin(2 * np.pi * mains * k * time) / k for k in range(1, 7)).astype(np.float32)
    found = [
        values(clips[0] + hum * np.float32(10 ** (level / 20)))["hum"] for level in (-90, -60, -50, -40, -30)
    ]
    assert found == sorted(found)
    assert found[-3] > Limits().hum_db
    for number, clip in enumerate(clips):
        noise = np.random.default_rng(number).normal(0, 1e-4, len(clip)).astype(np.float32)
        assert values(clip + noise)["hum"] < Limits().hum_db


def test_loudness_agrees_with_ffmpeg(clips, tmp_path):
    for clip in clips:
        wav = sounds.write(tmp_path / "a.wav", clip)
        told = sounds.ffmpeg("-i", wav, "-af", "ebur128", "-f", "null", "-")
        theirs = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", told)[-1])  # to a tenth, rounded
        ours = values(soundfile.read(wav, dtype="float32")[0])["loudness"]
        assert abs(ours - theirs) <= 0.05 + 1e-6


def test_loudness_of_a_tone_is_what_the_standard_says():
    tone = np.sin(2 * np.pi * 997 * np.arange(5 * sounds.RATE) / sounds.RATE).astype(np.float32)
    assert abs(measure.loudness(tone, sounds.RATE) - -3.01) <= 0.02


@pytest.mark.parametrize("gain", [0.05, 0.3, 1.0])
def test_delivery_has_the_loudness_of_all_others(gain, clips, tmp_path):
    for clip in clips:
        soft = clip * np.float32(gain)
        encode.write_delivery(tmp_path / "a.mp3", soft, sounds.RATE, measure.loudness(soft, sounds.RATE))
        delivered, rate = soundfile.read(io.BytesIO((tmp_path / "a.mp3").read_bytes()), dtype="float32")
        peak = np.abs(delivered).max()
        loud = measure.loudness(delivered, rate)
        assert abs(loud - encode.TARGET_LUFS) <= 0.1 or (loud < encode.TARGET_LUFS and peak > 0.8)
        assert peak < 1.0


def test_silence_and_short_sound_have_no_value_that_is_not_finite():
    for samples in (np.zeros(48_000, np.float32), np.zeros(100, np.float32), np.ones(48_000, np.float32)):
        assert all(np.isfinite(value) for value in values(samples).values())


def test_an_offset_is_measured_and_does_not_count_as_noise(clips):
    as_it_was, shifted = values(clips[0]), values(clips[0] + np.float32(0.1))
    assert abs(shifted["dc"] - as_it_was["dc"] - 0.1) < 1e-5
    assert abs(shifted["snr"] - as_it_was["snr"]) < 1.0


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("Ab 1!", 3), ("你好。", 2), ("नमस्ते", 4), ("é", 1), ("e\u0301", 1), ("…", 0)]
)
def test_characters_are_what_is_read(text, count):
    assert measure.characters(text) == count


def test_pace_counts_characters_in_a_second(clips):
    duration = len(clips[0]) / sounds.RATE
    assert values(clips[0], text="a" * 30)["pace"] == pytest.approx(30 / duration)
    assert "pace" not in values(clips[0])


def test_every_measure_has_a_unit_and_a_version(clips):
    found = measure.measures(clips[0], sounds.RATE, clips[0][::3], PLACE, "text")
    assert {each.name for each in found} == set(measure.MEASURES)
    assert all((each.unit, each.version) == measure.MEASURES[each.name] for each in found)


def test_frames_of_what_is_shorter_are_filled():
    assert spectrum.frames(np.ones(3, np.float32), 5, 2).tolist() == [[1, 1, 1, 0, 0]]
