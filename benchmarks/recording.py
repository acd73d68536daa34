"""What recording does to a voice: as we record, as browsers do unless told otherwise, and to save data.

A spoken sentence is Chromium's microphone; the page for recording records it as it is, but for what it asks of the
browser. Compared with the file that was played: correlation, loudness, milliseconds that went missing; of itself: its
loudest sample (1 is clipped), the frequency below which nearly all of its energy lies, its size.
"""

import base64
import tempfile
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
from playwright.sync_api import Page, sync_playwright

from benchmarks import show, write
from tests.browser.comparing import aligned, correlation, gain_db, lost_ms
from tests.browser.giving import RATE, say
from tests.browser.speaking import open_speak, record
from tests.browser.visitors import Chromium
from tests.servers.instance import Instance

TEXT = "Seven swans swam slowly south, and nobody on the shore said a word about it all day long."
SECONDS = 5
AS_WE_DO = "wanted"
ONLY = "{ echoCancellation: false, noiseSuppression: false, autoGainControl: false, %s: true }"
ASKED = {
    "raw, as we record": AS_WE_DO,
    "what browsers do by default": "true",
    "echo cancellation only": ONLY % "echoCancellation",
    "noise suppression only": ONLY % "noiseSuppression",
    "gain control only": ONLY % "autoGainControl",
}
SAVING = "raw, saving data (Opus)"
ASK_INSTEAD = """const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = ({ audio: wanted }) => ask({ audio: %s });"""
SAVE_DATA = "localStorage.setItem('voicecollect-small', 'yes')"
TAKE = """() => new Promise((tell) => {
  indexedDB.open("voicecollect").onsuccess = ({ target }) => {
    target.result.transaction("takes").objectStore("takes").getAll().onsuccess = ({ target }) => {
      const bytes = new Uint8Array(target.result[0].bytes);
      tell(btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
    };
  };
})"""


def taken(page: Page, folder: Path) -> tuple[np.ndarray, int]:
    """Record one take; return it at 48 kHz, and its size in bytes."""
    open_speak(page)
    record(page, SECONDS)
    file = folder / "take"
    file.write_bytes(base64.b64decode(page.evaluate(TAKE)))
    with av.open(str(file)) as container:
        frames = list(container.decode(audio=0))
    mono = np.concatenate([_mono(frame) for frame in frames])
    return soxr.resample(mono, frames[0].sample_rate, RATE, quality="VHQ"), file.stat().st_size


def _mono(frame: av.AudioFrame) -> np.ndarray:
    """Return the mean of the channels, full scale 1; FFmpeg's own mix would be louder."""
    found = frame.to_ndarray()
    channels = found if frame.format.is_planar else found.reshape(-1, frame.layout.nb_channels).T
    full = 1 if found.dtype.kind == "f" else 1 << (8 * found.dtype.itemsize - 1)
    mean: np.ndarray = channels.mean(axis=0) / full
    return mean


def bandwidth_khz(samples: np.ndarray, share: float = 0.99) -> float:
    """Return the frequency below which that share of the energy lies."""
    energy = np.cumsum(np.abs(np.fft.rfft(samples)) ** 2)
    return float(np.searchsorted(energy, share * energy[-1]) * RATE / len(samples) / 1000)


def measured(page: Page, played: np.ndarray, folder: Path) -> dict[str, float]:
    heard, size = taken(page, folder)
    source = aligned(heard, played)
    return {
        "correlation": correlation(heard, source),
        "gain_db": gain_db(heard, source),
        "lost_ms": lost_ms(heard, source, RATE),
        "peak": float(np.abs(heard).max()),
        "bandwidth_khz": bandwidth_khz(heard),
        "kilobytes": size / 1000,
    }


def main() -> None:
    figures = {}
    with tempfile.TemporaryDirectory() as name, Instance(Path(name) / "instance") as instance:
        folder = Path(name)
        voice = say(TEXT, folder / "voice.wav", before=0.5, after=0.5)
        played, _rate = soundfile.read(voice)
        scripts = {way: ASK_INSTEAD % asked for way, asked in ASKED.items()} | {SAVING: SAVE_DATA}
        with sync_playwright() as playwright, Chromium(playwright) as chromium:
            for way, script in scripts.items():
                visitor = chromium.visitor(instance.url, voice)
                visitor.page.add_init_script(script)
                figures[way] = measured(visitor.page, played, folder)
                visitor.leave()
    show(
        ("", "correlation", "gain dB", "lost ms", "peak", "99 % below kHz", "kB"),
        [(way, *found.values()) for way, found in figures.items()],
    )
    write("recording", {"ways": figures})


if __name__ == "__main__":
    main()
