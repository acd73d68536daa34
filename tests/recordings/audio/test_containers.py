"""Every container: as long as the source to the sample, and the same sound."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from recordings.audio import decode, sniff
from recordings.audio.order import UnusableError
from tests.recordings.audio import sounds

OPUS = ("-c:a", "libopus", "-b:a", "128k")
AAC = ("-c:a", "aac", "-b:a", "128k")
LOSSY = {
    "chromium.webm": (*OPUS, "-frame_duration", "60", "-live", "1"),
    "firefox.webm": (*OPUS, "-live", "1"),
    "firefox.ogg": OPUS,
    "vorbis.ogg": ("-c:a", "libvorbis", "-q:a", "6"),
    "index-last.mp4": AAC,
    "index-first.mp4": (*AAC, "-movflags", "faststart"),
    "fragments.mp4": (*AAC, "-movflags", "frag_keyframe+delay_moov"),
    "opus.mp4": OPUS,
    "tagged.mp3": ("-c:a", "libmp3lame", "-b:a", "128k"),
}
LOSSLESS = {
    "pcm16.wav": ("-c:a", "pcm_s16le"),
    "pcm24.wav": ("-c:a", "pcm_s24le"),
    "pcm32.wav": ("-c:a", "pcm_s32le"),
    "float.wav": ("-c:a", "pcm_f32le"),
    "double.wav": ("-c:a", "pcm_f64le"),
    "rf64.wav": ("-c:a", "pcm_s16le", "-rf64", "always"),
    "native.flac": ("-c:a", "flac"),
    "flac.ogg": ("-c:a", "flac"),
    "flac.webm": ("-c:a", "flac", "-f", "matroska"),
    "float.webm": ("-c:a", "pcm_f32le", "-f", "matroska"),
    "pcm16.webm": ("-c:a", "pcm_s16le", "-f", "matroska"),
    "alac.mp4": ("-c:a", "alac"),
    "flac.mp4": ("-c:a", "flac", "-strict", "-2"),
}


def decoded(path: Path) -> tuple[decode.Sound, np.ndarray]:
    with path.open("rb") as file, decode.opened(file, sniff.container_of(file)) as sound:
        decode.check(sound)
        return sound, np.concatenate(list(decode.mono(sound, 60)))


def made(source: Path, name: str, recipe: tuple[str, ...], folder: Path) -> Path:
    sounds.ffmpeg("-i", source, *recipe, folder / name)
    return folder / name


@pytest.fixture(params=[240_000, 143_519, 100_801])
def source(request, sentence, tmp_path) -> Path:
    return sounds.write(tmp_path / "source.wav", sentence[: request.param])


@pytest.mark.parametrize("name", LOSSY)
def test_lossy_sound_is_whole_and_in_its_place(name, source, tmp_path):
    truth = soundfile.read(source, dtype="float32")[0]
    sound, samples = decoded(made(source, name, LOSSY[name], tmp_path))
    assert not sound.truncated
    assert abs(len(samples) - len(truth)) <= 1
    assert sounds.lag(truth, samples) == 0
    assert sounds.correlation(truth, samples, 0) >= 0.99


@pytest.mark.parametrize("name", LOSSLESS)
def test_lossless_sound_is_bit_exact(name, source, tmp_path):
    sound, samples = decoded(made(source, name, LOSSLESS[name], tmp_path))
    assert not sound.truncated
    np.testing.assert_array_equal(samples, soundfile.read(source, dtype="float32")[0])


def test_aac_that_does_not_tell_its_start_is_late_by_one_frame(source, tmp_path):
    """Fragments without an edit list: the encoder's 1024 samples at the start are told by nobody."""
    recipe = (*AAC, "-movflags", "frag_keyframe+empty_moov")
    truth = soundfile.read(source, dtype="float32")[0]
    _, samples = decoded(made(source, "safari.mp4", recipe, tmp_path))
    assert (len(samples) - len(truth), sounds.lag(truth, samples)) == (1024, 1024)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 96_000, 192_000])
def test_every_rate_is_kept(rate, sentence, tmp_path):
    path = sounds.write(tmp_path / "a.wav", sentence[: rate // 2], rate)
    sound, samples = decoded(path)
    assert (sound.rate, len(samples)) == (rate, rate // 2)


@pytest.mark.parametrize("rate", [4_000, 7_999, 384_000])
def test_other_rates_are_refused(rate, sentence, tmp_path):
    with pytest.raises(UnusableError, match="sample rate"):
        decoded(sounds.write(tmp_path / "a.wav", sentence[:9000], rate))


@pytest.mark.parametrize("name", ["stereo.wav", "stereo.flac", "stereo.webm", "stereo.ogg"])
def test_two_channels_become_their_average(name, sentence, tmp_path):
    left, right = sentence[:96_000], sentence[96_000:192_000]
    soundfile.write(tmp_path / "both.wav", np.stack((left, right), axis=1), 48_000, "PCM_16")
    sounds.ffmpeg("-i", tmp_path / "both.wav", "-b:a", "192k", tmp_path / name)
    _, samples = decoded(tmp_path / name)
    assert sounds.correlation((left + right) / 2, samples, 0) >= 0.99
    if not name.endswith(("webm", "ogg")):
        np.testing.assert_array_equal(samples, (left + right) / 2)


def test_blocks_are_small_however_long_the_file(sentence, tmp_path):
    path = sounds.write(tmp_path / "long.wav", np.tile(sentence, 6))
    sounds.ffmpeg("-i", path, *OPUS, tmp_path / "long.webm")
    for each in (path, tmp_path / "long.webm"):
        with each.open("rb") as file, decode.opened(file, sniff.container_of(file)) as sound:
            sizes = [len(block) for block in decode.mono(sound, 60)]
        assert sum(sizes) == 1_440_000
        assert max(sizes) <= 3 * 48_000


def test_cutting_again_gives_the_same_samples(wav, sentence):
    places = [0, 10, 11, 95_000, 96_000, 96_001, 200_000, 240_000]
    spans = [span for number, span in enumerate(pairwise(places)) if number != 3]
    with wav.open("rb") as file:
        pieces = list(decode.cut(file, sniff.WAV, spans))
    for (start, end), piece in zip(spans, pieces, strict=True):
        np.testing.assert_array_equal(piece, sentence[start:end])


def test_16_bits_come_back_as_they_were():
    every = np.arange(-32768, 32768, dtype=np.int16)
    np.testing.assert_array_equal(decode.pcm16(every.astype(np.float32) / 32768), every)
    np.testing.assert_array_equal(decode.pcm16(np.float32([1.5, -1.5])), [32767, -32768])
