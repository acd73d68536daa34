"""Celery's way to the imports: the bell for one, and the sweep that rings for all that wait."""

import uuid

from celery import shared_task

from common.bell import ring
from prompts import jobs, processing, reservations

SWEEP_AT_MOST = 100


@shared_task(name="prompts.import_sentences")
def import_sentences(*, import_id: str) -> None:
    """Work on one import for a while, and ring again for the rest; running it twice, or late, does no harm."""
    if processing.process(uuid.UUID(import_id)) and jobs.due().filter(pk=import_id).exists():
        ring(import_sentences, import_id=import_id)


@shared_task(name="prompts.sweep")
def sweep() -> None:
    """Ring for imports that a crash or a dead broker left behind, and end reservations that have lapsed."""
    jobs.set_aside_hopeless()
    for import_id in jobs.due().values_list("pk", flat=True)[:SWEEP_AT_MOST]:
        import_sentences.delay(import_id=str(import_id))
    while reservations.sweep():
        pass
