"""Every answer of every route carries the same headers, errors included."""

import re

import pytest
from django.test import Client

from tests import make
from tests.routes import ROUTES
from voicecollect.headers import PERMISSIONS

pytestmark = pytest.mark.django_db

CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self' blob:",
    "connect-src 'self'", "worker-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'",
    "frame-ancestors 'none'",
}  # fmt: skip
OF_JSON = {"default-src 'none'", "frame-ancestors 'none'"}
EXPECTED = {
    "Content-Security-Policy": True,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}


def headers(response):
    """Return the headers that are promised; of the policy whether it is the one to expect, whatever a page's nonce."""
    found = {name: response.headers.get(name) for name in EXPECTED}
    policy = re.sub(r" 'nonce-[^']+'", "", found["Content-Security-Policy"] or "")
    is_json = re.match(r"application/(problem\+)?json\b", response.headers.get("Content-Type", ""))
    return found | {"Content-Security-Policy": set(policy.split("; ")) == (OF_JSON if is_json else CSP)}


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_answers_with_the_headers_and_without_a_fault(path):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for method in ("get", "post", "put", "delete", "options"):
        answer = getattr(client, method)(path)
        assert answer.status_code < 500, (method, path)
        assert headers(answer) == EXPECTED, (method, path)
        assert answer.headers["Cache-Control"], (method, path)


def test_a_static_file_has_them_too(client):
    page = client.get("/en/").content.decode()
    style = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
    answer = client.get(style)
    answer.close()
    assert headers(answer) == EXPECTED


@pytest.mark.parametrize("page", ["", "languages/", "en/", "en/listen/", "en/transcribe/", "datasets/"])
def test_pages_that_many_open_on_slow_networks_are_sent_compressed(client, page):
    make.language("en")
    answer = client.get(f"/en/{page}", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "gzip")


def test_a_stranger_host_has_them_too(client):
    answer = client.get("/en/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert headers(answer) == EXPECTED


def test_a_fault_of_ours_has_them_too(monkeypatch):
    monkeypatch.setattr("voicecollect.pages.Language.objects", None)
    answer = Client(raise_request_exception=False).get("/en/")
    assert answer.status_code == 500
    assert headers(answer) == EXPECTED


def test_no_policy_allows_inline_scripts_or_styles(client):
    assert "unsafe" not in client.get("/en/").headers["Content-Security-Policy"]
