"""A bad network before an instance: what comes through fails where a test says so, else it is handed on."""

import re
import socket
import threading
from contextlib import suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Self

TAKE = b"PUT /api/v1/recordings/"
LENGTH = re.compile(rb"(?i)\ncontent-length: *(\d+)")
KEEP_ALIVE = re.compile(rb"(?i)\nconnection: *[^\r]*")
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
PATIENCE = 60  # seconds


class BadNetwork(ThreadingTCPServer):
    """Answers at `url` in place of a web server at another port; nothing gets through while `is_down`.

    Each take that comes uses up one of `faults`: "503" (the server is busy), "cut" (the connection breaks when half
    of the take is through), "deaf" (it arrives, but the answer is lost).
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, upstream: int) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.upstream = upstream
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.is_down = False
        self.faults: list[str] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Request(StreamRequestHandler):
    """Hands on one request and its answer; the next one comes on a connection of its own."""

    server: BadNetwork
    timeout = PATIENCE

    def handle(self) -> None:
        if self.server.is_down:
            return
        with suppress(OSError):  # either side is gone
            self._hand_on()

    def _hand_on(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            if not (line := self.rfile.readline()):
                return
            head += line
        faults = self.server.faults
        fault = faults.pop(0) if head.startswith(TAKE) and faults else ""
        found = LENGTH.search(head)
        length = int(found[1]) if found else 0
        if fault == "503":
            self.rfile.read(length)
            self.wfile.write(BUSY)
            return
        body = self.rfile.read(length // 2 if fault == "cut" else length)
        with socket.create_connection(("127.0.0.1", self.server.upstream), PATIENCE) as upstream:
            upstream.sendall(KEEP_ALIVE.sub(b"\nConnection: close", head) + body)
            while fault != "cut" and (part := upstream.recv(1 << 16)):
                if fault != "deaf":
                    self.wfile.write(part)
