"""What gets into a release, and that it stays as it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.options import Purpose
from common.errors import Refused
from export.models import (
    Edition,
    FrozenClip,
    FrozenReport,
    FrozenSentence,
    FrozenSpeaker,
    Home,
    Release,
    Voice,
)
from export.snapshot import freeze
from languages.models import Variant
from prompts.states import PromptState
from recordings.models import Signal
from recordings.states import ClipState, RecordingState
from tests import make
from validation.models import Report

pytestmark = pytest.mark.django_db


def _freeze(number=(1, 0), cutoff=None, locale="en"):
    release = Release.objects.create(
        major=number[0], minor=number[1], corpus="voicecollect", cutoff=cutoff or datetime.now(UTC).date()
    )
    language = make.language(locale)
    Edition.objects.create(
        release=release,
        language=language,
        locale=locale,
        quorum=language.quorum,
        weighed=language.weighs_votes,
    )
    freeze(release)
    return release


def _ids():
    return set(FrozenClip.objects.values_list("clip_id", flat=True))


def test_clips_with_consent_are_copied_with_their_sentence_and_votes():
    clip = make.clip(votes="yynu", prompt=make.prompt("Bread is warm.", domain="general"))
    release = _freeze()
    frozen = FrozenClip.objects.get()
    assert (frozen.clip_id, frozen.up_votes, frozen.down_votes, frozen.verdict) == (clip.pk, 2, 1, "valid")
    assert (frozen.sentence.text, frozen.sentence.domain) == ("Bread is warm.", "general")
    assert (frozen.duration_ms, release.state) == (2000, "frozen")


NOT_PUBLISH = frozenset({Purpose.COLLECT})


def _told_of(voices):
    for speaker in voices:
        make.clip(recording=make.recording(speaker=speaker, age="twenties"))
    _freeze()
    return list(FrozenSpeaker.objects.values_list("age", flat=True))


def test_five_persons_with_one_profile_are_told_of():
    assert _told_of([make.speaker() for _ in range(5)]) == ["twenties"] * 5


def test_five_voices_of_one_person_are_one_person():
    person = make.speaker()
    assert _told_of([make.speaker(person=person.person) for _ in range(5)]) == [""] * 5


def test_a_speaker_who_took_back_consent_is_in_no_release():
    kept, gone = make.clip(), make.clip()
    make.consent(gone.speaker, NOT_PUBLISH)
    _freeze()
    assert _ids() == {kept.pk}


def test_a_recording_made_without_consent_to_publish_stays_out_though_it_was_given_later():
    kept = make.clip()
    speaker = make.speaker(consenting=False)
    make.consent(speaker, NOT_PUBLISH)
    make.clip(speaker=speaker)
    make.consent(speaker)
    _freeze()
    assert _ids() == {kept.pk}


def test_a_recording_without_any_consent_stays_out():
    kept = make.clip()
    make.clip(recording=make.recording(speaker=make.speaker(consenting=False)))
    _freeze()
    assert _ids() == {kept.pk}


def test_the_cutoff_day_counts_to_its_end():
    day = date(2026, 3, 1)
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    last = make.clip(created_at=midnight - timedelta(microseconds=1))
    make.clip(created_at=midnight)
    _freeze(cutoff=day)
    assert _ids() == {last.pk}


def test_clips_of_a_recording_that_is_worked_on_again_stay_in():
    again = make.clip()
    again.recording.move_to(RecordingState.RECEIVED)
    _freeze()
    assert _ids() == {again.pk}


@pytest.mark.parametrize("state", [RecordingState.QUARANTINED, RecordingState.REFUSED])
def test_clips_of_a_recording_that_turned_out_unusable_stay_out(state):
    kept = make.clip()
    make.clip(recording=make.recording(state=state, refusal="failed"))
    _freeze()
    assert _ids() == {kept.pk}


def test_clips_whose_words_nobody_knows_yet_stay_out():
    kept = make.clip()
    make.clip(state=ClipState.UNTRANSCRIBED)
    _freeze()
    assert _ids() == {kept.pk}


def test_clips_of_other_languages_stay_out():
    make.clip(prompt=make.prompt(language=make.language("fr")))
    kept = make.clip()
    _freeze()
    assert _ids() == {kept.pk}


def test_nothing_to_release_is_refused_in_words_and_leaves_nothing():
    make.prompt()
    with pytest.raises(Refused) as refusal:
        _freeze()
    assert "nothing to release for en" in str(refusal.value.words)
    assert not FrozenSentence.objects.exists()


def test_a_frozen_release_does_not_follow_the_live_tables():
    clip = make.clip(votes="yy")
    _freeze()
    before = list(FrozenClip.objects.values()) + list(FrozenSpeaker.objects.values())
    clip.recording.delete()
    clip.speaker.delete()
    assert list(FrozenClip.objects.values()) + list(FrozenSpeaker.objects.values()) == before
    assert not Voice.objects.exists()  # nothing leads from the release to the person


def test_votes_follow_the_quorum_of_the_language():
    make.language(quorum=3)
    make.clip(votes="yy")
    _freeze()
    assert FrozenClip.objects.get().verdict == "open"


def test_votes_are_weighed_where_the_language_weighs_them():
    make.language(weighs_votes=True)
    for votes in ("yy", "yyy"):
        make.clip(votes=votes)
    _freeze()
    found = FrozenClip.objects.values_list("up_votes", "verdict")
    assert sorted(found) == [(2, "open"), (3, "valid")]


def test_a_sentence_that_readers_would_misread_is_refused_by_its_id():
    bad = make.prompt('"Yes," she said.')
    make.clip()
    with pytest.raises(Refused) as refusal:
        _freeze()
    assert str(bad.pk) in str(refusal.value.words)


def test_an_unapproved_sentence_that_readers_would_misread_is_left_out():
    make.prompt('"Yes," she said.', state=PromptState.SUBMITTED)
    make.clip()
    _freeze()
    assert FrozenSentence.objects.count() == 1


def test_descriptions_are_made_into_plain_fields():
    language = make.language()
    variant = Variant.objects.create(language=language, code="x", name='"North"\tcoast')
    make.prompt(source="a\nbook", variant=variant)
    make.clip()
    _freeze()
    assert FrozenSentence.objects.filter(source="a book", variant='North" coast').count() == 1


def test_reports_keep_known_reasons_and_nobodys_own_words():
    clip = make.clip()
    for reason in ("offensive-language", "my neighbour's name is in it"):
        Report.objects.create(speaker=make.speaker(), prompt=clip.prompt, reason=reason)
    Report.objects.create(speaker=make.speaker(), clip=clip, reason="other")
    _freeze()
    assert sorted(FrozenReport.objects.values_list("reason", flat=True)) == ["offensive-language", "other"]


def test_signals_are_copied_with_their_version():
    clip = make.clip()
    Signal.objects.create(clip=clip, name="snr", value=31.5, unit="dB", version=2)
    _freeze()
    assert FrozenClip.objects.get().signals == [["snr", 31.5, "dB", 2]]


def test_a_speaker_has_one_profile_the_newest():
    speaker = make.speaker()
    for days, age in ((2, "twenties"), (1, "thirties")):
        recording = make.recording(
            speaker=speaker, age=age, received_at=timezone.now() - timedelta(days=days)
        )
        make.clip(recording=recording)
    for _ in range(4):
        make.clip(recording=make.recording(age="thirties"))
    _freeze()
    assert set(FrozenSpeaker.objects.values_list("age", flat=True)) == {"thirties"}


def test_rare_profiles_are_blank_and_counted():
    make.clip(recording=make.recording(age="nineties", gender="intersex"))
    release = _freeze()
    assert list(FrozenSpeaker.objects.values_list("age", "gender")) == [("", "")]
    assert release.editions.get().blanked == {"age": 1, "gender": 1, "accents": 0, "variant": 0}


def test_names_are_the_same_in_the_next_release_and_others_in_other_languages():
    speaker = make.speaker()
    make.clip(speaker=speaker)
    make.clip(speaker=speaker, prompt=make.prompt(language=make.language("fr")))
    for number, locale in (((1, 0), "en"), ((1, 1), "en"), ((1, 2), "fr")):
        _freeze(number, locale=locale)
    names = [name for _, name in sorted(FrozenSpeaker.objects.values_list("edition", "client_id"))]
    assert names[0] == names[1] != names[2]


def _many(speakers, clips, sentences=None):
    """Make valid clips of several speakers, each of a sentence of its own or of one of `sentences`."""
    people = [make.speaker() for _ in range(speakers)]
    for n in range(clips):
        prompt = sentences[n % len(sentences)] if sentences else make.prompt()
        make.clip(speaker=people[n % speakers], prompt=prompt, votes="yy")


def _no_leak(edition):
    rows = FrozenClip.objects.filter(edition=edition)
    groups = {name: rows.filter(split=name) for name in ("dev", "test")} | {
        "train": rows.filter(train_all=True)
    }
    for field in ("speaker__client_id", "sentence__text_key"):
        values = {name: set(group.values_list(field, flat=True)) for name, group in groups.items()}
        assert not values["train"] & values["dev"]
        assert not values["train"] & values["test"]
        assert not values["dev"] & values["test"]


def test_no_speaker_and_no_sentence_is_in_two_splits():
    prompts = [make.prompt() for _ in range(40)]
    _many(20, 110, prompts)
    release = _freeze()
    _no_leak(release.editions.get())
    leaks = release.editions.get().statistics["leaks"]
    assert (leaks["speakers"], leaks["sentences"]) == (0, 0)
    assert all(FrozenClip.objects.filter(split=name).exists() for name in ("train", "dev", "test"))
    one_each = FrozenClip.objects.exclude(split="").values("split", "sentence").distinct().count()
    assert one_each == FrozenClip.objects.exclude(split="").count()
    assert (
        FrozenClip.objects.filter(train_all=True).count() > FrozenClip.objects.filter(split="train").count()
    )


def test_splits_stay_while_the_collection_grows():
    prompts = [make.prompt() for _ in range(60)]
    _many(12, 60, prompts)
    first = _freeze()
    before = dict(FrozenClip.objects.exclude(split="").values_list("clip_id", "split"))
    Release.objects.update(state="published", published_at=timezone.now())
    _many(12, 60, prompts + [make.prompt() for _ in range(60)])
    second = _freeze((1, 1)).editions.get()
    after = dict(FrozenClip.objects.filter(edition=second).exclude(split="").values_list("clip_id", "split"))
    assert before.items() <= after.items()
    assert second.statistics["leaks"] == {"speakers": 0, "sentences": 0, "since": first.number, "drift": 0}
    _no_leak(second)


def test_only_valid_clips_are_in_splits():
    _many(4, 8)
    make.clip(votes="nn")
    make.clip(votes="y")
    _freeze()
    assert not FrozenClip.objects.exclude(verdict="valid").exclude(split="", train_all=False).exists()
    assert Home.objects.count() == FrozenClip.objects.exclude(split="").count()


@pytest.mark.parametrize(
    ("speakers", "splits"), [(1, {"train"}), (2, {"train", "test"}), (3, {"train", "test", "dev"})]
)
def test_few_speakers_get_what_is_honest(speakers, splits):
    _many(speakers, 3 * speakers)
    _freeze()
    assert set(FrozenClip.objects.exclude(split="").values_list("split", flat=True)) == splits


def test_a_withdrawn_clip_gives_its_place_to_another_of_the_same_split():
    prompt, speaker = make.prompt(), make.speaker()
    first, second = (make.clip(speaker=speaker, prompt=prompt, votes="yy") for _ in "12")
    _freeze()
    assert FrozenClip.objects.get(split="train").clip_id == first.pk
    first.delete()
    edition = _freeze((1, 1)).editions.get()
    assert FrozenClip.objects.get(edition=edition, split="train").clip_id == second.pk


def _queries_to_freeze(number):
    with CaptureQueriesContext(connection) as queries:
        _freeze(number)
    return len(queries)


def test_freezing_asks_as_often_for_many_clips_as_for_few():
    make.clip(votes="yy")
    _freeze()  # makes the rows that stay
    few = _queries_to_freeze((1, 1))
    prompt, speaker = make.prompt(), make.speaker()
    for _ in range(30):
        make.clip(votes="yy", prompt=prompt, speaker=speaker)
    assert _queries_to_freeze((1, 2)) <= few + 6
