"""A phone with an app that speaks the client contract, for tests that send many takes."""

import base64
import json
import urllib.request
import uuid
from typing import Any
from urllib.parse import quote

TOKEN = "0123456789abcdefghij0123456789abcdefghij"


class Device:
    """One voice; every call is a request to the instance at `url`."""

    def __init__(self, url: str, locale: str = "en") -> None:
        self.base = f"{url}/api/v1"
        self.locale = locale
        credentials = base64.b64encode(f"{uuid.uuid4()}:{TOKEN}".encode()).decode()
        self.headers = {"Authorization": f"Basic {credentials}"}

    def sentences(self, count: int) -> list[dict[str, str]]:
        """Return sentences to read."""
        answer: list[dict[str, str]] = self._call("GET", f"{self.locale}/sentences?count={count}")
        return answer

    def send(self, sentence: dict[str, str], body: bytes) -> str:
        """Send a take and return its id."""
        named = {"sentence": quote(sentence["text"]), "sentence-id": sentence["id"]}
        sent = self._call(
            "POST", f"{self.locale}/clips", body, named | {"Content-Type": "audio/mpeg; codecs=aac"}
        )
        return str(sent["filePrefix"])

    def vote(self, clip_id: str, *, good: bool) -> None:
        """Judge a clip."""
        body = json.dumps({"isValid": good}).encode()
        self._call("POST", f"{self.locale}/clips/{clip_id}/votes", body, {"Content-Type": "application/json"})

    def clips(self, count: int = 10) -> list[dict[str, Any]]:
        """Return clips to judge."""
        answer: list[dict[str, Any]] = self._call("GET", f"{self.locale}/clips?count={count}")
        return answer

    def became(self, take_id: str) -> dict[str, Any]:
        """Return what became of a take."""
        answer: dict[str, Any] = self._call("GET", f"recordings/{take_id}")
        return answer

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Any:
        request = urllib.request.Request(
            f"{self.base}/{path}", data=body, method=method, headers=self.headers | (headers or {})
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")
