"""More than a hundred kinds of bad input, each with what must be said of it.

A value is (bytes, codes): the refusals that are right, "" for a file that must be read as sound after all.
"""

import gzip
import io
import random
import struct
import subprocess
import tarfile
import zipfile
from collections.abc import Collection
from pathlib import Path

from tests.recordings.audio import craft
from tests.recordings.audio.decoys import BROKEN, NOT, Kinds, playlists


def encoded(wav: Path, folder: Path, names: Collection[str] = ()) -> dict[str, bytes]:
    """Let ffmpeg make well-formed files of a WAV, by name; all that it knows, or those that are named."""
    recipes = {
        "webm": "-c:a libopus -frame_duration 60 -live 1 x.webm",
        "vp8.webm": "-f lavfi -i testsrc=d=2:s=64x64 -c:v libvpx -c:a libopus -shortest x.webm",
        "video.webm": "-f lavfi -i testsrc=d=1:s=64x64 -map 1 -c:v libvpx x.webm",
        "two.webm": "-map 0 -map 0 -c:a libopus x.webm",
        "surround.webm": "-ac 8 -c:a libopus -mapping_family 1 x.webm",
        "ogg": "-c:a libopus x.ogg",
        "vorbis.ogg": "-c:a libvorbis x.ogg",
        "speex.ogg": "-ar 16000 -c:a libspeex x.ogg",
        "surround.ogg": "-ac 6 -c:a libopus -mapping_family 1 x.ogg",
        "video.ogg": "-f lavfi -i testsrc=d=1:s=64x64 -map 1 -c:v libtheora x.ogv",
        "mp4": "-c:a aac x.mp4",
        "fast.mp4": "-c:a aac -movflags faststart x.mp4",
        "frag.mp4": "-c:a aac -movflags frag_keyframe+empty_moov x.mp4",
        "surround.mp4": "-ac 6 -c:a aac x.mp4",
        "ac3.mp4": "-c:a ac3 x.mp4",
        "video.mp4": "-f lavfi -i testsrc=d=1:s=64x64 -map 1 -c:v libx264 x.mp4",
        "flac": "-c:a flac x.flac",
        "surround.flac": "-ac 6 -c:a flac x.flac",
        "mp3": "-c:a libmp3lame x.mp3",
        "mp2": "-c:a mp2 x.mp2",
        "adts": "-c:a aac x.aac",
        "aiff": "x.aiff", "caf": "x.caf", "au": "x.au", "wma": "-c:a wmav2 x.wma", "flv": "-ar 44100 -c:a aac x.flv",
        "avi": "-c:a pcm_s16le x.avi", "w64": "x.w64", "mpegts": "-c:a aac x.ts", "stereo.wav": "-ac 2 x.wav",
        "adpcm.wav": "-c:a adpcm_ima_wav x.wav", "gsm.wav": "-ar 8000 -c:a libgsm_ms x.wav",
        "mulaw.wav": "-ar 8000 -c:a pcm_mulaw x.wav",
        "hours.flac": "-f lavfi -i anullsrc=r=8000:cl=mono -map 1 -t 18000 x.flac",
    }  # fmt: skip
    wanted = names or recipes
    return {
        name: _ffmpeg(wav, recipe.split(), folder / name)
        for name, recipe in recipes.items()
        if name in wanted
    }


