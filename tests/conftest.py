"""What every test may ask for: servers and whole instances, started when the first test of a run asks."""

import shutil
import tempfile
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.utils import translation

from tests.servers.default_database import default_database_on
from tests.servers.instance import Instance, Servers
from tests.servers.postgresql import Postgresql
from tests.servers.redis import Redis
from tests.servers.seaweedfs import SeaweedFS

pytest_plugins = ["tests.browser.fixtures"]

NEEDS_SERVERS = {"postgresql", "redis", "s3"}


def pytest_collection_modifyitems(items):
    """Mark each test by what it starts, so that `-m "not servers and not browser"` leaves a quick run."""
    for item in items:
        if NEEDS_SERVERS & set(item.fixturenames):
            item.add_marker("servers")
        if "chromium" in item.fixturenames:
            item.add_marker("browser")


@pytest.fixture(autouse=True)
def own_objects(settings, tmp_path):
    """Keep the objects of each test apart, and out of a developer's own instance."""
    settings.STORAGES = settings.STORAGES | {
        alias: {
            "BACKEND": "common.storage.DurableFiles",
            "OPTIONS": {"location": tmp_path / "objects" / alias},
        }
        for alias in ("private", "releases")
    }


@pytest.fixture(autouse=True)
def in_english():
    """Begin in English: a page in another language leaves that behind for the rest of its thread."""
    translation.activate("en")


def _new_folder():
    """Make a folder that servers under another user can enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="voicecollect-tests-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def admin_client(client, admin_user):
    """A browser in which an administrator has signed in with both factors."""
    return signed_in_twice(client, admin_user)


def signed_in_twice(client, user):
    """Sign somebody in with both factors, and return their browser."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def folder():
    """A folder for the servers of one test."""
    folder = _new_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def servers_folder():
    folder = _new_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql(servers_folder):
    with Postgresql(servers_folder / "postgresql") as server:
        yield server


@pytest.fixture
def on_postgresql(postgresql, django_db_blocker):
    """The test's own process works on PostgreSQL, whatever the other tests work on."""
    with django_db_blocker.unblock(), default_database_on(postgresql):
        yield


@pytest.fixture(scope="session")
def redis(servers_folder):
    with Redis(servers_folder / "redis") as server:
        yield server


@pytest.fixture(scope="session")
def s3(servers_folder):
    with SeaweedFS(servers_folder / "s3") as server:
        yield server


@pytest.fixture(scope="session")
def servers(postgresql, redis, s3):
    return Servers(postgresql, redis, s3)


@pytest.fixture(scope="session")
def embedded_instance(servers_folder):
    """A running instance with nothing but SQLite, files and one worker."""
    with Instance(servers_folder / "embedded") as instance:
        yield instance


@pytest.fixture(scope="session")
def server_instance(servers_folder, servers):
    """A running instance on PostgreSQL, Redis with Celery, and S3."""
    with Instance(servers_folder / "on-servers", servers, workers=2) as instance:
        yield instance


@pytest.fixture(
    scope="session",
    params=["embedded_instance", pytest.param("server_instance", marks=pytest.mark.servers)],
    ids=["embedded", "servers"],
)
def instance(request):
    """Each of the two kinds of instance, one after the other."""
    return request.getfixturevalue(request.param)
