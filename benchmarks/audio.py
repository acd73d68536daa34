"""How fast a take becomes a clip, beside what others do with less result.

Peers, in the same run and on the same 5 s takes as Chromium records them (WebM, Opus, 48 kHz):
naive_pydub      what tutorials do: from_file, set_frame_rate, strip_silence at the start, normalize, export twice
ffmpeg_pipe_mp3  what Common Voice does: ffmpeg by pipe to mono MP3 at 32 kHz; no check, no trim, no lossless master
limit            decoding, FLAC and MP3 alone, in process: nothing measured, nothing sandboxed
"""

import io
import os
import resource
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from pydub import AudioSegment
from pydub.silence import detect_leading_silence

from benchmarks import show, write
from languages.limits import Limits
from recordings import pipeline
from recordings.audio import decode, encode, fingerprint, measure, sniff
from recordings.audio.order import Cut, Order
from recordings.audio.sandbox import Sandbox

SPEECH = Path("/usr/share/pocketsphinx/test/data/librivox")  # Debian: pocketsphinx-testdata
RATE, SECONDS, LEAD = 48_000, 5, 0.5
TAKES, ROUNDS = 20, 5
TAKE = Order(Cut.WHOLE, Limits(), "a sentence of some forty characters or more")

PARTS = (
    (measure, "measures"),
    (encode, "write_master"),
    (encode, "write_delivery"),
    (fingerprint, "fingerprint"),
)

Work = Callable[[Path, Path], object]


def takes(folder: Path) -> list[Path]:
    """Make takes of 5 s, each with another stretch of speech."""
    sources = [soundfile.read(path, dtype="float32") for path in sorted(SPEECH.glob("*.wav"))]
    speech = np.concatenate([soxr.resample(samples, rate, RATE) for samples, rate in sources])
    return [_take(folder / f"{number}.webm", speech, number) for number in range(TAKES)]


def _take(path: Path, speech: npt.NDArray[np.float32], number: int) -> Path:
    length, lead = (SECONDS - 1) * RATE, int(LEAD * RATE)
    start = number * (len(speech) - length) // TAKES
    samples = np.random.default_rng(number).normal(0, 3e-4, SECONDS * RATE).astype(np.float32)
    samples[lead : lead + length] += speech[start : start + length]
    with tempfile.NamedTemporaryFile(suffix=".wav") as wav:
        soundfile.write(wav.name, samples, RATE, "PCM_16")
        as_chromium_does = ["-c:a", "libopus", "-b:a", "128k", "-frame_duration", "60", "-live", "1"]
        ffmpeg = ["ffmpeg", "-v", "error", "-y", "-i", wav.name, *as_chromium_does, str(path)]
        subprocess.run(ffmpeg, check=True, stdin=subprocess.DEVNULL)
    return path


def naive_pydub(source: Path, into: Path) -> None:
    sound = AudioSegment.from_file(str(source)).set_channels(1).set_frame_rate(32_000)
    sound = sound[detect_leading_silence(sound) :].normalize()
    sound.export(str(into / "naive.flac"), format="flac").close()
    sound.export(str(into / "naive.mp3"), format="mp3", bitrate="64k").close()


def ffmpeg_pipe_mp3(source: Path, into: Path) -> None:
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-ac", "1", "-ar", "32000", "-f", "mp3", "pipe:1"]
    done = subprocess.run(command, input=source.read_bytes(), stdout=subprocess.PIPE, check=True)
    (into / "piped.mp3").write_bytes(done.stdout)


def limit(source: Path, into: Path) -> None:
    with source.open("rb") as file, decode.opened(file, sniff.WEBM) as sound:
        samples = np.concatenate(list(decode.mono(sound, 60)))
    pcm = decode.pcm16(samples)
    encoded = io.BytesIO()
    soundfile.write(encoded, pcm, RATE, "PCM_16", format="FLAC", compression_level=encode.FLAC_EFFORT)
    (into / "limit.flac").write_bytes(encoded.getbuffer())
    at_32k = soxr.resample(samples, RATE, encode.RATE)
    (into / "limit.mp3").write_bytes(encode.mp3(decode.pcm16(at_32k)))


PEERS: dict[str, Work] = {"naive_pydub": naive_pydub, "ffmpeg_pipe_mp3": ffmpeg_pipe_mp3, "limit": limit}


def cpu_ms(work: Work, sources: list[Path], into: Path) -> float:
    before = _cpu()
    for source in sources:
        work(source, into)
    return 1000 * (_cpu() - before) / len(sources)


