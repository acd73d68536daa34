"""The Celery application: it carries the bell; the rows of the apps are the work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicecollect.settings")

app = Celery("voicecollect")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
