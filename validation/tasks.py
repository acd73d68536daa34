"""Celery's way to the nightly work."""

from celery import shared_task

from validation.weighing import weigh_next


@shared_task(name="validation.weigh")
def weigh() -> None:
    """Weigh the votes of each language whose turn it is; run twice, or late, it finds nothing left."""
    while weigh_next():
        pass
