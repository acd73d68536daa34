"""What is wrong with how an instance is set up, each in plain words with its cure.

A check yields a problem for each thing that is wrong; the settings that make no sense at all refuse to start before.
"""

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import redis
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from common.storage import Bucket

HERE = {"localhost", "127.0.0.1", "::1"}
SHORTEST_KEY = 32
LEAST_FREE = 1 << 30  # bytes
MOST_APART = 300.0  # seconds: beyond that stores refuse what is signed
SAFE_EVICTION = "noeviction"


@dataclass(frozen=True)
class Problem:
    """What is wrong, by a name for programs and in words, and what to do."""

    name: str
    words: str
    cure: str


Check = Callable[[], Iterator[Problem]]


def problems() -> Iterator[Problem]:
    """Yield everything that is wrong."""
    for check in CHECKS:
        yield from check()


def on_servers() -> bool:
    """Tell whether this instance is one of several processes on several machines."""
    return bool(settings.REDIS_URL or settings.S3_ENDPOINT_URL)


def addresses() -> Iterator[Problem]:
    """Look at how people reach the site."""
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" and site.hostname not in HERE:
        yield Problem(
            "no-https",
            "SITE_URL is not https: browsers give nobody the microphone.",
            "Put a reverse proxy with a certificate in front, and set SITE_URL to its https:// address.",
        )
    if site.scheme == "https" and not settings.BEHIND_PROXY:
        yield Problem(
            "proxy-unknown",
            "SITE_URL is https, but BEHIND_PROXY is no: every request is sent to https again and again.",
            "Set BEHIND_PROXY=yes, and let the proxy set X-Forwarded-Proto and X-Forwarded-For.",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Problem(
            "any-host",
            "HOSTS allows every host name, so that anyone can make links of ours lead to theirs.",
            "Name the hosts in HOSTS, with commas between them.",
        )


def secrets() -> Iterator[Problem]:
    """Look at keys and at what gives them away."""
    for name in ("SECRET_KEY", "RELEASE_KEY", "SIGNING_KEY"):
        if len(getattr(settings, name)) < SHORTEST_KEY:
            yield Problem(
                "short-key",
                f"{name} is so short that it can be guessed.",
                f"Set {name} to what `openssl rand -hex 32` prints.",
            )
        if on_servers() and not os.environ.get(name):
            yield Problem(
                "key-of-one-machine",
                f"{name} is not set, so that each machine makes its own: sessions, links or pseudonyms then differ.",
                f"Set {name} to the same value everywhere; the one that was used so far lies in DATA_DIR.",
            )
    if settings.DEBUG:
        yield Problem("debug", "DEBUG is on: errors show settings and rows to everyone.", "Set DEBUG=no.")


def processes() -> Iterator[Problem]:
    """Look at what runs beside each other."""
    if settings.WEB_PROCESSES > 1 and not settings.REDIS_URL:
        yield Problem(
            "limits-apart",
            "There are several web processes and no Redis: each counts limits for itself.",
            "Set REDIS_URL, or WEB_PROCESSES=1.",
        )
    if settings.REDIS_URL and connection.vendor == "sqlite":
        yield Problem(
            "workers-on-sqlite",
            "Celery workers are used with SQLite, which is one file on one machine.",
            "Set DATABASE_URL to a PostgreSQL server, or leave REDIS_URL empty.",
        )
    if settings.REDIS_URL and os.environ.get("REMAP_SIGTERM") != "SIGQUIT":
        yield Problem(
            "hard-shutdown",
            "REMAP_SIGTERM is not SIGQUIT: a worker that is told to end may wait without a limit, and is then killed.",
            "Set REMAP_SIGTERM=SIGQUIT in the environment of the workers.",
        )


def database() -> Iterator[Problem]:
    """Look whether the database answers, knows this version's tables, and keeps what it says it keeps."""
    try:
        connection.ensure_connection()
        pending = MigrationExecutor(connection).migration_plan(
            MigrationExecutor(connection).loader.graph.leaf_nodes()
        )
        yield from _durability()
    except DatabaseError as fault:
        yield Problem(
            "no-database",
            f"The database can't be used: {str(fault).strip().splitlines()[0]}.",
            "Look whether the server runs, and whether DATABASE_URL names it, its user and its password.",
        )
        return
    if pending:
        yield Problem(
            "migrations",
            f"The database lacks {len(pending)} migrations of this version.",
            "Run manage.py migrate.",
        )


def _durability() -> Iterator[Problem]:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"
        )
        for (name,) in cursor.fetchall():
            yield Problem(
                "not-durable",
                f"PostgreSQL runs with {name} = off: a power cut destroys what was acknowledged.",
                f"Set {name} = on in postgresql.conf.",
            )


