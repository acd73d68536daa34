"""Celery's way to counting: now and then, all languages that are due."""

from celery import shared_task

from dashboard import counting


@shared_task(name="dashboard.count")
def count() -> None:
    """Count every language that is due; running it twice at once does no harm."""
    while counting.count_next():
        pass
