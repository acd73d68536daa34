"""What is written: exact length, no lag, the same bytes each time, nothing of the original's tags."""

import io
import re
import struct

import av
import numpy as np
import pytest
import soundfile

from recordings.audio import encode, infotag
from recordings.audio.order import Cut, Order
from tests.recordings.audio import sounds

LENGTHS = [9_600, 32_000, 32_001, 47_999, 100_003, 143_520, 240_000]


def through_libav(path) -> np.ndarray:
    with av.open(str(path)) as media:
        return np.concatenate([frame.to_ndarray()[0] for frame in media.decode(audio=0)])


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    return sounds.in_room(sounds.read_speech(0))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_mp3_has_exact_length_and_no_lag(length, rate, speech, tmp_path):
    samples, path = speech[24_000 : 24_000 + length], tmp_path / "a.mp3"
    duration_ms = encode.write_delivery(path, samples, rate, -20.0)
    truth = sounds.soxr.resample(samples, rate, encode.RATE)
    for found in (soundfile.read(path, dtype="float32")[0], through_libav(path)):
        assert abs(len(found) - length * encode.RATE / rate) <= 1
        assert sounds.lag(truth, found) == 0
        assert duration_ms == round(len(found) / encode.RATE * 1000)


def test_mp3_sounds_like_its_source(speech, tmp_path):
    encode.write_delivery(tmp_path / "a.mp3", speech, sounds.RATE, -23.0)
    truth = sounds.soxr.resample(speech, sounds.RATE, encode.RATE)
    assert sounds.correlation(truth, soundfile.read(tmp_path / "a.mp3")[0], 0) >= 0.999


def test_the_tag_tells_frames_bytes_and_places(speech, tmp_path):
    encode.write_delivery(tmp_path / "a.mp3", speech, sounds.RATE, -23.0)
    data = (tmp_path / "a.mp3").read_bytes()
    sizes = infotag.frame_sizes(data)
    frames, size = struct.unpack(">II", data[29:37])
    assert data[21:25] == b"Xing"
    assert (frames, size) == (len(sizes) - 1, len(data))
    contents = data[37:137]
    middle = sum(sizes[: len(sizes) // 2]) * 256 / len(data)
    assert abs(contents[50] - middle) <= 1
    assert infotag.crc16(data[:175]) == struct.unpack(">H", data[175:177])[0]


def test_crc_is_the_known_one():
    assert infotag.crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize(
    "sound", [b"\xff\xfb", b"\xff\xfb\x58\xc4", b"ID3\x04" * 99, b"\xff\xfb\x08\xc4" * 72]
)
def test_what_is_no_mp3_gets_no_tag(sound):
    with pytest.raises(ValueError):
        infotag.frame(sound, 1000)


def test_ends_are_faded_and_the_middle_is_not(tmp_path):
    tone = (0.5 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)).astype(np.float32)
    levelled = encode.levelled(tone, 48_000, -23.0).astype(np.float64)
    middle = np.abs(levelled[10_000:20_000]).max()
    for end in (levelled[:160], levelled[::-1][:160]):
        assert np.abs(end[:8]).max() < 0.05 * middle
        assert np.abs(end[80:]).max() < middle
    assert np.abs(levelled[160:320]).max() > 0.98 * middle


@pytest.mark.parametrize("peak", [0.001, 0.1, 1.0, 1.4])
def test_the_peak_never_passes_its_limit(peak, speech):
    clicked = speech * np.float32(0.01)
    clicked[50_000] = peak
    levelled = encode.levelled(clicked, sounds.RATE, -60.0)
    assert np.abs(levelled.astype(int)).max() <= 32768 * 10 ** (encode.PEAK_DBFS / 20) + 1


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 192_000])
def test_the_master_is_bit_exact_and_bare(rate, tmp_path):
    pcm = np.random.default_rng(1).integers(-32768, 32768, 50_001).astype(np.int16)
    encode.write_master(tmp_path / "a.flac", pcm, rate)
    found, had = soundfile.read(tmp_path / "a.flac", dtype="int16")
    assert had == rate
    np.testing.assert_array_equal(found, pcm)


def test_no_tag_of_an_upload_survives(sandbox, wav, tmp_path):
    tagged = tmp_path / "a.mp3"
    secret = "Jane Doe, 12 Main Street"
    sounds.ffmpeg("-i", wav, "-metadata", f"artist={secret}", "-metadata", f"comment={secret}", tagged)
    assert secret.encode() in tagged.read_bytes() or secret.encode("utf-16-le") in tagged.read_bytes()
    [clip] = sandbox.examine(tagged, Order(Cut.WHOLE), tmp_path).clips
    for path in (clip.master, clip.delivery):
        data = path.read_bytes()
        assert b"Jane" not in data
        assert "Jane".encode("utf-16-le") not in data
        told = sounds.ffmpeg("-i", path, "-f", "null", "-").split("Output")[0]
        assert set(re.findall(r"^ {4}(\w+) +:", told, re.M)) <= {"encoder"}


def test_encoding_is_deterministic(speech, tmp_path):
    written = []
    for _ in range(2):
        encode.write_delivery(tmp_path / "a.mp3", speech, sounds.RATE, -30.0)
        encode.write_master(tmp_path / "a.flac", np.zeros(999, np.int16), 8_000)
        written.append((tmp_path / "a.mp3").read_bytes() + (tmp_path / "a.flac").read_bytes())
    assert written[0] == written[1]
    assert soundfile.info(io.BytesIO(written[0])).samplerate == encode.RATE


def test_an_offset_is_not_delivered(speech, tmp_path):
    encode.write_delivery(tmp_path / "a.mp3", speech + np.float32(0.2), sounds.RATE, -23.0)
    assert abs(soundfile.read(tmp_path / "a.mp3")[0].mean()) < 1e-4


def test_what_passes_full_scale_is_not_clipped_before_it_is_made_softer():
    tone = (2.5 * np.sin(2 * np.pi * 440 * np.arange(32_000) / 32_000)).astype(np.float32)
    found = encode.levelled(tone, 32_000, 4.9)[1000:-1000] / 32768
    assert np.corrcoef(found, tone[1000:-1000])[0, 1] > 0.99999
