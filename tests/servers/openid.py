"""An OpenID Connect provider of its own: django-allauth's, as a site of its own in a process of its own."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.servers.ports import free_port
from tests.servers.process import Process

CLIENT_ID, CLIENT_SECRET, PASSWORD = "voices", "seven swans at noon", "grey geese over the flats"


class Provider(Process):
    """A provider where these people sign in with `PASSWORD`; see its `sayings` for whom it forges tokens."""

    def __init__(self, folder: Path, *, callback: str, people: Sequence[str]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        key = generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        command = [sys.executable, "-m", "tests.servers.openid_site", str(port), *people]
        environment = {
            "PROVIDER_DATABASE": str(folder / "provider.sqlite3"), "PROVIDER_KEY": pem, "PROVIDER_CALLBACK": callback,
            "DJANGO_SETTINGS_MODULE": "tests.servers.openid_site.settings", "TMPDIR": str(folder),
        }  # fmt: skip
        super().__init__(command, log=folder / "provider.log", env=os.environ | environment)

    def start(self) -> None:
        """Start it and return once it answers."""
        super().start()
        self.wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/.well-known/openid-configuration", timeout=2).ok
        except requests.ConnectionError:
            return False

    def authorize(self, address: str, person: str) -> str:
        """Follow an address of the provider as a person who signs in there; return where it leads back to."""
        browser = requests.Session()
        login = browser.get(address, timeout=20)
        data = {"login": person, "password": PASSWORD}
        answer = browser.post(login.url, data=data, allow_redirects=False, timeout=20)
        back = browser.get(self.url + answer.headers["Location"], allow_redirects=False, timeout=20)
        return back.headers["Location"]
