"""How gunicorn serves the site: `gunicorn -c python:voicecollect.gunicorn`."""

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicecollect.settings")


def _folder_of_metrics() -> Path:
    """Make the folder where each web process writes what it counts, for /metrics to add up; drop those of the dead."""
    folder, host = settings.DATA_DIR / "metrics", socket.gethostname()
    for each in folder.glob(f"{host}-*"):
        number = each.name.rpartition("-")[2]
        if number == str(os.getpid()) or not Path("/proc", number).exists():
            shutil.rmtree(each, ignore_errors=True)
    own: Path = folder / f"{host}-{os.getpid()}"
    own.mkdir(parents=True, exist_ok=True)
    return own


if settings.WEB_PROCESSES > 1:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_folder_of_metrics())

wsgi_app = "voicecollect.wsgi:application"
bind = f"{settings.BIND}:{settings.PORT}"
workers = settings.WEB_PROCESSES
worker_class = "gthread"
threads = settings.WEB_THREADS
preload_app = (
    True  # processes share memory, and a fault at import ends the start instead of repeating in each
)
timeout = 60
graceful_timeout = (
    25  # an upload under way may finish; whoever stops us sooner kills us, and the browser sends again
)
loglevel = "warning"
control_socket_disable = True  # its default path is one for all instances of a user


def when_ready(_server: object) -> None:
    """Say where people find the site, now that connections are accepted."""
    sys.stdout.write(f"VoiceCollect runs at {settings.SITE_URL}\n")
    sys.stdout.flush()


def child_exit(_server: object, worker: Any) -> None:
    """Add what a web process counted that ended to what its successors count."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: object) -> None:
    """Leave nothing behind."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
