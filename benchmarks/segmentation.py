"""How well pauses are found: recordings put together from known utterances, with noise; and an hour in bounded memory.

Truth: twenty utterances of real speech (five languages, several voices, levels of +-3 dB) with gaps of 0.5 to 2 s.
Missed is a gap that was not cut; false is a cut inside an utterance; a boundary's error is how far it lies from the
truth.
"""

import subprocess
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from benchmarks import show, write
from languages.limits import Limits
from recordings.audio import second, segment, voice
from recordings.audio.order import Cut, Order
from recordings.audio.sandbox import Sandbox
from recordings.audio.spectrum import frames

Samples = npt.NDArray[np.float32]
Span = tuple[float, float]  # seconds

RATE = voice.RATE
LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")  # Debian: pocketsphinx-testdata
PHONE = Path("/usr/share/asterisk/sounds")  # Debian: asterisk-core-sounds-*-wav
VOICES = ("en_US_f_Allison", "es_MX_f_Allison", "fr_CA_f_June", "it_IT_m_Carlo", "ru_RU_f_IvrvoiceRU")
UTTERANCES, RECORDINGS = 20, 4
GAPS = (0.5, 2.0)
TALKERS = 8  # of babble
QUIET_DB = 40  # below its loudest 10 ms an utterance's edge is silent
LONGEST_HOLE = 0.25  # a clip with a longer pause inside is not one utterance
CONDITIONS: tuple[tuple[str, float], ...] = (
    ("clean", np.inf), ("white", 30), ("white", 15), ("white", 5), ("babble", 30), ("babble", 15), ("babble", 5),
)  # fmt: skip


@dataclass(frozen=True)
class Recording:
    samples: Samples
    truth: list[Span]


@dataclass
class Score:
    """Counts over several recordings."""

    gaps: int = 0
    missed: int = 0
    utterances: int = 0
    false: int = 0
    errors: list[float] | None = None

    def add(self, truth: list[Span], found: list[Span]) -> None:
        """Compare what was found with what was put in."""
        self.errors = self.errors or []
        holes = [(one[1], two[0]) for one, two in pairwise(truth)]
        self.gaps += len(holes)
        self.missed += sum(any(start <= hole[0] and hole[1] <= end for start, end in found) for hole in holes)
        self.utterances += len(truth)
        for spoken in truth:
            inside = [each for each in found if each[0] < spoken[1] and spoken[0] < each[1]]
            self.false += max(0, len(inside) - 1)
            if len(inside) == 1:
                self.errors += [abs(inside[0][0] - spoken[0]), abs(inside[0][1] - spoken[1])]


def corpus() -> list[Samples]:
    """Return utterances of 1.2 to 8 s, each trimmed to where its sound begins and ends, the same in each run."""
    paths = sorted(LIBRIVOX.glob("*.wav"))
    for each in VOICES:
        paths += sorted((PHONE / each).rglob("*.wav"))[::3]
    trimmed = (_trim(_read(path)) for path in paths)
    return [samples for samples in trimmed if samples is not None]


def _read(path: Path) -> Samples:
    samples, rate = soundfile.read(path, dtype="float32")
    found: Samples = soxr.resample(samples, rate, RATE)
    return found


def _trim(samples: Samples) -> Samples | None:
    hop = RATE // 100
    level = voice.levels(frames(samples, hop, hop))
    loud = np.flatnonzero(level > level.max() - QUIET_DB)
    holes = np.diff(loud) / 100
    start, end = loud[0] * hop, (loud[-1] + 1) * hop
    if not 1.2 <= (end - start) / RATE <= 8 or holes.max(initial=0) > LONGEST_HOLE:
        return None
    inside: Samples = samples[start:end] / np.sqrt(np.mean(samples[start:end] ** 2)) * np.float32(0.05)
    return inside


