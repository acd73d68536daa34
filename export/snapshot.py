"""Freezing: copies into a release's own rows what it will hold, in one transaction.

Memory grows with the number of speakers alone; clips and sentences pass in batches.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.consent import may_publish
from common.errors import Refused
from export import counting, pseudonyms, splitting
from export.anonymity import Profile, Told, blanked, publishable
from export.models import Edition, FrozenClip, FrozenReport, FrozenSentence, FrozenSpeaker, Release, Voice
from export.splits import Splitting
from export.states import ReleaseState
from export.tables import fault_of, plain
from languages.models import Language
from prompts.models import Prompt
from prompts.options import Kind
from prompts.states import PromptState
from recordings.models import Clip, Signal
from recordings.states import ClipState, RecordingState
from validation.models import Report, Vote
from validation.options import Choice, Complaint, Standing
from validation.trusting import posteriors_of
from validation.verdict import verdict

BATCH = 2000
UNUSABLE = [RecordingState.REFUSED, RecordingState.QUARANTINED]
READ = frozenset({PromptState.IN_USE, PromptState.RETIRED})  # sentences that people approved

T = TypeVar("T")


@transaction.atomic
def freeze(release: Release) -> None:
    """Copy everything that the release's editions hold, as it stands now, and mark the release as frozen.

    Raises Refused if a language has no clip to release.
    """
    _see_one_moment()
    now = timezone.now()
    for edition in release.editions.select_related("release", "language"):
        _freeze_edition(edition)
        edition.statistics = counting.facts(edition, now)
        edition.save(update_fields=["statistics"])
    release.move_to(ReleaseState.FROZEN, frozen_at=now)


def _see_one_moment() -> None:
    """Let all queries of the transaction see the same rows; with SQLite nobody else writes meanwhile."""
    outermost = len(connection.savepoint_ids) == 0 and connection.in_atomic_block
    if connection.vendor == "postgresql" and outermost:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def eligible(edition: Edition) -> QuerySet[Clip]:
    """Return the clips that may be published: of the cutoff day or before, with consent then and now."""
    return Clip.objects.filter(
        Q(may_publish("speaker_id")),
        language=edition.language_id,
        created_at__lt=_end(edition),
        recording__consent__publish=True,
    ).exclude(Q(state__in=[ClipState.UNTRANSCRIBED, ClipState.HIDDEN]) | Q(recording__state__in=UNUSABLE))


def has_any(language: Language, cutoff: date) -> bool:
    """Tell whether a language has anything to release up to a day."""
    release = Release(cutoff=cutoff)
    return eligible(Edition(release=release, language=language)).exists()


def _end(edition: Edition) -> datetime:
    """Return the first moment after the cutoff day."""
    return datetime.combine(edition.release.cutoff, time(), UTC) + timedelta(days=1)


def _freeze_edition(edition: Edition) -> None:
    if not eligible(edition).exists():
        words = _(
            "There is nothing to release for %(locale)s: no clip with consent to publish up to %(day)s."
        )
        raise Refused(
            words % {"locale": edition.locale, "day": edition.release.cutoff}, code="nothing-to-release"
        )
    _copy_sentences(edition)
    _copy_reports(edition)
    speakers = _copy_speakers(edition)
    _copy_clips(edition, speakers)
    splitting.split(edition)


def _copy_sentences(edition: Edition) -> None:
    read = Exists(Clip.objects.filter(prompt=OuterRef("pk"), created_at__lt=_end(edition)))
    prompts = (
        Prompt.objects.filter(Q(created_at__lt=_end(edition)) | read, language=edition.language_id)
        .filter(kind=Kind.SENTENCE)  # a question is none, and what was answered has a text of its own
        .order_by("pk")
        .values_list("pk", "text", "text_key", "variant__name", "domain", "source", "state")
    )
    for batch in _batches(prompts.iterator(BATCH)):
        FrozenSentence.objects.bulk_create(
            FrozenSentence(
                edition=edition, sentence_id=pk, text=text, text_key=key, variant=plain(variant or ""),
                domain=domain, source=plain(source), status=state,
            )
            for pk, text, key, variant, domain, source, state in batch
            if _fits(pk, text, state)
        )  # fmt: skip


def _fits(pk: UUID, text: str, state: str) -> bool:
    """Tell whether a sentence can stand in a table; one in use has to."""
    fault = fault_of(text)
    if fault and state in READ:
        words = _(
            "The sentence %(id)s %(fault)s, so that programs would misread it. Retire it, then try again."
        )
        raise Refused(words % {"id": pk, "fault": fault}, code="bad-sentence")
    return not fault


def _copy_reports(edition: Edition) -> None:
    """Copy complaints about sentences; what people wrote in their own words stays with us."""
    ids = FrozenSentence.objects.filter(edition=edition)
    reports = (
        Report.objects.filter(prompt__language=edition.language_id, made_at__lt=_end(edition))
        .order_by("prompt_id", "reason", "pk")
        .values_list("prompt_id", "reason")
    )
    for batch in _batches(reports.iterator(BATCH)):
        pks = dict(
            ids.filter(sentence_id__in={prompt for prompt, reason in batch}).values_list("sentence_id", "pk")
        )
        FrozenReport.objects.bulk_create(
            FrozenReport(
                edition=edition,
                sentence_id=pks[prompt],
                reason=reason if reason in Complaint.values else "other",
            )
            for prompt, reason in batch
            if prompt in pks
        )


def _copy_speakers(edition: Edition) -> dict[UUID, int]:
    """Copy what may be told of each speaker; return the copied row's key of each."""
    given = _profiles(edition)
    voices = _voices(edition, given)
    by_name = {voices[speaker].client_id: profile for speaker, profile in given.items()}
    told = {
        voice.client_id: Told(Profile(*voice.profile), voice.history)
        for voice in voices.values()
        if voice.history
    }
    persons = dict(
        Voice.objects.filter(language=edition.language_id).values_list("client_id", "speaker__person")
    )
    published = publishable(by_name, told, persons)
    edition.blanked = blanked(by_name, published)
    edition.save(update_fields=["blanked"])
    rows = FrozenSpeaker.objects.bulk_create(
        FrozenSpeaker(
            edition=edition,
            client_id=name,
            split=voice.split if edition.splitting == Splitting.STABLE else "",
            **published[name].fields(),
        )
        for name, voice in sorted((voice.client_id, voice) for voice in voices.values())
    )
    keys = {row.client_id: row.pk for row in rows}
    return {speaker: keys[voice.client_id] for speaker, voice in voices.items()}


