"""How gunicorn serves the site: `gunicorn -c python:voicecollect.gunicorn`."""

import os
import sys

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicecollect.settings")

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
