"""Fills an instance for tests of releases, always with the same rows; run by `manage.py shell` with SEED_SHUFFLE set.

The order in which clips and votes are written follows from SEED_SHUFFLE; nothing else does.
"""

import os
import random
import uuid
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from accounts.models import Speaker
from prompts.models import Prompt
from recordings.models import Signal
from tests import make

SIZE = int(os.environ.get("SEED_CLIPS", "120"))
CREATED = datetime(2026, 3, 1, tzinfo=UTC)


def _id(kind: str, number: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {number}")


def _seed() -> None:
    make.language("br")
    speakers = [make.speaker(id=_id("speaker", n)) for n in range(20)]
    prompts = [
        make.prompt(
            f"Sentence {n}, “quoted” 😀.",
            id=_id("prompt", n),
            language=make.language("br"),
            created_at=CREATED,
        )
        for n in range(SIZE // 2)
    ]
    numbers = list(range(SIZE))
    random.Random(os.environ["SEED_SHUFFLE"]).shuffle(numbers)
    for number in numbers:
        _clip(number, speakers, prompts)


def _clip(number: int, speakers: list[Speaker], prompts: list[Prompt]) -> None:
    recording = make.recording(
        id=_id("recording", number), speaker=speakers[number % 20], prompt=prompts[number % len(prompts)],
        age=["twenties", "thirties", "nineties"][number % 20 % 3], accents="coast|hill", received_at=CREATED,
    )  # fmt: skip
    clip = make.stored_clip(
        id=_id("clip", number), recording=recording, votes=["yy", "yy", "nn", "y"][number % 4],
        created_at=CREATED,
    )  # fmt: skip
    Signal.objects.create(clip=clip, name="snr", value=number / 7, unit="dB", version=1)


with transaction.atomic():  # one sync of the disk instead of a thousand
    _seed()
Path(os.environ["SEED_DONE"]).touch()
