"""Making releases on Celery workers: many machines build the slices of one archive together."""

from celery import shared_task

from common.bell import ring
from export import news, packing, scheduling
from export.models import Archive

MOST_BELLS = 64


@shared_task(name="export.build_slices", acks_late=True)
def build_slices(*, archive_id: str) -> None:
    """Build slices of an archive until none is free; late, or twice, it finds nothing to do."""
    for archive in Archive.objects.filter(pk=archive_id, sha256="").select_related("edition__release"):
        while packing.build_next(archive):
            pass


@shared_task(name="export.make_releases", acks_late=True)
def make_releases() -> None:
    """Make the releases that are due; also the sweep that takes up what a crash left behind."""
    while scheduling.make_next(announce):
        pass


@shared_task(name="export.tell_news", acks_late=True)
def tell_news() -> None:
    """Tell those who asked for it of new releases; it is its own sweep, since rows remember who was told."""
    while news.tell_next():
        pass


def announce(archive: Archive) -> None:
    """Wake workers for an archive; who announces it builds, too, so that nothing waits for a bell unheard."""
    for _ in range(min(MOST_BELLS, packing.unbuilt(archive).count())):
        ring(build_slices, archive_id=str(archive.pk))
