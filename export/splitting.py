"""Gives the speakers, sentences and clips of an edition their splits, by the rules of `splits`, and remembers them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery

from export import common_voice, pseudonyms
from export.models import Edition, FrozenClip, FrozenSpeaker, Home, Voice
from export.splits import Candidate, Newcomer, Split, Splitting, assign, hold_out, place, wanted
from validation.verdict import Verdict

BATCH = 2000


def split(edition: Edition) -> None:
    """Assign what is new, then place each valid clip. Works on frozen rows; call it in the freezing transaction."""
    if edition.splitting == Splitting.COMMON_VOICE:
        _split_as_common_voice(edition)
        return
    size = wanted(_valid(edition).values("sentence").distinct().count())
    _assign_speakers(edition, size)
    _place(edition, _hold_out(edition, size))


def _split_as_common_voice(edition: Edition) -> None:
    """Split by a rule that remembers nothing; what our own rule remembers stays as it is."""
    clips = dict(_valid(edition).values_list("speaker__client_id").annotate(Count("pk")))
    sentences = Counter(common_voice.chosen(readings).client_id for readings in _readings(edition, clips))
    assigned = common_voice.assign(
        common_voice.Reader(count, name, sentences[name]) for name, count in clips.items()
    )
    _note_speakers(edition, assigned)
    standing: dict[Split, list[UUID]] = {kept: [] for kept in Split}
    further: list[UUID] = []
    for readings in _readings(edition, clips):
        first = common_voice.chosen(readings)
        kept = assigned[first.client_id]
        standing[kept].append(first.clip_id)
        if kept == Split.TRAIN:
            further += [
                each.clip_id for each in readings if each != first and assigned[each.client_id] == Split.TRAIN
            ]
        if sum(map(len, standing.values())) + len(further) >= BATCH:
            _mark(edition, standing, further)
            standing, further = {kept: [] for kept in Split}, []
    _mark(edition, standing, further)


def _readings(edition: Edition, clips: Mapping[str, int]) -> Iterator[list[common_voice.Reading]]:
    """Yield the valid clips of each sentence."""
    rows = _valid(edition).order_by("sentence__text_key", "clip_id")
    fields = rows.values_list("sentence__text_key", "speaker__client_id", "clip_id")
    for _text_key, group in groupby(fields.iterator(BATCH), key=itemgetter(0)):
        yield [common_voice.Reading(clips[name], name, clip) for _, name, clip in group]


def _mark(edition: Edition, standing: Mapping[Split, list[UUID]], further: list[UUID]) -> None:
    """Write which clips are in which split, and which more are in `train_all`."""
    clips = FrozenClip.objects.filter(edition=edition)
    for kept, ids in standing.items():
        clips.filter(clip_id__in=ids).update(split=kept, train_all=kept == Split.TRAIN)
    clips.filter(clip_id__in=further).update(train_all=True)


def _note_speakers(edition: Edition, assigned: Mapping[str, Split]) -> None:
    names = sorted(assigned)
    for batch in (names[start : start + BATCH] for start in range(0, len(names), BATCH)):
        for kept in Split:
            chosen = [name for name in batch if assigned[name] == kept]
            FrozenSpeaker.objects.filter(edition=edition, client_id__in=chosen).update(split=kept)


def _valid(edition: Edition) -> QuerySet[FrozenClip]:
    return FrozenClip.objects.filter(edition=edition, verdict=Verdict.VALID)


def _assign_speakers(edition: Edition, size: dict[Split, int]) -> None:
    newcomers: list[Newcomer] = []
    voices: Counter[Split] = Counter()
    room = Counter(size)
    rows = (
        _valid(edition)
        .values_list("speaker__client_id", "speaker__split")
        .annotate(Count("sentence", distinct=True))
    )
    for name, known, sentences in rows:
        if known:
            voices[Split(known)] += 1
            room[Split(known)] -= sentences
        else:
            newcomers.append(
                Newcomer(name, sentences, pseudonyms.place(settings.RELEASE_KEY, edition.locale, name))
            )
    _remember(edition, assign(newcomers, voices, room))


def _remember(edition: Edition, assigned: dict[str, Split]) -> None:
    names = sorted(assigned)
    for batch in (names[start : start + BATCH] for start in range(0, len(names), BATCH)):
        for kept in Split:
            chosen = [name for name in batch if assigned[name] == kept]
            Voice.objects.filter(client_id__in=chosen).update(split=kept)
    _note_speakers(edition, assigned)


def _homes(edition: Edition) -> QuerySet[Home]:
    return Home.objects.filter(language=edition.language_id, text_key=OuterRef("sentence__text_key"))


def _hold_out(edition: Edition, size: dict[Split, int]) -> dict[str, Split]:
    """Return which sentences without a home are to be tested on."""
    clips = _valid(edition).annotate(home=Subquery(_homes(edition).values("split")[:1]))
    homed = clips.filter(home__isnull=False).values_list("home").annotate(Count("sentence", distinct=True))
    room = Counter(size)
    room.subtract({Split(home): count for home, count in homed})
    homeless = (
        clips.filter(home__isnull=True)
        .values_list("sentence__text_key", "speaker__split")
        .distinct()
        .order_by("sentence__text_key")
    )
    return hold_out(_split_sets(homeless.iterator(BATCH)), room)


def _split_sets(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, set[Split]]]:
    for text_key, group in groupby(rows, key=itemgetter(0)):
        yield text_key, {Split(name) for _, name in group}


def _place(edition: Edition, held_out: dict[str, Split]) -> None:
    homes = _homes(edition)
    rows = (
        _valid(edition)
        .annotate(home=Subquery(homes.values("split")[:1]), standing=Subquery(homes.values("clip_id")[:1]))
        .order_by("sentence__text_key", "created_at", "clip_id")
        .values_list("sentence__text_key", "home", "standing", "clip_id", "speaker__split")
    )
    writer = _Writer(edition)
    for text_key, group in groupby(rows.iterator(BATCH), key=itemgetter(0)):
        clips = list(group)
        home = Split(clips[0][1]) if clips[0][1] else held_out.get(text_key, Split.TRAIN)
        first, further = place(home, [Candidate(clip, Split(of)) for *_, clip, of in clips], clips[0][2])
        if first:
            writer.add(text_key, home, first, further)
    writer.flush()


class _Writer:
    """Writes placed clips and homes in batches."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._homes: list[Home] = []
        self._further: list[UUID] = []

    def add(self, text_key: str, home: Split, first: UUID, further: list[UUID]) -> None:
        language = self._edition.language_id
        self._homes.append(Home(language_id=language, text_key=text_key, split=home, clip_id=first))
        self._further += further
        if len(self._homes) + len(self._further) >= BATCH:
            self.flush()

    def flush(self) -> None:
        standing = {kept: [home.clip_id for home in self._homes if home.split == kept] for kept in Split}
        _mark(self._edition, standing, self._further)
        Home.objects.bulk_create(
            self._homes,
            update_conflicts=True,
            unique_fields=["language", "text_key"],
            update_fields=["clip_id"],
        )
        self._homes, self._further = [], []
