"""Which clip next: open ones of others that are new to the listener, those nearest to a decision first."""

import random
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value

from accounts.models import Speaker
from accounts.persons import voices_of
from common.ring import SHUFFLE_RANGE, random_place
from common.statements import Select, given_number, given_uuid, one_of, part
from languages.models import Language
from prompts.models import Prompt
from prompts.stretches import Met, Stretches
from prompts.walking import Ring, Walk
from recordings.models import Clip
from validation.behind import given, with_behind
from validation.models import Heard
from validation.verdict import most_votes

AT_MOST = 50
LOOKED_AT = {1: 2, 2: 3, 3: 4, 5: 7, 50: 50}  # at how many of a kind one looks for up to so many new ones
IN_A_ROW = 3  # of one speaker
LOOK_AT = 4  # times as many clips as asked for are taken of what was met, to have a choice among speakers
# Of a clip, what is handed out: whole rows cost ten times as much
HANDED = ("pk", "speaker", "pipeline_version", "prompt")
NewClips = dict[int, Select[Clip]]  # by how many are wanted at most


class Candidate(NamedTuple):
    """What is chosen by: of the speaker's variant and the speaker how many clips were heard until last night."""

    pk: UUID
    heard: int
    speaker_id: UUID
    warned: bool
    prompt_id: UUID
    version: int
    variant_heard: int
    speaker_heard: int


Spoken = TypeVar("Spoken", Clip, Candidate)


def next_clips(
    *, language: Language, listener: Speaker | None, count: int, voices: list[UUID] | None = None
) -> list[Clip]:
    """Return up to `count` (at most 50) clips that the listener neither spoke nor answered.

    Clips with more votes come first, but none that was judged as often as an open clip may be.
    `voices` are those of the listener's person, if the caller knows them.
    """
    count = min(count, AT_MOST)
    met: list[Met] = []
    for batch in walk(language, listener, voices).batches():
        met += batch
        if len(met) >= count:
            break
    candidates = _candidates(language, met[: count * LOOK_AT])
    chosen = spread(_ordered(candidates), count)
    return [_handed(each.pk, each.speaker_id, each.version, each.prompt_id) for each in chosen]


def with_prompts(clips: list[Clip]) -> list[Clip]:
    """Return the clips with the text of their prompts; what else is asked of these is read then."""
    texts = dict(_texts.all(prompts=[clip.prompt_id for clip in clips]))
    for clip in clips:
        clip.prompt = _prompt(clip.prompt_id, texts[clip.prompt_id])
    return clips


_handed = part(Clip, "id", "speaker_id", "pipeline_version", "prompt_id")
_prompt = part(Prompt, "id", "text")


def _ordered(clips: list[Candidate]) -> list[Candidate]:
    """Return those nearest to a decision first; then such without warnings, of variants and speakers little heard."""
    random.shuffle(clips)  # among equals
    return sorted(
        clips,
        key=lambda clip: (
            -clip.heard,
            clip.warned,
            clip.variant_heard.bit_length(),
            clip.speaker_heard.bit_length(),
        ),
    )


def _candidates(language: Language, met: list[Met]) -> list[Candidate]:
    """Return what was met with all that is chosen by."""
    speakers = {speaker for speaker, *_others in (each.told for each in met)}
    heard = dict(_heard.all(language=language.pk, speakers=speakers))
    return [_candidate(each, *heard.get(each.told[0], (0, 0))) for each in met]


def _candidate(met: Met, variant_heard: int, speaker_heard: int) -> Candidate:
    speaker_id, warned, prompt_id, version = met.told
    return Candidate(met.pk, met.level, speaker_id, warned, prompt_id, version, variant_heard, speaker_heard)


_texts = Select(
    lambda: Prompt.objects.filter(one_of("pk", given_uuid("prompts"))).values_list("pk", "text"),
    lambda pk, text: (pk, text),
)
_heard = Select(
    lambda: Heard.objects.filter(
        one_of("speaker", given_uuid("speakers")), language=given_number("language")
    ).values_list("speaker", "of_variant", "clips"),
    lambda speaker, of_variant, clips: (speaker, (of_variant, clips)),
)


def walk(language: Language, listener: Speaker | None, voices: list[UUID] | None = None) -> Walk:
    """Return the walk through a language's open clips for one listener, whose person's voices may be known."""
    if voices is None:
        voices = voices_of(listener) if listener else []
    return Walk(
        ring=_ring,
        given={"language": language.pk, **given(voices)},
        levels=range(most_votes(quorum=language.quorum, weighed=language.weighs_votes) - 1, -1, -1),
        stretches=Stretches(listener, language, f"clips {len(voices)}"),
    )


def new_clips(among: Callable[[int], QuerySet[Any, Any]]) -> NewClips:
    """Return the statements for those clips that are new to a person, out of up to so many whose keys are selected."""

    def out_of(most: int) -> Select[Clip]:
        def rows() -> QuerySet[Any, Any]:
            new = with_behind(Clip.objects.filter(pk__in=among(most))).filter(behind=False)
            return new.values_list(*HANDED)

        return Select(rows, _handed)

    return {wanted: out_of(looked_at) for wanted, looked_at in LOOKED_AT.items()}


def around(clips: NewClips, *, language: Language, voices: list[UUID], count: int) -> list[Clip]:
    """Return up to `count` clips that a statement finds for a person from a random place on."""
    start = random_place()
    statement = next(each for wanted, each in clips.items() if count <= wanted)
    found: list[Clip] = []
    for at, end in ((start, SHUFFLE_RANGE), (0, start)):
        if len(found) < count:
            found += statement.all(language=language.pk, at=at, end=end, **given(voices))
    return random.sample(found, min(count, len(found)))


_ring = Ring(
    lambda: with_behind(Clip.objects.open(given_number("language"))).annotate(
        spare=Value(False),
        warned=ExpressionWrapper(~Q(warnings=[]), output_field=BooleanField()),
    ),
    level="heard",
    highest_first=True,
    told=("speaker", "warned", "prompt", "pipeline_version"),
)


def spread(clips: list[Spoken], count: int) -> list[Spoken]:
    """Return the first `count` clips, no more than three of one speaker in a row while there are others."""
    chosen: list[Spoken] = []
    left = list(clips)
    while left and len(chosen) < count:
        tired_of = _heard_in_a_row(chosen)
        others = (at for at, clip in enumerate(left) if clip.speaker_id != tired_of)
        chosen.append(left.pop(next(others, 0)))
    return chosen


def _heard_in_a_row(chosen: list[Spoken]) -> UUID | None:
    """Return the speaker of the last three, if it is one."""
    last = {clip.speaker_id for clip in chosen[-IN_A_ROW:]}
    return last.pop() if len(last) == 1 and len(chosen) >= IN_A_ROW else None