def _ffmpeg(wav: Path, recipe: list[str], folder: Path) -> bytes:
    folder.mkdir()
    target = folder / recipe[-1]
    command = ["ffmpeg", "-v", "error", "-i", str(wav), *recipe[:-1], str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target.read_bytes()


def kinds(good: dict[str, bytes], pcm: bytes, address: str, neighbour: str) -> Kinds:
    """Return all kinds; `pcm` is 16 bit mono at 48 kHz, address and neighbour what must never be opened."""
    return (
        others(good)
        | playlists(good, address, neighbour)
        | wavs(pcm, good)
        | webms(good, pcm)
        | oggs(good)
        | mp4s(good, address, neighbour)
        | flacs_and_mp3s(good)
    )


def others(good: dict[str, bytes]) -> Kinds:
    noise = random.Random(1)
    archive, packed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    with tarfile.open(fileobj=packed, mode="w:bz2") as tar:
        tar.addfile(tarfile.TarInfo("x"))
    plain = {
        "one byte": b"\x1a",
        "four bytes of EBML": b"\x1aE\xdf",
        "zeros": bytes(5000),
        "text": b"I was there.\n" * 99,
        "text in UTF-16": "Ich war da.\n".encode("utf-16") * 99,
        "page": b"<!doctype html><script>alert(1)</script>",
        "picture in XML": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://x/"/></svg>',
        "JSON": b'{"audio": "aGVsbG8="}',
        "PDF": b"%PDF-1.7\n%\xe2\xe3",
        "RTF": b"{\\rtf1 x}",
        "Word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "zip": archive.getvalue(),
        "gzip": gzip.compress(good["webm"]),
        "tar in bzip2": packed.getvalue(),
        "xz": b"\xfd7zXZ\x00" + bytes(60),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(60),
        "rar": b"Rar!\x1a\x07\x01" + bytes(60),
        "zstandard": b"\x28\xb5\x2f\xfd" + bytes(60),
        "PNG": b"\x89PNG\r\n\x1a\n" + bytes(60),
        "JPEG": b"\xff\xd8\xff\xe0" + bytes(60),
        "GIF": b"GIF89a" + bytes(60),
        "BMP": b"BM" + bytes(60),
        "TIFF": b"II*\x00" + bytes(60),
        "HEIC": craft.box(b"ftyp", b"heic", bytes(4), b"mif1"),
        "program": b"\x7fELF\x02\x01\x01" + bytes(60),
        "Windows program": b"MZ\x90\x00" + bytes(60),
        "script": b"#!/bin/sh\nrm -rf /\n",
        "database": b"SQLite format 3\x00" + bytes(60),
        "MIDI": b"MThd\x00\x00\x00\x06" + bytes(60),
        "AMR": b"#!AMR\n" + bytes(60),
        "random": noise.randbytes(50_000),
        "random behind a sync word": b"\xff\xff" + noise.randbytes(50_000),
    }
    media = {
        name: good[name]
        for name in ("adts", "aiff", "caf", "au", "wma", "flv", "avi", "w64", "mpegts", "mp2")
    }
    return {"no bytes": (b"", "empty")} | {name: (data, NOT) for name, data in (plain | media).items()}


def wavs(pcm: bytes, good: dict[str, bytes]) -> Kinds:
    def floats(bad: float, width: str = "f") -> bytes:
        values = [0.01] * 24_000 + [bad] + [0.01] * 24_000
        return craft.wav(
            kind=3, bits=32 if width == "f" else 64, data=struct.pack(f"<{len(values)}{width}", *values)
        )

    def made(**lies: int) -> bytes:
        return craft.wav(**({"data": pcm, "rate": 48_000} | lies))  # type: ignore[arg-type]

    return {
        "WAV at rate 0": (made(rate=0), BROKEN),
        "WAV at 1 Hz": (made(rate=1), BROKEN),
        "WAV at 4 GHz": (made(rate=4_000_000_000), BROKEN),
        "WAV without channels": (made(channels=0), BROKEN),
        "WAV of 3 channels": (made(channels=3), "too-many-channels"),
        "WAV of 8 channels": (made(channels=8), "too-many-channels"),
        "WAV of 65535 channels": (made(channels=65_535), f"{BROKEN} too-many-channels"),
        "WAV of 0 bits": (made(bits=0), BROKEN),
        "WAV of 7 bits": (made(bits=7), f"{BROKEN} no-speech "),
        "WAV of 64 whole bits": (made(bits=64), f"{BROKEN} unsupported-codec"),
        "WAV of an unknown coding": (made(kind=0x7FFF), f"{BROKEN} unsupported-codec"),
        "WAV of MP3": (made(kind=0x55), f"{BROKEN} unsupported-codec"),
        "WAV of ADPCM": (good["adpcm.wav"], "unsupported-codec"),
        "WAV of GSM": (good["gsm.wav"], "unsupported-codec"),
        "WAV of mu-law": (good["mulaw.wav"], ""),
        "WAV in stereo": (good["stereo.wav"], ""),
        "WAV with NaN": (floats(float("nan")), "bad-samples"),
        "WAV with infinity": (floats(float("inf")), "bad-samples"),
        "WAV with minus infinity": (floats(float("-inf"), "d"), "bad-samples"),
        "WAV with 1e30": (floats(1e30), "bad-samples"),
        "WAV with 1e300": (floats(1e300, "d"), "bad-samples"),
        "WAV that claims no data": (made(data_size=0), f"{BROKEN} no-speech "),
        "WAV that claims 4 GB": (made(riff_size=0xFFFFFFFF, data_size=0xFFFFFFFF), ""),
        "WAV cut in half": (made()[: len(pcm) // 2], "too-short"),
        "WAV without data": (craft.wav(), f"{BROKEN} no-speech"),
        "WAV of one byte": (craft.wav(data=b"\1"), f"{BROKEN} no-speech"),
        "WAV of one sample": (craft.wav(data=b"\1\1"), "no-speech"),
        "WAV without a form": (b"RIFF\x40\0\0\0WAVE" + craft.chunk(b"data", pcm), BROKEN),
        "WAV of nothing": (b"RIFF\x04\0\0\0WAVE", BROKEN),
        "WAV with 50,000 chunks": (made(extra=craft.chunk(b"junk", b"") * 50_000), f"{BROKEN} "),  # type: ignore[arg-type]
        "WAV with a chunk of 4 GB": (made(extra=b"LIST\xff\xff\xff\xff"), f"{BROKEN} no-speech"),  # type: ignore[arg-type]
        "RF64 without its chunk": (made(riff=b"RF64"), f"{BROKEN} no-speech "),  # type: ignore[arg-type]
        "WAV of an hour": (craft.wav(rate=8_000, bits=8, data=bytes(8_000 * 3600)), "too-large"),
        "WAV of 100 s": (craft.wav(rate=8_000, data=bytes(16_000 * 100)), "too-long"),
        "WAV of silence": (craft.wav(data=bytes(16_000 * 10)), "no-speech"),
        "WAV of full scale": (craft.wav(data=b"\xff\x7f" * 50_000), "no-speech"),
    }


def webms(good: dict[str, bytes], pcm: bytes) -> Kinds:
    whole, track, some = good["webm"], craft.sound_track(), craft.block(pcm[:9600])
    bomb = craft.block(craft.deflated(bytes(48_000 * 2 * 15))) * 20
    nested = b""
    for _ in range(200):
        nested = craft.element("b6", nested)
    return {
        "WebM head only": (whole[:40], BROKEN),
        "WebM without tracks": (craft.webm(), BROKEN),
        "WebM of video": (good["video.webm"], BROKEN),
        "WebM with video beside": (good["vp8.webm"], ""),
        "WebM of two sounds": (good["two.webm"], ""),
        "WebM of eight channels": (good["surround.webm"], "too-many-channels"),
        "WebM of an unknown coding": (craft.webm(craft.sound_track(b"A_SECRET"), blocks=some), "unsupported-codec"),
        "WebM of AC-3": (craft.webm(craft.sound_track(b"A_AC3"), blocks=some), f"unsupported-codec {BROKEN}"),
        "WebM at rate 0": (craft.webm(craft.sound_track(rate=0.0), blocks=some), f"{BROKEN} too-short no-speech"),
        "WebM at 4 GHz": (craft.webm(craft.sound_track(rate=4e9), blocks=some), f"{BROKEN} too-short"),
        "WebM at no number": (craft.webm(craft.sound_track(rate=float("nan")), blocks=some), f"{BROKEN} too-short"),
        "WebM at a negative rate": (craft.webm(craft.sound_track(rate=-48e3), blocks=some), f"{BROKEN} too-short"),
        "WebM of 255 channels": (
            craft.webm(craft.sound_track(channels=255), blocks=some),
            f"too-many-channels {BROKEN}",
        ),
        "WebM without channels": (
            craft.webm(craft.sound_track(channels=0), blocks=some),
            f"{BROKEN} no-speech too-short",
        ),
        "WebM without blocks": (craft.webm(track), BROKEN),
        "WebM of an empty block": (craft.webm(track, blocks=craft.block(b"")), BROKEN),
        "WebM of a block of no track": (craft.webm(track, blocks=craft.block(pcm, track=9)), BROKEN),
        "WebM of 5 min in 30 kB": (
            craft.webm(craft.sound_track(extra=craft.zlib_compressed()), blocks=bomb), "too-long",
        ),
        "WebM of broken deflate": (
            craft.webm(craft.sound_track(extra=craft.zlib_compressed()), blocks=craft.block(b"x" * 999)), BROKEN,
        ),
        "WebM of another document type": (
            craft.webm(track, blocks=some, kind=b"mswrd"),
            f"{BROKEN} too-short no-speech",
        ),
        "WebM of nests": (craft.webm(track, blocks=some, info=nested), f"{BROKEN} too-short no-speech"),
        "WebM cut in half": (whole[: len(whole) // 2], " too-short"),
        "WebM cut to a tenth": (whole[: len(whole) // 10], f"{BROKEN} too-short no-speech"),
        "WebM twice": (whole * 2, ""),
        "WebM with a hole": (
            whole[: len(whole) // 2] + bytes(999) + whole[len(whole) // 2 :],
            f" too-short {BROKEN}",
        ),
        "WebM of 1,000 tracks": (
            craft.webm(*(craft.sound_track(track=each % 250 + 1) for each in range(1000)), blocks=some),
            f"{BROKEN} too-short no-speech",
        ),
    }  # fmt: skip


def oggs(good: dict[str, bytes]) -> Kinds:
    whole = good["ogg"]
    pages = whole.split(b"OggS")[1:]
    empty = [craft.empty_opus_packet()]
    lied = craft.ogg_page([b"\xfc\xff\xfe"] * 3, 10 * 365 * 86_400 * 48_000, 2, flags=4)
    one = craft.ogg_opus([b"\xfc\xff\xfe"] * 20, 960)

    def headed(**lies: object) -> bytes:
        return craft.ogg_opus([b"\xfc\xff\xfe"] * 20, 960, craft.opus_head(**lies))  # type: ignore[arg-type]

    return {
        "Ogg head only": (whole[:60], BROKEN),
        "Ogg of two hours in 3 kB a minute": (craft.ogg_opus(empty * 60_000, 5760), "too-long"),
        "Ogg of ten hours": (craft.ogg_opus(empty * 150_000, 5760), "too-long"),
        "Ogg that says ten years": (craft.ogg_opus([], 0) + lied, f"{BROKEN} no-speech"),
        "Ogg of negative time": (craft.ogg_opus([b"\xfc\xff\xfe"] * 9, -960), f"{BROKEN} no-speech"),
        "Ogg without channels": (headed(channels=0), f"{BROKEN} unsupported-codec"),
        "Ogg of 255 channels": (
            headed(channels=255, family=b"\xff\xff\x00" + bytes(255)),
            f"too-many-channels {BROKEN} unsupported-codec",
        ),
        "Ogg of six channels": (good["surround.ogg"], "too-many-channels"),
        "Ogg of a later version": (headed(version=255), f"{BROKEN} no-speech unsupported-codec"),
        "Ogg that skips more than it has": (headed(skip=65_535), f"{BROKEN} no-speech"),
        "Ogg of silence": (one, "no-speech"),
        "Ogg with tags of 1 MB": (
            craft.ogg_page([craft.opus_head()], 0, 0, flags=2) + craft.ogg_page([b"OpusTags" + b"\xff" * 50_000], 0, 1),
            BROKEN,
        ),
        "Ogg of Speex": (good["speex.ogg"], "unsupported-codec"),
        "Ogg of video": (good["video.ogg"], BROKEN),
        "Ogg of Vorbis": (good["vorbis.ogg"], ""),
        "Ogg without its end": (b"".join(b"OggS" + page for page in pages[:-1]), " too-short"),
        "Ogg without its head": (b"".join(b"OggS" + page for page in pages[2:]), f"{BROKEN} unsupported-codec"),
        "Ogg of one page for ever": (
            b"OggS" + pages[0] + (b"OggS" + pages[2]) * 50,
            f"{BROKEN} too-short no-speech ",
        ),
        "Ogg with wrong sums": (whole.replace(b"OggS\0\0", b"OggS\0\1"), f"{BROKEN} too-short no-speech"),
        "Ogg with rubbish between": (b"OggS" + (b"\0" * 999 + b"OggS").join(pages), f" {BROKEN} too-short"),
        "Ogg cut in half": (whole[: len(whole) // 2], f" too-short {BROKEN}"),
        "Ogg twice": (whole * 2, f" {BROKEN}"),
        "Vorbis with another's head": (b"OggS" + good["vorbis.ogg"].split(b"OggS")[1] + b"OggS" + pages[1], BROKEN),
        "Ogg magic only": (b"OggS", BROKEN),
        "Ogg of magics": (b"OggS" * 5000, BROKEN),
    }  # fmt: skip


def mp4s(good: dict[str, bytes], address: str, neighbour: str) -> Kinds:
    whole, fast = good["mp4"], good["fast.mp4"]
    path = [b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"]

    def elsewhere(where: str) -> bytes:
        entry = craft.box(b"url ", bytes(4), where.encode() + b"\0")
        return craft.with_box_replaced(whole, path, craft.box(b"dref", bytes(4), struct.pack(">I", 1), entry))

    def table(name: bytes, data: bytes) -> bytes:
        return craft.with_box_replaced(whole, [*path[:4], b"stbl", name], craft.box(name, bytes(4), data))

    bomb = craft.box(b"cmvd", struct.pack(">I", 1 << 31), craft.deflated(bytes(1 << 20)))
    squeezed = craft.box(b"cmov", craft.box(b"dcom", b"zlib"), bomb)
    deep = b""
    for _ in range(2000):
        deep = craft.box(b"moov", deep)
    return {
        "MP4 head only": (whole[:32], BROKEN),
        "MP4 without an index": (whole[: whole.index(b"moov") - 4], BROKEN),
        "MP4 without media": (fast[: fast.index(b"mdat") - 4], f"{BROKEN} no-speech"),
        "MP4 of media elsewhere: a file": (elsewhere(f"file://{neighbour}"), f" {BROKEN}"),
        "MP4 of media elsewhere: an address": (elsewhere(address), f" {BROKEN}"),
        "MP4 of media elsewhere: a name": (elsewhere(neighbour), f" {BROKEN}"),
        "MP4 of a billion samples": (
            table(b"stsz", struct.pack(">II", 1, 1_000_000_000)),
            f"{BROKEN} no-speech too-short",
        ),
        "MP4 that tells no sizes": (table(b"stsz", struct.pack(">II", 0, 0)), BROKEN),
        "MP4 of chunks beyond its end": (table(b"stco", struct.pack(">II", 1, 0xFFFFFFF0)), BROKEN),
        "MP4 of a sample without time": (
            table(b"stts", struct.pack(">III", 1, 0xFFFFFFFF, 0)),
            f"{BROKEN} no-speech",
        ),
        "MP4 of six channels": (good["surround.mp4"], "too-many-channels"),
        "MP4 of AC-3": (good["ac3.mp4"], "unsupported-codec"),
        "MP4 of video": (good["video.mp4"], BROKEN),
        "MP4 cut in half": (whole[: len(whole) // 2], BROKEN),
        "MP4 with its index first, cut in half": (fast[: len(fast) // 2], " too-short"),
        "MP4 in fragments, cut in half": (good["frag.mp4"][: len(good["frag.mp4"]) // 2], f" too-short {BROKEN}"),
        "MP4 of nests": (craft.box(b"ftyp", b"isom", bytes(4)) + deep, BROKEN),
        "MP4 of a box larger than the world": (
            whole[:4] + b"ftyp" + struct.pack(">IIQ", 1, 0, 1 << 62) + whole,
            BROKEN,
        ),
        "MP4 twice": (whole * 2, f" {BROKEN}"),
        "MP4 in fragments": (good["frag.mp4"], ""),
        "MP4 with a squeezed index": (
            craft.box(b"ftyp", b"isom", bytes(4)) + craft.box(b"moov", squeezed),
            BROKEN,
        ),
    }  # fmt: skip


def flacs_and_mp3s(good: dict[str, bytes]) -> Kinds:
    flac, mp3 = good["flac"], good["mp3"]

    def info(at: int, new: bytes) -> bytes:
        """Replace bytes of FLAC's STREAMINFO, which begins at 8."""
        return flac[: 8 + at] + new + flac[8 + at + len(new) :]

    frame = mp3[mp3.index(b"\xff\xfb", 500) :][:200]
    return {
        "FLAC head only": (flac[:42], f"{BROKEN} no-speech"),
        "FLAC magic only": (b"fLaC", BROKEN),
        "FLAC of five hours in 200 kB": (good["hours.flac"], "too-long"),
        "FLAC of six channels": (good["surround.flac"], "too-many-channels"),
        "FLAC at rate 0": (info(10, b"\0\0\x00"), f"{BROKEN} no-speech"),
        "FLAC that says ten hours": (info(14, b"\x66\xff\xff\xff"), f" {BROKEN}"),
        "FLAC that says one sample": (info(14, b"\0\0\0\1"), f" too-short no-speech {BROKEN}"),
        "FLAC of blocks of one sample": (info(0, b"\0\1\0\1"), f" {BROKEN}"),
        "FLAC cut in half": (flac[: len(flac) // 2], " too-short"),
        "FLAC with a hole": (
            flac[: len(flac) // 2] + bytes(999) + flac[len(flac) // 2 + 999 :],
            f" too-short {BROKEN}",
        ),
        "FLAC with a picture of 16 MB": (flac[:4] + b"\x06\xff\xff\xff" + flac[4:], BROKEN),
        "FLAC behind an ID3 tag": (b"ID3\x03\x00\x00\x00\x00\x00\x00" + flac, f" {BROKEN}"),
        "MP3 tag only": (b"ID3\x03\x00\x00\x00\x00\x0f\x7f" + bytes(2047), NOT),
        "MP3 tag of 256 MB": (b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + mp3, NOT),
        "MP3 of one frame": (frame, f"{BROKEN} no-speech"),
        "MP3 cut in half": (mp3[: len(mp3) // 2], " too-short"),
        "MP3 with rubbish": (mp3[: len(mp3) // 2] + b"\xff" * 2000 + mp3[len(mp3) // 2 :], " too-short"),
        "MP3 that says four billion frames": (_xing(mp3, struct.pack(">I", 0xFFFFFFFF)), f" {BROKEN}"),
        "MP3 that says one frame": (_xing(mp3, struct.pack(">I", 1)), f" too-short no-speech {BROKEN}"),
        "MP3 of half an hour": (frame * 75_000, f"too-long too-large {BROKEN}"),
        "MP3 of free rate": (b"\xff\xfb\x00\xc4" + bytes(4000), f"{NOT}"),
    }  # fmt: skip


def _xing(mp3: bytes, frames: bytes) -> bytes:
    at = next(at for mark in (b"Xing", b"Info") if (at := mp3.find(mark)) > 0) + 8
    return mp3[:at] + frames + mp3[at + 4 :]
