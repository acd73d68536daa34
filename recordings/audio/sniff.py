"""Says what bytes are, before any decoder sees one of them.

FFmpeg left to guess opens playlists, and playlists name neighbours' files and addresses. None of the
containers below can, and what has none of their magics is never given to a decoder.
"""

from typing import BinaryIO

from recordings.audio.order import UnusableError

HEAD = 4096  # bytes that are looked at

WEBM, MP4, OGG, WAV, FLAC, MP3 = "webm", "mp4", "ogg", "wav", "flac", "mp3"

# what people upload by mistake, and what attackers upload on purpose, by its first bytes
OTHERS = (
    (b"%PDF", "document"),
    (b"{\\rtf", "document"),
    (b"\xd0\xcf\x11\xe0", "document"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"#!AMR", "AMR sound"),
    (b"#!", "program"),
    (b"SQLite format 3", "database"),
    (b"FORM", "AIFF sound"),
    (b"caff", "CAF sound"),
    (b"0&\xb2u", "WMA sound"),
    (b"FLV\x01", "Flash video"),
    (b"\x00\x00\x01\xba", "MPEG video"),
    (b".snd", "AU sound"),
)
PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"[playlist]", b"v=0\r\n", b"v=0\n", b"<MPD", b"file '", b"WPL")


def container_of(file: BinaryIO) -> str:
    """Return the container's name, a constant above; raises UnusableError with what the file is instead."""
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"ID3"):
        return _behind_id3(file, head)
    if found := _container(head):
        return found
    raise UnusableError("not-audio", _other(head))


def _container(head: bytes) -> str | None:
    if head.startswith(b"\x1aE\xdf\xa3"):
        return WEBM
    if head[4:8] == b"ftyp":
        return None if head[8:12] in (b"heic", b"heix", b"avif", b"mif1") else MP4
    if head.startswith(b"OggS"):
        return OGG
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return WAV
    if head.startswith(b"fLaC"):
        return FLAC
    return MP3 if _is_mp3_frame(head) else None


def _is_mp3_frame(head: bytes) -> bool:
    """Sync, layer III, a bit rate and a sample rate that exist; ADTS (AAC) has layer 0."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, sample_rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bit_rate not in (0, 15) and sample_rate != 3


def _behind_id3(file: BinaryIO, head: bytes) -> str:
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))
    file.seek(10 + size)
    behind = file.read(HEAD)
    file.seek(0)
    found = _container(behind)
    if found in (MP3, FLAC):
        return found
    raise UnusableError("not-audio", "a tag (ID3) without sound behind it")


def _other(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if any(mark in start[:512] for mark in PLAYLISTS):
        return "playlist"
    for magic, kind in OTHERS:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF":
        return "RIFF file without sound"
    return _text_or_data(start)


def _text_or_data(start: bytes) -> str:
    if not start.strip(b"\x00"):
        return "zero bytes only"
    if start[:1] == b"<":
        return "web page or XML"
    if start[:1] in b"{[":
        return "JSON or text"
    printable = sum(byte >= 32 or byte in b"\t\r\n" for byte in start[:512])
    return "text" if b"\x00" not in start[:512] and printable == len(start[:512]) else "unknown data"