def broker() -> Iterator[Problem]:
    """Look whether Redis answers and keeps bells until they are heard."""
    if not settings.REDIS_URL:
        return
    try:
        server = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
        policy: Any = server.info("memory").get("maxmemory_policy", SAFE_EVICTION)
    except (redis.RedisError, ValueError) as fault:
        yield Problem(
            "no-redis",
            f"Redis can't be used: {fault}. Recordings wait for the sweep, and limits hold for each process apart.",
            "Look whether the server runs, and whether REDIS_URL names it and its password.",
        )
        return
    if policy != SAFE_EVICTION:
        yield Problem(
            "redis-forgets",
            f"Redis throws bells away when memory runs short (maxmemory-policy {policy}).",
            f"Set maxmemory-policy {SAFE_EVICTION}.",
        )


def objects() -> Iterator[Problem]:
    """Look whether both buckets can be used, and the private one by us alone."""
    for alias, name in (("private", "S3_PRIVATE_BUCKET"), ("releases", "S3_PUBLIC_BUCKET")):
        storage = storages[alias]
        if isinstance(storage, Bucket):
            yield from _bucket(storage, name)
    if isinstance(storages["private"], Bucket) and _can_anyone_list(storages["private"]):
        yield Problem(
            "private-is-public",
            "Anyone can list the private bucket, and hear every recording.",
            "Take all rights of everybody off the bucket that S3_PRIVATE_BUCKET names.",
        )


def _bucket(storage: Bucket, name: str) -> Iterator[Problem]:
    try:
        answer = storage.client.list_objects_v2(Bucket=storage.bucket_name, MaxKeys=1)
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        if code in {"NoSuchBucket", "404"}:
            words = f"There is no bucket {storage.bucket_name}."
            yield Problem("no-bucket", words, f"Create it, or set {name} to the one that is there.")
        else:
            words = f"The store refuses our key at bucket {storage.bucket_name} ({code})."
            yield Problem(
                "wrong-key", words, "Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY to a key that may."
            )
    except (BotoCoreError, ValueError) as fault:
        words = f"The store can't be reached: {type(fault).__name__}."
        yield Problem("no-store", words, "Look whether it runs, and whether S3_ENDPOINT_URL is its address.")
    else:
        yield from _clock(answer["ResponseMetadata"]["HTTPHeaders"].get("date", ""))


def _clock(date: str) -> Iterator[Problem]:
    """Compare the store's clock with ours: signatures name the time."""
    if not date:
        return
    apart = abs((parsedate_to_datetime(date) - timezone.now()).total_seconds())
    if apart > MOST_APART:
        words = f"The clocks of this machine and of the store differ by {apart:.0f} seconds: links will be refused."
        yield Problem("clocks-differ", words, "Let a time service (NTP) set the clocks of both.")


def _can_anyone_list(storage: Bucket) -> bool:
    address = f"{storage.endpoint_url}/{storage.bucket_name}?list-type=2"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 -- the store's address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def browsers() -> Iterator[Problem]:
    """Look whether browsers can reach the store."""
    store, site = urlsplit(settings.S3_BROWSER_URL), urlsplit(settings.SITE_URL)
    if not settings.S3_ENDPOINT_URL:
        return
    if site.scheme == "https" and store.scheme != "https":
        yield Problem(
            "mixed-content",
            "The site is https and S3_BROWSER_URL is not: browsers play no clip.",
            "Give the store a certificate, and set S3_BROWSER_URL to its https:// address.",
        )
    if store.hostname in HERE and site.hostname not in HERE:
        yield Problem(
            "store-of-nobody",
            "S3_BROWSER_URL is an address of this machine, which browsers elsewhere don't reach.",
            "Set S3_BROWSER_URL to an address of the store that browsers reach.",
        )


def disk() -> Iterator[Problem]:
    """Look whether there is room, and whether it is ours to write to."""
    folder = settings.DATA_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        is_ours = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        free, is_ours = LEAST_FREE, False
    if not is_ours:
        words = f"DATA_DIR ({folder}) can't be written to."
        yield Problem("data-dir", words, "Give the folder to the user that the instance runs as.")
    if free < LEAST_FREE:
        words = f"Only {free >> 20} MB are free in DATA_DIR: uploads will soon be refused."
        yield Problem("disk-full", words, "Make room, or move DATA_DIR to a larger disk.")


def static_files() -> Iterator[Problem]:
    """Look whether styles and scripts were collected."""
    if not (settings.STATIC_ROOT / "manifest.json").exists():
        yield Problem(
            "no-static-files",
            f"STATIC_ROOT ({settings.STATIC_ROOT}) holds no styles and scripts: pages are bare, and nobody can record.",
            "Run manage.py collectstatic, or set STATIC_ROOT to where that was done.",
        )


CHECKS: tuple[Check, ...] = (
    addresses, secrets, processes, database, broker, objects, browsers, disk, static_files,
)  # fmt: skip
