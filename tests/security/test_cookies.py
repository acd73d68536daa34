"""What a site with https promises of its cookies and connections, and what passwords it takes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

ROOT = Path(__file__).parents[2]
VISIT = """
import json, django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
page = Client(headers={"host": "example.org"}).get("/en/consent/", secure=True)
plain = Client(headers={"host": "example.org"}).get("/en/")
cookies = {name: dict(cookie) for name, cookie in page.cookies.items()}
hsts = page.headers["Strict-Transport-Security"]
print(json.dumps({"cookies": cookies, "hsts": hsts, "plain": [plain.status_code, plain.url]}))
"""


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    """Return what a site at an https address answers, in a process of its own: settings are read once."""
    variables = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "voicecollect.settings",
        "SITE_URL": "https://example.org",
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
    }
    done = subprocess.run(
        [sys.executable, "-c", VISIT], cwd=ROOT, env=variables, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_cookies_of_a_site_with_https_are_bound_to_it(visit):
    assert visit["cookies"]
    for name, cookie in visit["cookies"].items():
        assert name.startswith("__Host-")
        assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"]) == (
            True,
            "/",
            "",
            "Lax",
        )


def test_a_site_with_https_is_reached_by_nothing_else(visit):
    assert visit["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert visit["plain"] == [301, "https://example.org/en/"]


@pytest.mark.parametrize("password", ["password1234", "qwertyuiop123", "short-Pa55!"])
def test_common_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", ["all lower case words only", "٠١٢٣٤٥٦٧٨٩ أرقام", "x" * 120])
def test_any_other_composition_is_taken(password):
    validate_password(password)
