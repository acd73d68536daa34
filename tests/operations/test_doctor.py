"""Each wrong configuration is named in words, with its cure; a right one isn't complained about."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.db import OperationalError

from common.storage import Bucket
from operations import doctor
from tests.servers import seaweedfs
from tests.servers.ports import free_port
from tests.servers.redis import Redis

pytestmark = pytest.mark.django_db


def names(check):
    """Return the names of what a check found; every one has words and a cure, which are sentences."""
    found = list(check())
    assert all(each.words.endswith(".") and each.cure.endswith(".") for each in found)
    return {each.name for each in found}


@pytest.mark.parametrize(
    ("check", "wrong", "name"),
    [
        (doctor.addresses, {"SITE_URL": "http://voices.example.org"}, "no-https"),
        (
            doctor.addresses,
            {"SITE_URL": "https://voices.example.org", "BEHIND_PROXY": False},
            "proxy-unknown",
        ),
        (doctor.addresses, {"ALLOWED_HOSTS": ["*"]}, "any-host"),
        (doctor.secrets, {"RELEASE_KEY": "changeme"}, "short-key"),
        (doctor.secrets, {"REDIS_URL": "redis://localhost"}, "key-of-one-machine"),
        (doctor.secrets, {"DEBUG": True}, "debug"),
        (doctor.processes, {"WEB_PROCESSES": 2, "REDIS_URL": ""}, "limits-apart"),
        (doctor.processes, {"REDIS_URL": "redis://localhost"}, "workers-on-sqlite"),
        (doctor.processes, {"REDIS_URL": "redis://localhost"}, "hard-shutdown"),
        (doctor.broker, {"REDIS_URL": f"redis://127.0.0.1:{free_port()}"}, "no-redis"),
        (
            doctor.browsers,
            {"S3_ENDPOINT_URL": "http://s3", "S3_BROWSER_URL": "http://s3", "SITE_URL": "https://a.example"},
            "mixed-content",
        ),
        (
            doctor.browsers,
            {"S3_ENDPOINT_URL": "x", "S3_BROWSER_URL": "https://localhost", "SITE_URL": "https://a.example"},
            "store-of-nobody",
        ),
        (doctor.disk, {"DATA_DIR": Path("/proc/nowhere")}, "data-dir"),
        (doctor.static_files, {"STATIC_ROOT": Path("/nowhere")}, "no-static-files"),
    ],
)
def test_a_wrong_setting_is_named(settings, monkeypatch, check, wrong, name):
    for variable in ("SECRET_KEY", "RELEASE_KEY", "SIGNING_KEY", "REMAP_SIGTERM"):
        monkeypatch.delenv(variable, raising=False)
    for setting, value in wrong.items():
        setattr(settings, setting, value)
    assert name in names(check)


def test_a_full_disk_is_named(monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE", 1 << 60)
    assert names(doctor.disk) == {"disk-full"}


def test_a_database_out_of_reach_is_named(monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    monkeypatch.setattr(doctor.connection, "ensure_connection", refuse)
    assert names(doctor.database) == {"no-database"}


def test_pending_migrations_are_named(monkeypatch):
    monkeypatch.setattr(doctor.MigrationExecutor, "migration_plan", lambda *_: [("recordings", "0099_more")])
    assert names(doctor.database) == {"migrations"}


def test_a_postgresql_that_does_not_wait_for_the_disk_is_named(on_postgresql):
    assert names(doctor.database) == {"not-durable"}  # as the tests' own server is set


def test_a_redis_that_throws_bells_away_is_named(settings, folder):
    with Redis(folder / "redis") as server:
        settings.REDIS_URL = server.url()
        assert names(doctor.broker) == set()
        server.connect().config_set("maxmemory-policy", "allkeys-lru")
        assert names(doctor.broker) == {"redis-forgets"}


@pytest.fixture
def buckets(monkeypatch, s3):
    """Return a function that gives the instance buckets with what the test gets wrong."""

    def use(**wrong):
        right = {
            "endpoint_url": s3.url, "bucket_name": "ready", "browser_url": s3.url, "region_name": seaweedfs.REGION,
            "access_key": seaweedfs.ACCESS_KEY, "secret_key": seaweedfs.SECRET_KEY,
        }  # fmt: skip
        bucket = Bucket(**right | wrong)
        monkeypatch.setattr(doctor, "storages", {"private": bucket, "releases": bucket})

    return use


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"bucket_name": "no-such-bucket"}, "no-bucket"),
        ({"secret_key": "guessed"}, "wrong-key"),
        ({"endpoint_url": f"http://127.0.0.1:{free_port()}"}, "no-store"),
    ],
)
def test_a_store_that_cannot_be_used_is_named(buckets, wrong, name):
    buckets(**wrong)
    assert name in names(doctor.objects)


def test_buckets_that_can_be_used_are_not_complained_about(buckets):
    buckets()
    assert names(doctor.objects) == set()


def test_clocks_that_differ_are_named():
    assert [each.name for each in doctor._clock("Thu, 01 Jan 2026 00:00:00 GMT")] == ["clocks-differ"]
    now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
    assert list(doctor._clock(now)) == []


def test_a_private_bucket_that_anyone_can_list_is_named(buckets):
    class Open(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(
                b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><KeyCount>0</KeyCount>'
                b"<IsTruncated>false</IsTruncated></ListBucketResult>"
            )

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", free_port()), Open)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    buckets(endpoint_url=f"http://127.0.0.1:{server.server_port}")
    assert names(doctor.objects) == {"private-is-public"}
    server.shutdown()
    server.server_close()


def test_an_instance_that_runs_is_well(embedded_instance):
    assert embedded_instance.manage("doctor").stdout == "Everything is as it should be.\n"


def test_the_command_prints_words_and_cures_and_fails(embedded_instance, monkeypatch):
    monkeypatch.setitem(embedded_instance.env, "DEBUG", "yes")
    done = embedded_instance.manage("doctor", check=False)
    assert done.stdout == "DEBUG is on: errors show settings and rows to everyone.\n    Set DEBUG=no.\n"
    assert done.returncode == 1
