"""Firefox's own remote control: JSON behind its length, over TCP.

https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

import json
import socket
from typing import Any

COMMAND = 0  # the kind of message; the other is an answer
PATIENCE = 120  # seconds, for a Firefox that says nothing any more


class Marionette:
    """One session with a running Firefox."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._pipe = self._socket.makefile("rwb")
        self._read()  # it greets

    def close(self) -> None:
        self._pipe.close()
        self._socket.close()

    def ask(self, command: str, **parameters: Any) -> Any:
        """Run a WebDriver command and return its answer; raises RuntimeError with what went wrong."""
        message = json.dumps([COMMAND, 1, f"WebDriver:{command}", parameters]).encode()
        self._pipe.write(b"%d:%s" % (len(message), message))
        self._pipe.flush()
        _kind, _number, error, answer = self._read()
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return answer

    def _read(self) -> Any:
        length = b""
        while (digit := self._pipe.read(1)).isdigit():
            length += digit
        return json.loads(self._pipe.read(int(length)))