def ours_cpu_ms(sources: list[Path], into: Path) -> float:
    """Return what the whole real path costs, sandbox and all; its start is not counted, as a worker lives long."""
    with Sandbox() as sandbox:
        sandbox.protections()
        assert sandbox.pid
        before = _cpu() + _cpu_below(sandbox.pid)
        for source in sources:
            assert sandbox.examine(source, TAKE, into).refusal is None
        return 1000 * (_cpu() + _cpu_below(sandbox.pid) - before) / len(sources)


def _cpu() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _cpu_below(pid: int) -> float:
    """Return seconds of a process, of those that it waited for, and of all that it started."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu_below(int(child)) for child in children)


def stages_ms(sources: list[Path], into: Path) -> dict[str, float]:
    """Return CPU ms of each stage of the pipeline, and of the parts of the last one, without the sandbox."""
    spent: Counter[str] = Counter()
    with ExitStack() as patched:
        for module, name in PARTS:
            timed = _timed(getattr(module, name), f"  {name}", spent)
            patched.enter_context(patch.object(module, name, timed))
        for source in sources:
            with source.open("rb") as file:
                take = pipeline.Take(file, TAKE, into)
                for stage in pipeline.STAGES:
                    _timed(stage, stage.__name__, spent)(take)
    return {name: 1000 * seconds / len(sources) for name, seconds in sorted(spent.items())}


def _timed(work: Callable[..., Any], name: str, spent: "Counter[str]") -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        start = time.process_time()
        try:
            return work(*arguments)
        finally:
            spent[name] += time.process_time() - start  # type: ignore[assignment]

    return timed


def clips_per_second(processes: int, sources: list[Path], folder: Path) -> float:
    """Return how many clips several sandboxes make at once."""

    def work(number: int) -> None:
        into = folder / f"worker-{number}"
        into.mkdir(exist_ok=True)
        with Sandbox() as sandbox:
            sandbox.protections()
            ready.wait()
            for source in sources:
                sandbox.examine(source, TAKE, into)

    ready = Barrier(processes + 1)
    with ThreadPoolExecutor(processes) as pool:
        working = [pool.submit(work, number) for number in range(processes)]
        ready.wait()
        start = time.perf_counter()
        for each in working:
            each.result()
    return processes * len(sources) / (time.perf_counter() - start)


def peers_per_second(work: Work, processes: int, sources: list[Path], folder: Path) -> float:
    """Return how many clips a peer makes with several processes."""
    jobs = [(source, folder / f"worker-{number}") for number in range(processes) for source in sources]
    with get_context("fork").Pool(processes) as pool:
        pool.starmap(work, jobs[:processes])
        start = time.perf_counter()
        pool.starmap(work, jobs, chunksize=len(sources))
        return len(jobs) / (time.perf_counter() - start)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = takes(folder)
        costs: dict[str, list[float]] = {each: [] for each in ("ours", *PEERS)}
        for _ in range(ROUNDS):  # in turn, so that a busy machine is busy for all
            costs["ours"].append(ours_cpu_ms(sources, folder))
            for peer, work in PEERS.items():
                costs[peer].append(cpu_ms(work, sources, folder))
        figures = {each: statistics.median(found) for each, found in costs.items()}
        stages = stages_ms(sources, folder)
        rates = {
            "ours": {processes: clips_per_second(processes, sources * 5, folder) for processes in (1, 2)}
        }
        for peer, work in PEERS.items():
            rates[peer] = {each: peers_per_second(work, each, sources, folder) for each in (1, 2)}
        with Sandbox() as sandbox:
            sandbox.examine(sources[0], TAKE, folder)
            memory = sandbox.last.memory_bytes / 1e6
    ratios = {peer: figures[peer] / figures["ours"] for peer in PEERS}
    show(
        ("", "CPU ms per 5 s clip", "times ours", "clips/s, 1 process", "clips/s, 2 processes"),
        [
            (each, cost, cost / figures["ours"], rates[each][1], rates[each][2])
            for each, cost in figures.items()
        ],
    )
    show(("stage", "CPU ms per clip"), list(stages.items()))
    print(f"at most {memory:.0f} MB in a child")
    write(
        "audio",
        {
            "ratios": ratios,
            "cpu_ms": figures,
            "stages_ms": {name.strip(): cost for name, cost in stages.items()},
            "clips_per_second": rates,
            "peak_rss_mb": memory,
        },
    )


if __name__ == "__main__":
    main()
