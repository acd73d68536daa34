"""Take-out: all that a voice gave and said, and nothing of anyone else, as a ZIP that is made while it is sent.

Rows are read a few at a time and files in pieces, so that memory doesn't grow with what somebody gave.
"""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ManyToOneRel, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import aloud, consent, receipts
from accounts.models import NewsReader, Speaker
from recordings.models import Clip, Reading, Recording
from recordings.states import ReadingState, RecordingState

AT_ONCE = 200  # rows
PIECE = 1 << 16  # bytes
# Told elsewhere in the archive, with all that belongs to them
TOLD_APART = {"accounts.Consent", "accounts.OwnAccent", "recordings.Recording", "recordings.Clip"}
Row = TypeVar("Row", bound=Model)


class Member(NamedTuple):
    """One file of the archive."""

    name: str
    pieces: Iterable[bytes]
    compression: int = ZIP_DEFLATED


class _Sink(io.RawIOBase):
    """Takes what the archive writes, until it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken


def stream(speaker: Speaker) -> Iterator[bytes]:
    """Return the archive in pieces, some of which may be empty; its words are in the language of the interface."""
    return _archive([Member("README.txt", [_words().encode()])], _members(speaker))


def _archive(*groups: Iterable[Member]) -> Iterator[bytes]:
    sink, now = _Sink(), timezone.now()
    with ZipFile(sink, "w") as archive:
        for member in (member for group in groups for member in group):
            with archive.open(_info(member, now), "w", force_zip64=True) as file:
                for piece in member.pieces:
                    file.write(piece)
                    yield sink.take()
    yield sink.take()


def _info(member: Member, now: datetime) -> ZipInfo:
    info = ZipInfo(member.name, now.timetuple()[:6])
    info.compress_type = member.compression
    info.external_attr = 0o644 << 16
    return info


def _words() -> str:
    return _(
        "All that this site keeps of one voice.\n\n"
        "voice.json: what the voice told of itself\n"
        "consents/: each answer to how the voice may be used, with a signed receipt and the text that was shown\n"
        "recordings.jsonl: one recording a line, with its clips and what was measured of them\n"
        "originals/: the recordings as they were sent\n"
        "clips/: what was made of them\n"
        "readings/: what this voice read aloud for people who don't read\n"
        "activity/: votes, reports and whatever else this voice did, one a line\n"
    )


def _members(speaker: Speaker) -> Iterator[Member]:
    yield Member("voice.json", [_json(_voice(speaker), indent=2)])
    yield from _consents(speaker)
    yield Member("recordings.jsonl", (_json(_told(row)) for row in _recordings(speaker)))
    for row in _recordings(speaker):
        yield from _files(row)
    yield from _readings(speaker)
    yield from _activity(speaker)


def _voice(speaker: Speaker) -> dict[str, Any]:
    news = NewsReader.objects.filter(user__speakers=speaker).first()
    return {
        "id": speaker.pk,
        "since": speaker.created_at,
        "age": speaker.age,
        "gender": speaker.gender,
        "first_language": speaker.first_language,
        "daily_goal": speaker.daily_goal,
        "time_zone": speaker.time_zone,
        "on_leaderboards": speaker.on_board,
        "name_on_leaderboards": speaker.board_name,
        "told_of_releases_since": news and news.since,
        "variants": list(speaker.variants.values("language__tag", "name")),
        "accents": list(speaker.accents.values("language__tag", "name")),
        "accents_in_own_words": list(speaker.own_accents.values("language__tag", "words")),
    }


def _consents(speaker: Speaker) -> Iterator[Member]:
    for answer in consent.answers(speaker):
        folder = f"consents/{answer.given_at:%Y-%m-%d}-{answer.pk}"
        yield Member(f"{folder}/receipt.json", [receipts.document(answer)])
        yield Member(f"{folder}/receipt.json.minisig", [receipts.signature(answer).encode()])
        yield Member(f"{folder}/text.txt", [answer.text.body.encode()])


def _recordings(speaker: Speaker) -> Iterator[Recording]:
    rows = Recording.objects.filter(speaker=speaker).exclude(state=RecordingState.WITHDRAWN)
    rows = rows.select_related("language", "prompt")
    return _few_at_a_time(rows.prefetch_related("clips__signals", "clips__prompt", "lines__prompt"))


def _few_at_a_time(rows: QuerySet[Row]) -> Iterator[Row]:
    """Go through the rows without keeping a query open while somebody downloads slowly."""
    rows, batch = rows.order_by("pk"), list(rows.order_by("pk")[:AT_ONCE])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:AT_ONCE])


def _told(row: Recording) -> dict[str, Any]:
    names = (
        "id", "take_id", "received_at", "sha256", "size", "recorder", "age", "gender", "accents", "variant",
        "first_language", "state", "refusal", "warnings", "container", "codec", "sample_rate", "frames",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "language": row.language.tag,
        "read": [line.prompt.text for line in row.lines.all()] or [row.prompt.text],
        "clips": [_clip(clip) for clip in row.clips.all()],
    }


def _clip(clip: Clip) -> dict[str, Any]:
    names = (
        "id",
        "position",
        "created_at",
        "start",
        "end",
        "duration_ms",
        "warnings",
        "state",
        "yes_count",
        "no_count",
    )
    return {name: getattr(clip, name) for name in names} | {
        "read": clip.prompt.text,
        "signals": [
            {"name": each.name, "value": each.value, "unit": each.unit, "version": each.version}
            for each in clip.signals.all()
        ],
    }


def _files(row: Recording) -> Iterator[Member]:
    ending = f".{row.container}" if row.container.isalnum() else ""
    keys = {f"originals/{row.take_id}{ending}": row.original_key}
    for clip in row.clips.all():
        keys |= {f"clips/{clip.pk}.flac": clip.master_key, f"clips/{clip.pk}.mp3": clip.delivery_key}
    return _stored(keys)


def _readings(speaker: Speaker) -> Iterator[Member]:
    ready = Reading.objects.filter(reader=speaker, state=ReadingState.READY)
    for reading in _few_at_a_time(ready):
        yield from _stored({f"readings/{reading.pk}.mp3": aloud.key(reading.pk)})


def _stored(keys: dict[str, str]) -> Iterator[Member]:
    for name, key in keys.items():
        try:
            file = storages["private"].open(key)
        except FileNotFoundError:  # taken back meanwhile
            continue
        with file:
            yield Member(name, file.chunks(PIECE), ZIP_STORED)


def _activity(speaker: Speaker) -> Iterator[Member]:
    """Tell every row of any app that names the speaker: what isn't known here can't be forgotten either."""
    told: set[str] = set()
    for relation in Speaker._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.related_model._meta.auto_created:
            continue
        model: type[Model] = relation.related_model
        if model._meta.label not in TOLD_APART:
            rows: QuerySet[Model] = QuerySet(model).filter(**{relation.field.name: speaker})
            name = model._meta.label_lower
            if name in told:  # a table may name two people: who reviewed, and whose sentence
                name += f".{relation.field.name}"
            told.add(name)
            yield Member(
                f"activity/{name}.jsonl", (_json(_fields(row, speaker)) for row in _few_at_a_time(rows))
            )


def _fields(row: Model, speaker: Speaker) -> dict[str, Any]:
    """Return the columns of a row, without those that name somebody else."""
    values = {field: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {
        field.attname: value
        for field, value in values.items()
        if field.related_model is not Speaker or value == speaker.pk
    }


def _json(content: dict[str, Any], indent: int | None = None) -> bytes:
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent).encode() + b"\n"
