"""The split of Common Voice: sizes as published, whole speakers, one clip for a sentence, honest about its drift."""

import random
from uuid import UUID

import pytest

from export.common_voice import Reader, Reading, assign, chosen
from export.models import FrozenClip, Home, Release, Voice
from export.splits import Split, held_out_size
from tests import make
from tests.export.releasing import publish, refusal

# Locale: train, dev and test as published with Common Voice 17
PUBLISHED = {
    "ab": (21027, 9160, 9117), "af": (82, 54, 62), "am": (450, 248, 205), "ar": (28369, 10470, 10480),
    "as": (664, 511, 551), "ast": (387, 112, 162), "az": (65, 32, 33), "ba": (119180, 14495, 14513),
    "bas": (763, 457, 541), "be": (347637, 15880, 15878), "bg": (4849, 2766, 3201),
}  # fmt: skip


@pytest.mark.parametrize("locale", PUBLISHED)
def test_published_splits_keep_to_our_sizes(locale):
    train, dev, test = PUBLISHED[locale]
    size = held_out_size(train + dev + test)
    assert dev <= size
    assert test <= size
    assert train >= train + dev + test - 2 * size


def test_the_largest_published_split_is_full_to_the_clip():
    assert held_out_size(sum(PUBLISHED["be"])) == PUBLISHED["be"][1]


@pytest.mark.parametrize(("sentences", "sizes"), [(1000, (338, 331, 331)), (10_000, (3806, 3097, 3097))])
def test_speakers_of_one_sentence_fill_the_splits_to_the_clip(sentences, sizes):
    assigned = list(assign(Reader(1, f"{n:05}", 1) for n in range(sentences)).values())
    assert tuple(assigned.count(split) for split in (Split.TRAIN, Split.DEV, Split.TEST)) == sizes


def test_speakers_go_whole_those_with_fewest_clips_first_into_test():
    readers = [Reader(200, "d", 60), Reader(3, "b", 3), Reader(1, "a", 1), Reader(40, "c", 30)]
    assert held_out_size(94) < 34  # a, b and c together are more than fit
    assert assign(readers) == {"a": Split.TEST, "b": Split.TEST, "c": Split.DEV, "d": Split.TRAIN}
    assert assign(reversed(readers)) == assign(readers)


def test_no_split_is_larger_than_its_size():
    dice = random.Random(17)
    readers = [Reader(n, f"{n}", dice.randrange(1, 60)) for n in range(400)]
    size = held_out_size(sum(reader.sentences for reader in readers))
    assigned = assign(readers)
    for split in (Split.TEST, Split.DEV):
        assert 0 < sum(reader.sentences for reader in readers if assigned[reader.client_id] == split) <= size


def test_the_rarest_speaker_stands_for_a_sentence():
    often, rarely = Reading(90, "a", UUID(int=1)), Reading(2, "b", UUID(int=2))
    assert chosen([often, rarely]) == rarely


def _collection():
    prompts = [make.prompt() for _ in range(12)]
    for number in range(8):
        speaker = make.speaker()
        for prompt in prompts[number : number + 1 + number // 2]:
            make.stored_clip(speaker=speaker, prompt=prompt, votes="yy")


@pytest.mark.django_db
def test_a_release_can_be_split_like_it_and_ours_keeps_its_memory():
    _collection()
    publish()
    ours = (dict(Voice.objects.values_list("pk", "split")), Home.objects.count())
    publish(number="1.1", splits="common-voice")
    assert (dict(Voice.objects.values_list("pk", "split")), Home.objects.count()) == ours
    edition = Release.objects.numbered("1.1").get().editions.get()
    assert edition.statistics["leaks"]["speakers"] == edition.statistics["leaks"]["sentences"] == 0
    every = FrozenClip.objects.filter(edition=edition)
    placed = every.exclude(split="")
    assert placed.count() == every.values("sentence").distinct().count()
    assert "CorporaCreator, to compare with it" in edition.documents.get(name__endswith=".md").text
    then = dict(FrozenClip.objects.exclude(edition=edition).exclude(split="").values_list("clip_id", "split"))
    moved = sum(1 for clip, split in placed.values_list("clip_id", "split") if then.get(clip, split) != split)
    assert edition.statistics["leaks"]["drift"] == moved


@pytest.mark.django_db
def test_a_release_is_not_continued_with_another_rule(monkeypatch):
    _collection()
    with monkeypatch.context() as patch:
        patch.setattr("export.publishing.build", _die)
        with pytest.raises(KeyboardInterrupt):
            publish()
    assert "begun with other languages" in refusal(splits="common-voice")


def _die(*_arguments):
    raise KeyboardInterrupt
