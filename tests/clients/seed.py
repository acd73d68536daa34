"""Fills an instance with sentences that readers of tables stumble over; run by `manage.py shell`."""

from datetime import UTC, datetime

from django.db import transaction

from tests import make

SPEAKERS, CLIPS_EACH = 12, 4
CREATED = datetime(2026, 3, 1, tzinfo=UTC)
AGES = ["twenties", "thirties", ""]
ODD = [
    'She said "so", then "no".', "One, two, three; four.", "It's 'fine', isn't it?", "😀 laughs 👩‍👩‍👧, then 🏳️‍🌈.",
    "قال: «نعم»، ثم ذهب؟", "  two spaces lead, two trail  ", "\u200fمرحبا، world", "a | b | c", "#not a comment",
    "1.50", "True", "\\t \\n \\\\ \\\"", "'", "NA is no word here", "₤ € ½ ² ﬁ", "é è ê",
    "日本語、テスト。", "=SUM(A1:A2)", "{\"a\": [1, 2]}", "<b>bold</b> & more", "it ends with \"", "x\u00a0y\u2028z",
]  # fmt: skip


def _sentence(number: int) -> str:
    return ODD[number] if number < len(ODD) else f"Sentence {number}, plain."


def _seed() -> None:
    for language in ("en", "ar"):
        speakers = [make.speaker() for _ in range(SPEAKERS)]
        for number in range(SPEAKERS * CLIPS_EACH):
            by = number % SPEAKERS
            recording = make.recording(
                speaker=speakers[by], age=AGES[by % 3], gender=["female_feminine", ""][by % 2], accents="coast|hill",
                prompt=make.prompt(_sentence(number), language=make.language(language), domain="general"),
                received_at=CREATED,
            )  # fmt: skip
            make.stored_clip(
                recording=recording, created_at=CREATED, votes="nn" if number % 12 == 11 else "yy"
            )


with transaction.atomic():
    _seed()
