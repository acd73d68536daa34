"""The Celery application: it carries the bell; the rows of the apps are the work. Addresses come from the settings."""

import os

from celery import Celery

from common.bell import SWEEP_SECONDS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicecollect.settings")

app = Celery("voicecollect")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    task_serializer="json",
    accept_content=["json"],
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # however long Redis is away, workers wait for it
    # A bell that can't be rung must not hold up the upload that rings it: the sweep rings again.
    task_publish_retry=False,
    # Queues are named by what their work takes: processors for sound, disk and network for archives, next to nothing
    task_default_queue="default",
    task_routes={
        "recordings.process_recording": {"queue": "audio"},
        "recordings.render_reading": {"queue": "audio"},
        "export.build_slices": {"queue": "release"},
        "export.make_releases": {"queue": "release"},
    },
    # Asked to end (REMAP_SIGTERM=SIGQUIT), a worker may finish what it is at; longer work is done again elsewhere.
    worker_soft_shutdown_timeout=20,
    worker_max_tasks_per_child=500,
    worker_max_memory_per_child=600_000,  # kB; decoding happens in a child of its own, with limits of its own
    worker_hijack_root_logger=False,
)


def every(seconds: float, task: str) -> dict[str, object]:
    """Return an entry of the schedule; while no worker runs, its bells don't pile up."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "sweep-recordings": every(SWEEP_SECONDS, "recordings.sweep"),
    "sweep-prompts": every(60.0, "prompts.sweep"),
    "count": every(60.0, "dashboard.count"),
    "make-releases": every(60.0, "export.make_releases"),
    "tell-news": every(60.0, "export.tell_news"),
    "weigh-votes": every(900.0, "validation.weigh"),  # each language once a night
}
app.autodiscover_tasks()