def recording(number: int, utterances: list[Samples]) -> Recording:
    """Put twenty utterances together."""
    random = np.random.default_rng(number)
    chosen = random.choice(len(utterances), UTTERANCES, replace=False)
    parts, truth, at = [], [], 0
    for each in chosen:
        gap = int(random.uniform(*GAPS) * RATE)
        level = np.float32(10 ** (random.uniform(-3, 3) / 20))
        parts += [np.zeros(gap, np.float32), utterances[each] * level]
        truth.append(((at + gap) / RATE, (at + gap + len(utterances[each])) / RATE))
        at += gap + len(utterances[each])
    parts.append(np.zeros(RATE, np.float32))
    return Recording(np.concatenate(parts), truth)


def noise(kind: str, length: int, number: int, utterances: list[Samples]) -> Samples:
    """Return noise of the level of the speech."""
    random = np.random.default_rng(1000 + number)
    if kind == "white":
        return random.normal(0, 0.05, length).astype(np.float32)
    babble = np.zeros(length, np.float32)
    for _ in range(TALKERS):
        order = random.permutation(len(utterances))
        babble += np.concatenate([utterances[each] for each in order])[:length]
    return babble / np.float32(np.sqrt(np.mean(babble**2))) * np.float32(0.05)


def find(samples: Samples) -> list[Span]:
    detector = voice.VoiceDetector()
    detector.hear(samples)
    voiced = detector.voiced()
    if detector.snr() < second.NOISY_DB and second.is_there():
        voiced |= second.voiced([samples], len(voiced))
    found, _ = segment.utterances(voiced, Cut.PAUSES, Limits())
    return [(start / voice.FRAMES_PER_SECOND, end / voice.FRAMES_PER_SECOND) for start, end in found]


def score(kind: str, snr: float, recordings: list[Recording], utterances: list[Samples]) -> Score:
    total = Score()
    for number, each in enumerate(recordings):
        samples = each.samples + np.random.default_rng(number).normal(0, 1e-5, len(each.samples)).astype(
            np.float32
        )
        if kind != "clean":
            samples = samples + noise(kind, len(samples), number, utterances) * np.float32(10 ** (-snr / 20))
        total.add(each.truth, find(samples))
    return total


def hour(recordings: list[Recording], folder: Path) -> dict[str, float]:
    """Cut an hour as a browser would upload it, through the sandbox."""
    once = np.concatenate([each.samples for each in recordings])
    wav, ogg = folder / "hour.wav", folder / "hour.ogg"
    soundfile.write(wav, np.resize(once, 3600 * RATE), RATE, "PCM_16")
    encode = ["ffmpeg", "-v", "error", "-y", "-i", str(wav), "-c:a", "libopus", "-b:a", "64k", str(ogg)]
    subprocess.run(encode, check=True, stdin=subprocess.DEVNULL)
    with Sandbox() as sandbox:
        outcome = sandbox.examine(ogg, Order(Cut.PAUSES), folder)
        assert outcome.refusal is None
        return {
            "clips": len(outcome.clips),
            "peak_rss_mb": sandbox.last.memory_bytes / 1e6,
            "cpu_s": sandbox.last.cpu_seconds,
        }


def main() -> None:
    utterances = corpus()
    recordings = [recording(number, utterances) for number in range(RECORDINGS)]
    rows, figures = [], {}
    for kind, snr in CONDITIONS:
        found = score(kind, snr, recordings, utterances)
        name = kind if kind == "clean" else f"{kind} {snr:g} dB"
        missed, false = 100 * found.missed / found.gaps, 100 * found.false / found.utterances
        error = 1000 * float(np.median(found.errors or [np.nan]))
        rows.append((name, missed, false, error))
        figures[name] = {"missed_percent": missed, "false_percent": false, "boundary_ms": error}
    show(("", "missed %", "false %", "boundary error, median ms"), rows)
    with tempfile.TemporaryDirectory() as folder:
        long = hour(recordings, Path(folder))
    print(
        f"an hour: {long['clips']} clips, {long['cpu_s']:.0f} s of CPU, at most {long['peak_rss_mb']:.0f} MB"
    )
    write("segmentation", {"conditions": figures, "hour": long})


if __name__ == "__main__":
    main()
