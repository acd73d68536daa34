"""Which prompt comes next."""

import pytest

from prompts.models import Prompt, PromptSkip, Stretch
from prompts.selection import next_prompts
from prompts.states import PromptState
from prompts.walking import RING_WINDOW, WINDOW
from tests import make

pytestmark = pytest.mark.django_db


def test_one_reads_what_is_in_use_and_new_to_one():
    reader = make.speaker()
    wanted = make.prompt()
    make.recording(speaker=reader)
    make.prompt(state=PromptState.RETIRED)
    make.prompt(clips_count=15)
    PromptSkip.objects.create(prompt=make.prompt(), speaker=reader)
    make.prompt(language=make.language("br"))
    assert next_prompts(language=make.language(), speaker=reader, count=10) == [wanted]


def test_prompts_with_the_fewest_recordings_come_first():
    often = {make.prompt(clips_count=3).pk for _ in range(5)}
    never = {make.prompt().pk for _ in range(5)}
    got = {prompt.pk for prompt in next_prompts(language=make.language(), speaker=None, count=5)}
    assert got == never
    assert not got & often


def test_at_most_fifty_are_handed_out():
    for _ in range(60):
        make.prompt()
    assert len(next_prompts(language=make.language(), speaker=None, count=60)) == 50


def test_the_walk_starts_anywhere_and_still_finds_all():
    for _ in range(5):
        make.prompt()
    Prompt.objects.update(place=0)
    assert len(next_prompts(language=make.language(), speaker=None, count=5)) == 5


def test_queries_do_not_grow_with_prompts(django_assert_max_num_queries):
    for _ in range(30):
        make.prompt()
    language, reader = make.language(), make.speaker()
    with django_assert_max_num_queries(20):
        assert len(next_prompts(language=language, speaker=reader, count=10)) == 10


def test_sentences_of_other_variants_are_not_for_somebody_who_named_theirs():
    mine, other = (make.language().variants.create(code=code, name=code) for code in ("en-AU", "en-IE"))
    reader = make.speaker()
    reader.variants.add(mine)
    wanted = {make.prompt(variant=mine).pk, make.prompt().pk}
    make.prompt(variant=other)
    got = next_prompts(language=make.language(), speaker=reader, count=10)
    assert {prompt.pk for prompt in got} == wanted
    assert len(next_prompts(language=make.language(), speaker=make.speaker(), count=10)) == 3


def test_few_that_are_left_among_very_many_are_found_every_time_and_soon_without_looking_at_the_others():
    reader = make.speaker()
    rows = [make.prompt(place=n * 1000, clips_count=n % 5) for n in range(400)]
    left = {rows[n].pk for n in (3, 170, 171, 399)}
    PromptSkip.objects.bulk_create(
        PromptSkip(prompt=prompt, speaker=reader) for prompt in rows if prompt.pk not in left
    )
    for _ in range(3):
        got = next_prompts(language=make.language(), speaker=reader, count=4)
        assert {prompt.pk for prompt in got} == left
    assert Stretch.objects.filter(speaker=reader).count() == 2  # where at least 64 lie behind in a row


def test_what_is_learnt_joins_what_is_known(monkeypatch):
    reader = make.speaker()
    rows = [make.prompt(place=n * 1000) for n in range(2 * RING_WINDOW)]
    PromptSkip.objects.bulk_create(PromptSkip(prompt=prompt, speaker=reader) for prompt in rows)
    monkeypatch.setattr("prompts.walking.HUNGRY_WINDOWS", 1)
    for start in (0, 500_000):
        monkeypatch.setattr("common.ring.random.randrange", lambda _end, start=start: start)
        assert next_prompts(language=make.language(), speaker=reader, count=4) == []
    [learnt] = Stretch.objects.filter(speaker=reader)
    assert (learnt.start, learnt.end) == (0, rows[-2].place)


def test_each_domain_and_variant_comes_in_turn_however_few_its_sentences_are(monkeypatch):
    scots = make.language().variants.create(code="en-scotland", name="Scottish English")
    for _ in range(WINDOW - 8):
        make.prompt(domain="general")
    for _ in range(4):
        make.prompt(domain="finance")
        make.prompt(domain="general", variant=scots)
    monkeypatch.setattr("common.ring.random.randrange", lambda _end: 0)  # one window then holds them all
    got = next_prompts(language=make.language(), speaker=None, count=6)
    kinds = [(prompt.domain, prompt.variant_id) for prompt in got]
    assert sorted(map(str, kinds)) == sorted(
        map(str, 2 * [("general", None), ("finance", None), ("general", scots.pk)])
    )
