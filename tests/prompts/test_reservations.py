"""Reserving what was handed out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.utils import timezone

from languages.lookup import language_of
from prompts import reservations
from prompts.cleaning import key
from prompts.models import Prompt, Reservation
from prompts.selection import next_prompts
from prompts.skipping import skip_prompt
from prompts.states import PromptState
from tests import make
from tests.walks import from_the_beginning


def ask(speaker, count=10):
    return next_prompts(language=make.language(), speaker=speaker, count=count)


def prompts(count, **fields):
    rows = [
        Prompt(language=make.language(), text=f"Line {n}", text_key=key(f"Line {n}"), source="tests",
               state=PromptState.IN_USE, **fields)
        for n in range(count)
    ]  # fmt: skip
    return Prompt.objects.bulk_create(rows)


@pytest.mark.django_db
def test_what_one_was_handed_another_is_not_while_there_are_others():
    prompts(20)
    one, other = ask(make.speaker()), ask(make.speaker())
    assert len({prompt.pk for prompt in one + other}) == 20


@pytest.mark.django_db
def test_what_one_holds_alone_another_only_shares():
    [prompt] = prompts(1)
    one, other = make.speaker(), make.speaker()
    assert ask(one) == ask(other) == [prompt]
    assert {row.speaker: row.alone for row in Reservation.objects.all()} == {one: True, other: False}


def hold(rows):
    """Let somebody hold them."""
    language, holder, until = make.language(), make.speaker(), timezone.now() + timedelta(days=1)
    Reservation.objects.bulk_create(
        Reservation(prompt=row, speaker=holder, language=language, until=until, alone=True) for row in rows
    )


@pytest.mark.django_db
def test_nobody_looks_through_all_that_others_hold(django_assert_max_num_queries):
    hold(prompts(3000))
    speaker = make.speaker()
    with django_assert_max_num_queries(30):
        assert len(ask(speaker)) == 10


@pytest.mark.django_db
def test_what_is_free_comes_before_what_others_hold_though_it_was_recorded_more():
    hold(prompts(200))
    free = [make.prompt(clips_count=1) for _ in range(10)]
    assert {*ask(make.speaker())} == {*free}


@pytest.mark.django_db
def test_one_gets_others_first_and_then_again_what_is_reserved_for_one():
    speaker = make.speaker()
    prompts(15)
    first, second = ask(speaker), ask(speaker)
    assert {prompt.pk for prompt in second[:5]}.isdisjoint(prompt.pk for prompt in first)
    assert {prompt.pk for prompt in second[5:]} < {prompt.pk for prompt in first}
    assert Reservation.objects.count() == 15


@pytest.mark.django_db
def test_somebody_who_only_asks_holds_no_more_than_two_hundred():
    speaker = make.speaker()
    prompts(300)
    for _ in range(6):
        assert len(ask(speaker, 50)) == 50
    assert Reservation.objects.count() == 200


@pytest.mark.django_db
def test_skipping_ends_a_reservation():
    speaker = make.speaker()
    prompts(1)
    [prompt] = ask(speaker)
    skip_prompt(prompt_id=prompt.pk, speaker=speaker)
    assert not Reservation.objects.exists()


@pytest.mark.django_db
def test_who_holds_as_many_as_one_may_gets_these_again_though_others_are_free():
    speaker = make.speaker()
    prompts(reservations.MOST + 30)
    while len(held := reservations.held_by(speaker, make.language())) < reservations.MOST:
        ask(speaker, 50)
    again = ask(speaker)
    assert [prompt.pk for prompt in again] == held[:10]
    assert Reservation.objects.count() == reservations.MOST


@pytest.mark.django_db
def test_asking_costs_a_window_the_reservations_and_the_texts(django_assert_num_queries):
    speaker = make.speaker()
    for prompt in prompts(60)[:5]:
        make.recording(prompt=prompt, speaker=speaker)
    language = language_of(make.language().tag)
    with from_the_beginning(), django_assert_num_queries(3):
        assert len(next_prompts(language=language, speaker=speaker, count=10)) == 10


@pytest.mark.django_db
def test_after_eight_days_a_reservation_has_lapsed_and_is_swept_by_a_worker():
    make.language(clips_per_prompt=1)
    [prompt] = prompts(1)
    ask(make.speaker())
    Reservation.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert reservations.sweep() == 1
    later = make.speaker()
    assert ask(later) == [prompt]
    held = Reservation.objects.get()
    assert (held.speaker, held.alone) == (later, True)
    assert reservations.sweep() == 0


@pytest.mark.django_db
def test_what_others_hold_is_handed_out_once_nothing_else_is_left():
    make.language(clips_per_prompt=1)
    first, second = prompts(2)
    some = make.speaker(), make.speaker(), make.speaker()
    [one], [other] = ask(some[0], 1), ask(some[1], 1)
    assert {one, other} == {first, second}
    assert len(ask(some[2], 2)) == 2
    make.recording(prompt=first, speaker=some[0])
    Prompt.objects.filter(pk=first.pk).update(clips_count=1)
    assert ask(make.speaker(), 2) == [second]  # enough is enough, though


@pytest.mark.django_db
def test_what_others_hold_fills_up_what_is_left_so_that_no_set_ends_early():
    make.language(clips_per_prompt=1)
    all_of_them = prompts(10)
    held = ask(make.speaker(), 9)
    speaker = make.speaker()
    [left] = {*all_of_them} - {*held}
    got = ask(speaker, 5)
    assert (got[0], len(set(got))) == (left, 5)
    again = ask(speaker, 10)
    assert ({*again[:5]}, {*again}) == ({*got}, {*all_of_them})


def test_two_hundred_who_ask_at_once_never_get_the_same_sentence(on_postgresql):
    prompts(2500)
    speakers = [make.speaker(consenting=False) for _ in range(200)]
    start = Barrier(len(speakers))

    def ask_at_once(speaker):
        try:
            with connection.cursor():  # connected before the start
                start.wait(timeout=60)
            return [prompt.pk for prompt in ask(speaker)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(speakers)) as threads:
        handed = [pk for answer in threads.map(ask_at_once, speakers) for pk in answer]
    assert len(handed) == len(set(handed)) == 2000
    assert Reservation.objects.filter(alone=True).count() == Reservation.objects.count() == 2000
