"""Lists that name other files and addresses, which a decoder must never follow."""

from tests.recordings.audio import craft

Kinds = dict[str, tuple[bytes, str]]

NOT = "not-audio"
BROKEN = "undecodable"


def playlists(good: dict[str, bytes], address: str, neighbour: str) -> Kinds:
    hls = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{}\n#EXT-X-ENDLIST\n"
    dash = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" mediaPresentationDuration="PT5S"><Period>'
        f"<AdaptationSet><BaseURL>{address}</BaseURL></AdaptationSet></Period></MPD>"
    )
    lists = {
        "HLS of an address": hls.format(address),
        "HLS of a file": hls.format(neighbour),
        "HLS of a file by its protocol": hls.format(f"file://{neighbour}"),
        "HLS with a mark before it": "\ufeff" + hls.format(address),
        "HLS behind white space": "\n \t" + hls.format(address),
        "HLS with a key": "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"" + address + "\"\n#EXTINF:5,\nx\n",
        "HLS through concat": hls.format(f"concat:{address}|file://{neighbour}"),
        "M3U": f"{address}\n{neighbour}\n",
        "PLS": f"[playlist]\nFile1={address}\nNumberOfEntries=1\n",
        "ffconcat of a file": f"ffconcat version 1.0\nfile '{neighbour}'\n",
        "ffconcat of an address": f"ffconcat version 1.0\nfile '{address}'\n",
        "concat without a head": f"file '{neighbour}'\n",
        "DASH": dash,
        "XSPF": f"<playlist><trackList><track><location>{address}</location></track></trackList></playlist>",
        "SDP": f"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nc=IN IP4 127.0.0.1\r\nm=audio 5004 RTP/AVP 0\r\na={address}\r\n",
        "ASX": f'<asx version="3.0"><entry><ref href="{address}"/></entry></asx>',
        "an address": address,
        "subfile": f"subfile,,start,0,end,0,,:{neighbour}",
    }  # fmt: skip
    text = lists["HLS of an address"].encode()
    hidden = {
        "HLS behind an ID3 tag": (b"ID3\x03\x00\x00\x00\x00\x00\x00" + text, NOT),
        "HLS behind EBML's magic": (b"\x1aE\xdf\xa3" + text, BROKEN),
        "HLS behind Ogg's magic": (b"OggS" + text, BROKEN),
        "HLS in a WAV": (craft.wav(data=text), "no-speech"),
        "HLS in a box": (craft.box(b"ftyp", b"isom") + text, BROKEN),
        "HLS behind a WebM": (good["webm"] + text, ""),
    }
    return {name: (each.encode(), NOT) for name, each in lists.items()} | hidden
