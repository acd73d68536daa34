"""A proxy that spoils a share of what passes, in a process of its own: what networks and stores do on bad days.

`python fault_proxy.py PORT UPSTREAM_PORT '{"refused": 0.1, "dropped": 0.05}'`. Each request gets one fate, by chance
with a fixed seed:

refused: the answer is 500, and the server behind never hears of it
dropped: the server does what was asked, and the connection breaks before the answer
sent_flipped, sent_cut: a bit of the body is turned over on the way there, or its second half is missing
got_flipped, got_cut: the same on the way back
"""

import asyncio
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.servers.ports import free_port
from tests.servers.process import Process

ROOT = Path(__file__).resolve().parents[2]
REFUSED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class FaultProxy(Process):
    """The proxy before the server at `upstream`; `faults` are shares from 0 to 1, by the names above."""

    def __init__(self, folder: Path, upstream: int, *, seed: int = 0, **faults: float) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._counts = folder / f"faults-{self.port}.json"
        wanted = json.dumps({"seed": seed, "counts": str(self._counts), "faults": faults})
        super().__init__(
            [sys.executable, "-m", "tests.servers.fault_proxy", str(self.port), str(upstream), wanted],
            log=folder / f"fault-proxy-{self.port}.log",
            cwd=ROOT,
        )

    def start(self) -> None:
        """Start it and return once it listens."""
        super().start()
        self.wait_until(self._counts.exists)

    @property
    def counts(self) -> Counter[str]:
        """How many requests had each fate so far."""
        return Counter(json.loads(self._counts.read_text()))


class Message(NamedTuple):
    """A request or an answer: its head, and its body if it has one."""

    head: bytes
    body: bytes

    @property
    def method(self) -> bytes:
        return self.head.split(b" ", 1)[0]


async def read_message(
    stream: asyncio.StreamReader, back: asyncio.StreamWriter | None = None, *, bodiless: bool = False
) -> Message | None:
    """Return what comes next, or None at the end; who waits to be told to go on is told so by way of `back`."""
    try:
        head = await stream.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    headers = dict(
        line.lower().split(b": ", 1) if b": " in line else (line.lower().rstrip(b":"), b"")
        for line in head.split(b"\r\n")[1:-2]
    )
    if back and headers.get(b"expect") == b"100-continue":
        back.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    if bodiless:
        return Message(head, b"")
    if headers.get(b"transfer-encoding") == b"chunked":
        return Message(head, await _chunks(stream))
    return Message(head, await stream.readexactly(int(headers.get(b"content-length", b"0"))))


async def _chunks(stream: asyncio.StreamReader) -> bytes:
    """Return a chunked body as it is on the wire."""
    whole = b""
    while True:
        line = await stream.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        whole += line + await stream.readexactly(size + 2)
        if not size:
            return whole


class Proxy:
    """What it does to a request is decided by chance; `counts` tells how often it did what."""

    def __init__(self, upstream: int, seed: int, counts: Path, faults: dict[str, float]) -> None:
        self.upstream, self.faults = upstream, faults
        self.chance = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.path = counts

    def fate(self, request: Message) -> str:
        """Return what happens to a request, and count it; bodies are spoilt only where there are some."""
        drawn, reached = self.chance.random(), 0.0
        for fault, share in self.faults.items():
            reached += share
            fits = not fault.startswith("sent") or (request.method == b"PUT" and len(request.body) > 1)
            fits = fits and (not fault.startswith("got") or request.method == b"GET")
            if drawn < reached:
                return self.count(fault if fits else "passed")
        return self.count("passed")

    def count(self, fate: str) -> str:
        self.counts[fate] += 1
        self.write_counts()
        return fate

    def write_counts(self) -> None:
        aside = self.path.with_suffix(".aside")
        aside.write_text(json.dumps(self.counts))
        aside.replace(self.path)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request after the other until one is spoilt or the client is gone."""
        try:
            while (request := await read_message(reader, writer)) and await self.passes(request, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass  # either side is gone, and so is this connection
        finally:
            writer.close()

    async def passes(self, request: Message, client: asyncio.StreamWriter) -> bool:
        """Deal with a request; tell whether another may come on the same connection."""
        fate = self.fate(request)
        if fate == "refused":
            client.write(REFUSED)
            await client.drain()
            return False
        answer = await self.ask(Message(request.head, spoilt(request.body, fate, "sent", self.chance)))
        if fate == "dropped" or answer is None:
            return False
        body = spoilt(answer.body, fate, "got", self.chance)
        client.write(answer.head + body)
        await client.drain()
        return len(body) == len(answer.body) and b"connection: close" not in answer.head.lower()

    async def ask(self, request: Message) -> Message | None:
        """Return what the server behind answers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(request.head + request.body)
            if len(request.body) < _length(request.head):
                writer.write_eof()
            await writer.drain()
            while answer := await read_message(reader, bodiless=request.method == b"HEAD"):
                if not answer.head.startswith(b"HTTP/1.1 100"):
                    return answer
            return None
        finally:
            writer.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def spoilt(body: bytes, fate: str, way: str, chance: random.Random) -> bytes:
    """Return the body as it arrives."""
    if fate == f"{way}_flipped" and body:
        at = chance.randrange(len(body))
        return body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]
    return body[: len(body) // 2] if fate == f"{way}_cut" else body


async def _main(port: int, upstream: int, seed: int, counts: str, faults: dict[str, float]) -> None:
    proxy = Proxy(upstream, seed, Path(counts), faults)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", port, limit=1 << 26)
    proxy.write_counts()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]), **json.loads(sys.argv[3])))
