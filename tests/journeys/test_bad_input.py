"""Whatever is sent, the answer is a clear one: never a 500, and JSON problems from the API."""

import http.client
import itertools
import json
import uuid
from urllib.parse import urlsplit

from tests.journeys.devices import Device

NOWHERE = str(uuid.UUID(int=1))
STRANGE = [
    "%00", "x%00y", "..%2f..%2fetc%2fpasswd", "%ff%fe", "a" * 300, "%F0%9F%92%A9", "en%0d%0aSet-Cookie:x", "'--", "{}",
    "0", "-1", "null", "%7B%7B7*7%7D%7D", "%ED%A0%80", "x-", "tlh", "",
]  # fmt: skip
PATHS = [
    "/api/v1/{}/sentences", "/api/v1/{}/clips", "/api/v1/en/clips/{}/votes", "/api/v1/recordings/{}",
    "/api/v1/skipped_clips/{}", "/api/v1/skipped_sentences/{}", "/api/v1/{}", "/api/v1/en/sentences?count={}",
    "/api/v1/recordings/" + NOWHERE + "?prompt={}", "/en/{}/", "/en/{}/speak/", "/en/{}/listen/", "/{}/", "/en/?q={}",
    "/en/me/?page={}", "/en/consent/?next={}", "/private/{}", "/datasets/{}/x", "/datasets/1.0/{}", "/en/datasets/{}/",
    "/en/datasets/{}/1.0/", "/en/datasets/en/{}/", "/api/v1/datasets/{}", "/static/{}",
]  # fmt: skip
BODIES = [
    b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b'{"isValid": "\\u0000"}', b'{"isValid": true, "reasons": ["\\u0000"]}',
    b'{"isValid": true, "reasons": ["\\ud800"]}', b'{"id": "x", "kind": "clip", "reasons": ["a"]}',
    b'{"id": "%s", "kind": "clip", "reasons": ["\\u0000"]}' % NOWHERE.encode(), b"[" * 100_000, b'{"a":' * 5000,
    b'{"isValid": 1e999}', b'{"isValid": NaN}', b"a=b", b"\x00" * 1000,
]  # fmt: skip
HEADERS = [
    {"Authorization": "Basic"}, {"Authorization": "Basic AAAA"}, {"Authorization": "Bearer x"},
    {"Content-Type": "application/json; charset=nonsense"}, {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary="}, {"Content-Type": "x" * 500}, {"Accept": "text/nothing"},
    {"Accept-Language": "x" * 500}, {"Accept-Language": "%00,;q=z"}, {"Cookie": "sessionid=%00; csrftoken=%01"},
    {"Content-Digest": "sha-256=:%:"}, {"Recorder-Settings": '{"a": "\\u0000"}'}, {"Range": "bytes=9-1"},
    {"sentence": "%00%ff", "sentence-id": "%7f"}, {"Host": "localhost"}, {"If-None-Match": '"'}, {"Origin": "null"},
]  # fmt: skip
ROUTES = [
    ("GET", "/api/v1/languages"), ("GET", "/en/"), ("POST", "/api/v1/reports"), ("POST", "/api/v1/en/clips"),
    ("PUT", f"/api/v1/recordings/{NOWHERE}?prompt={NOWHERE}"),
]  # fmt: skip


def answers(url, requests):
    """Send requests one after the other, each on a connection of its own: the server may close after a bad one."""
    for method, path, body, headers in requests:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        yield (method, path[:80], headers), answer.status, answer.getheader("Content-Type", ""), answer.read()
        connection.close()


def faults(url, requests):
    """Return what was answered wrongly: by a server error, or by an API error that is no problem in JSON."""
    wrong = []
    for asked, status, kind, content in answers(url, requests):
        from_api = asked[1].startswith("/api/v1/") and status >= 400
        if status >= 500 or (
            from_api and (kind != "application/problem+json" or not json.loads(content)["detail"])
        ):
            wrong.append((asked, status, kind))
    return wrong


def test_strange_addresses(instance):
    asked = (
        (method, path.format(odd), None, {})
        for method, path, odd in itertools.product(["GET"], PATHS, STRANGE)
    )
    assert faults(instance.url, asked) == []


def test_strange_bodies_and_headers(instance):
    credentials = Device(instance.url).headers
    paths = [
        "/api/v1/reports", f"/api/v1/en/clips/{NOWHERE}/votes", f"/api/v1/skipped_clips/{NOWHERE}", "/api/v1/en/clips",
    ]  # fmt: skip
    bodies = [
        ("POST", path, body, credentials | {"Content-Type": kind})
        for path, body in itertools.product(paths, BODIES)
        for kind in ("application/json", "text/plain")
    ]
    headers = [
        (method, path, b"{}" if method != "GET" else None, credentials | odd)
        for odd, (method, path) in itertools.product(HEADERS, ROUTES)
    ]
    assert faults(instance.url, bodies + headers) == []


def test_what_was_acknowledged_before_is_still_there(instance):
    device = Device(instance.url)
    [sentence] = device.sentences(1)
    take = device.send(sentence, b"no sound at all")
    list(
        answers(instance.url, [("PUT", f"/api/v1/recordings/{take}?prompt={NOWHERE}", b"x", device.headers)])
    )
    assert device.became(take)["state"] in {"received", "processing", "refused"}
