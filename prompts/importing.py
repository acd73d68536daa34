"""Handing in a file of sentences: it is stored first, then a row says that it waits for a worker."""

import uuid
from collections.abc import Iterator

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Speaker, User
from common.bell import ring
from common.errors import Refused
from languages.models import Language
from prompts import keys
from prompts.models import SentenceImport
from prompts.origins import check_origin
from prompts.tasks import import_sentences
from prompts.wording import FAULTS

MOST_BYTES = 200 * 1024 * 1024  # some three million sentences


def start_import(
    *,
    language: Language,
    file: "File[bytes]",
    source: str,
    licence: str,
    evidence: str = "",
    submitter: Speaker | None = None,
    user: User | None = None,
    reviewed: bool = False,
    similar_too: bool = False,
) -> SentenceImport:
    """Keep the file and let a worker take it in. Raises Refused if it is empty or too large, or has no origin."""
    check_origin(source, licence, evidence)
    if not 0 < file.size <= MOST_BYTES:
        raise Refused(
            _("The file is empty, or larger than 200 MB. Please send it in parts."), code="size", status=400
        )
    import_id = uuid.uuid4()
    storages["private"].save(keys.of_import(import_id), file)
    with transaction.atomic():
        job = SentenceImport.objects.create(
            id=import_id, language=language, source=source.strip(), licence=licence, evidence=evidence.strip(),
            submitter=submitter, user=user, reviewed=reviewed, similar_too=similar_too, size=file.size,
        )  # fmt: skip
        ring(import_sentences, import_id=str(import_id))
    return job


def report(job: SentenceImport) -> Iterator[str]:
    """Yield the report of an import as TSV: each line that was not taken in, and why."""
    yield "line\treason\twords\tdetail\tsentence\n"
    for row in job.refused_lines.order_by("number").iterator():
        cells = [str(row.number), row.code, str(FAULTS[row.code]), row.detail, row.text]
        yield "\t".join(" ".join(cell.split()) for cell in cells) + "\n"
