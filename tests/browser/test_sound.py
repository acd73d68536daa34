"""What the server stores is what the microphone heard: compared sample by sample."""

import math

import numpy
import pytest
import soundfile
import soxr

from tests.browser.giving import RATE, say
from tests.browser.speaking import open_speak, outbox, record, send, wait_until_sent

pytestmark = [pytest.mark.browser, pytest.mark.alone]


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    text = "Seven swans swam slowly south, and nobody on the shore said a word about it all day long."
    return say(text, tmp_path_factory.mktemp("sound") / "reading.wav", before=0.5, after=0.5)


def stored(instance, before):
    """Return the original that came since: samples and rate."""
    fresh = {path for path in (instance.data / "objects" / "private").rglob("*") if path.is_file()} - before
    [original] = [path for path in fresh if "original" in path.as_posix()]
    samples, rate = soundfile.read(original)
    return original, samples, rate


def aligned(heard, played):
    """Return the stretch of the looped microphone file that was heard, by the best correlation."""
    looped = numpy.concatenate([played] * 4)
    size = 1 << math.ceil(math.log2(len(looped) + len(heard)))
    spectrum = numpy.fft.rfft(looped, size) * numpy.conj(numpy.fft.rfft(heard, size))
    start = int(numpy.argmax(numpy.fft.irfft(spectrum, size)[: len(looped) - len(heard)]))
    return looped[start : start + len(heard)]


def shifted(samples, part):
    """Return the samples as they would be a part of a sample later: the browser's clock starts between two."""
    spectrum = numpy.fft.rfft(samples)
    turn = numpy.exp(-2j * numpy.pi * part * numpy.arange(len(spectrum)) / len(samples))
    return numpy.fft.irfft(spectrum * turn, len(samples))


def correlation(heard, source):
    parts = numpy.linspace(-0.5, 0.5, 41)
    edge = slice(100, -100)
    return max(numpy.corrcoef(shifted(heard, part)[edge], source[edge])[0, 1] for part in parts)


def test_what_is_stored_is_what_was_heard(visitor, embedded_instance, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    assert record(page, 4) in {"kept", "doubtful"}
    [take] = outbox(page)
    applied = take["settings"]["applied"]
    assert (applied["echoCancellation"], applied["noiseSuppression"], applied["autoGainControl"]) == (
        False,
    ) * 3
    assert not {"deviceId", "groupId"} & applied.keys()
    assert take["settings"]["lost_ms"] == 0
    before = {path for path in (embedded_instance.data / "objects" / "private").rglob("*") if path.is_file()}
    send(page)
    wait_until_sent(page)

    original, samples, rate = stored(embedded_instance, before)
    assert soundfile.info(original).format == "FLAC"
    heard = soxr.resample(samples, rate, RATE, quality="VHQ")
    played, _rate = soundfile.read(reading)
    source = aligned(heard, played)
    gain = 20 * math.log10(numpy.std(heard) / numpy.std(source))
    assert correlation(heard, source) >= 0.999
    assert abs(gain) <= 0.1
