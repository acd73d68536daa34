"""Taking in a file of sentences: a thousand lines at a time, each batch with how far it came in one transaction.

So a worker may die at any moment: the next one goes on behind the last whole batch, and no line is taken twice.
"""

import logging
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F

from common.errors import Refused
from prompts import jobs, keys
from prompts.lines import Reader
from prompts.models import RefusedLine, SentenceImport
from prompts.receiving import BATCH, Origin, Refusal, take_in
from prompts.states import ImportState, PromptState

log = logging.getLogger(__name__)

BATCHES = 20  # that one call works on: recordings may be waiting for the same worker
OUTSIDE_FAULTS = (OSError, BotoCoreError, ClientError)  # of storage: not the file's fault


class LostHold(Exception):  # noqa: N818 -- it says what happened
    """Another worker holds the import now."""


def process_next() -> bool:
    """Work on the import that waits longest; tell whether there was one."""
    jobs.set_aside_hopeless()
    import_id = jobs.due().values_list("pk", flat=True).first()
    return import_id is not None and process(import_id)


def process(import_id: uuid.UUID) -> bool:
    """Work on an import for a while; twice, late, or beside another worker does no harm. Tell whether it was due."""
    job = jobs.claim(import_id)
    if job is None:
        return False
    try:
        _work(job)
    except Refused as no:
        jobs.let_go(job, ImportState.FAILED, no.code)
    except FileNotFoundError:
        jobs.let_go(job, ImportState.FAILED, "file-lost")
    except OUTSIDE_FAULTS as fault:
        log.warning("put back import=%s fault=%s", job.pk, type(fault).__name__)
        jobs.let_go(job, ImportState.WAITING)
    except LostHold:
        log.warning("nothing written import=%s", job.pk)
    return True


def _work(job: SentenceImport) -> None:
    if job.offset < job.size:
        with _local_copy(job) as file:
            file.seek(job.offset)
            reader = Reader(file, job.line, job.columns, anyway=job.similar_too)
            for _ in range(BATCHES):
                _take_in_batch(job, reader)
                if job.offset == job.size:
                    break
    if job.offset == job.size:
        storages["private"].delete(keys.of_import(job.pk))
    jobs.let_go(job, ImportState.DONE if job.offset == job.size else ImportState.WAITING)


@contextmanager
def _local_copy(job: SentenceImport) -> Iterator[BinaryIO]:
    with storages["private"].open(keys.of_import(job.pk)) as stored, tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stored, file)
        yield file


@transaction.atomic
def _take_in_batch(job: SentenceImport, reader: Reader) -> None:
    lines = list(islice(reader, BATCH))
    refused = take_in(lines=lines, language=job.language, origin=origin_of(job))
    RefusedLine.objects.bulk_create(_row(job, refusal) for refusal in refused)
    job.offset = reader.file.tell()
    if not jobs.advance(
        job,
        offset=job.offset,
        line=reader.number,
        columns=reader.columns,
        accepted=F("accepted") + len(lines) - len(refused),
        refused=F("refused") + len(refused),
    ):
        raise LostHold


def origin_of(job: SentenceImport) -> Origin:
    """Return where the sentences of an import come from."""
    return Origin(
        source=job.source,
        licence=job.licence,
        evidence=job.evidence,
        submitter=job.submitter,
        state=PromptState.IN_USE if job.reviewed else PromptState.SUBMITTED,
    )


def _row(job: SentenceImport, refusal: Refusal) -> RefusedLine:
    line = refusal.line
    text = line.text.replace("\0", "\ufffd")  # PostgreSQL stores no NUL
    return RefusedLine(
        of=job, number=line.number, code=refusal.code, detail=refusal.detail[:400], text=text[:1000]
    )