def _profiles(edition: Edition) -> dict[UUID, Profile]:
    """Return what each speaker said of themselves in their newest recording of the release."""
    fields = [f"recording__{name}" for name in ("age", "gender", "accents", "variant")]
    rows = (
        eligible(edition)
        .values("speaker_id", *fields)
        .annotate(last=Max("recording__received_at"))
        .order_by("last", *fields)
        .values_list("speaker_id", *fields)
    )
    return {speaker: Profile(*map(plain, fields)) for speaker, *fields in rows}


def _voices(edition: Edition, speakers: Iterable[UUID]) -> dict[UUID, Voice]:
    """Return the pseudonymous row of each speaker, made for those who are in a release for the first time."""
    wanted = set(speakers)
    known = {voice.speaker_id: voice for voice in Voice.objects.filter(language=edition.language_id)}
    made = Voice.objects.bulk_create(
        Voice(
            language_id=edition.language_id,
            speaker_id=speaker,
            client_id=pseudonyms.client_id(settings.RELEASE_KEY, edition.locale, speaker),
        )
        for speaker in sorted(wanted - set(known))
    )
    return {speaker: voice for speaker, voice in known.items() if speaker in wanted} | {
        voice.speaker_id: voice for voice in made
    }


def _copy_clips(edition: Edition, speakers: dict[UUID, int]) -> None:
    fields = (
        "pk", "speaker_id", "prompt_id", "created_at", "duration_ms", "pipeline_version", "delivery_size",
        "delivery_sha256", "master_size", "master_sha256", "recording__sample_rate",
    )  # fmt: skip
    clips = eligible(edition).order_by("pk").values_list(*fields)
    for batch in _batches(clips.iterator(BATCH)):
        FrozenClip.objects.bulk_create(
            _frozen(edition, speakers, [dict(zip(fields, row, strict=True)) for row in batch])
        )


def _frozen(edition: Edition, speakers: dict[UUID, int], clips: list[dict[str, Any]]) -> Iterator[FrozenClip]:
    ids = [clip["pk"] for clip in clips]
    counted = Vote.objects.filter(clip__in=ids, standing=Standing.COUNTS)
    votes = Counter(counted.values_list("clip_id", "choice"))
    signals = _signals(ids)
    posteriors = posteriors_of(ids) if edition.weighed else {}
    sentences = dict(
        FrozenSentence.objects.filter(edition=edition, sentence_id__in={clip["prompt_id"] for clip in clips})
        .values_list("sentence_id", "pk")
    )  # fmt: skip
    for clip in clips:
        pk = clip.pop("pk")
        rate = clip.pop("recording__sample_rate")
        measured = [*signals[pk], *([["sample-rate", rate, "Hz", 1]] if rate else [])]
        yes, no = votes[pk, Choice.YES], votes[pk, Choice.NO]
        yield FrozenClip(
            edition=edition, clip_id=pk, speaker_id=speakers[clip.pop("speaker_id")],
            sentence_id=sentences[clip.pop("prompt_id")], up_votes=yes, down_votes=no,
            verdict=verdict(yes, no, quorum=edition.quorum, posterior=posteriors.get(pk)), signals=measured,
            **clip,
        )  # fmt: skip


def _signals(clips: list[UUID]) -> dict[UUID, list[list[Any]]]:
    """Return what was measured of each clip: name, value, unit and version of the measure, by name."""
    measured: dict[UUID, list[list[Any]]] = defaultdict(list)
    rows = Signal.objects.filter(clip__in=clips).order_by("name")
    for clip, *signal in rows.values_list("clip_id", "name", "value", "unit", "version"):
        measured[clip].append(signal)
    return measured


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
