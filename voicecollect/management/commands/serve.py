"""One command for an instance: prepares the database, runs web and workers until it is told to stop."""

import io
import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from languages.models import Language


class Command(BaseCommand):
    help = "Prepares the database, then runs the web process and the workers until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        _check_port(settings.BIND, settings.PORT)
        call_command("migrate", verbosity=0)
        if not Language.objects.exists():
            call_command("load_demo", stdout=io.StringIO())
        _become_supervisor()


def _check_port(address: str, port: int) -> None:
    """Say in words that the port is taken: the web server would only try again and again."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as fault:
            raise CommandError(
                f"Cannot listen on {address}, port {port}: {fault.strerror}. "
                f"Choose another port: make run PORT={port + 1}"
            ) from fault


def _become_supervisor() -> None:
    """Replace this process by the supervisor, so that a signal reaches it directly."""
    os.chdir(settings.BASE_DIR)
    variables = {
        "DATA_DIR": str(settings.DATA_DIR),
        "WORKERS": str(settings.WORKERS),
        "PYTHON": sys.executable,
    }
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", "voicecollect/supervisord.conf"]
    sys.stdout.flush()
    os.execve(sys.executable, command, os.environ | variables)  # noqa: S606 -- no shell
