"""What the server stores is what the microphone heard: compared sample by sample."""

import pytest
import soundfile
import soxr

from tests.browser.comparing import aligned, correlation, gain_db, lost_ms
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
    assert correlation(heard, source) >= 0.999
    assert abs(gain_db(heard, source)) <= 0.1
    assert lost_ms(heard, source, RATE) < 1
