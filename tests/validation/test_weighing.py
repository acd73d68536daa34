"""The nightly weighing of votes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from recordings.models import Signal
from recordings.states import ClipState
from tests import make
from validation import weighing
from validation.models import Doubt, Heard, Reliability, Vote, Weighing
from validation.options import Choice
from validation.tasks import weigh as weigh_task
from validation.weighing import weigh, weigh_next

pytestmark = pytest.mark.django_db


def judged(*listeners, choices="y"):
    """Return a clip that each of the listeners judged."""
    clip = make.clip()
    for listener, letter in zip(listeners, choices, strict=True):
        make.vote(clip, Choice.YES if letter == "y" else Choice.NO, by=listener)
    return clip


def posterior(clip):
    return clip.signals.get(name="posterior").value


def test_each_clip_gets_a_posterior_and_each_listener_a_reliability():
    one, other = make.speaker(), make.speaker()
    agreed = [judged(one, other, choices="yy") for _ in range(5)]
    torn = judged(one, other, choices="yn")
    weigh(make.language())
    assert all(posterior(clip) > 0.9 for clip in agreed)
    assert 0.3 < posterior(torn) < 0.7
    signal = torn.signals.get()
    assert (signal.unit, signal.version) == ("1", 2)
    rows = Reliability.objects.filter(speaker__in=[one, other])
    assert [(row.answers, row.gold_answers, row.answers_alike) for row in rows] == [(6, 0, False)] * 2
    assert all(row.skill > 0.8 for row in rows)


def test_what_is_not_sure_hasty_or_of_another_language_is_not_weighed():
    clip, listener = make.clip(), make.speaker()
    make.vote(clip, Choice.UNSURE, by=listener)
    Vote.objects.create(clip=make.clip(), speaker=listener, choice=Choice.YES, standing="too-fast")
    make.vote(make.clip(prompt=make.prompt(language=make.language("br"))), Choice.YES, by=listener)
    weigh(make.language())
    assert not Signal.objects.exists()
    assert not Reliability.objects.exists()


def test_who_says_yes_to_all_gold_is_found():
    bot, honest = make.speaker(), make.speaker()
    for n in range(20):
        clip = make.gold(is_good=n % 2 == 0)
        for listener, choice in ((bot, Choice.YES), (honest, Choice.NO if n % 2 else Choice.YES)):
            Vote.objects.create(clip=clip, speaker=listener, choice=choice, standing="gold")
    weigh(make.language())
    found = {row.speaker: row for row in Reliability.objects.filter(speaker__in=[bot, honest])}
    assert (found[bot].skill, found[bot].answers_alike, found[bot].gold_answers) == (0.5, True, 20)
    assert found[honest].skill > 0.9
    assert not found[honest].answers_alike


def test_what_the_rule_decided_and_the_model_doubts_is_asked_again():
    sure, unsure = make.speaker(), make.speaker()
    for n in range(30):
        judged(sure, make.speaker(), make.speaker(), choices="yyy" if n % 2 else "nnn")
        judged(unsure, make.speaker(), make.speaker(), choices="nyy" if n % 2 else "ynn")
    doubtful = make.clip(state=ClipState.VALID, yes_count=2)
    for by in (unsure, make.speaker()):
        make.vote(doubtful, Choice.YES, by=by)
    certain = make.clip(state=ClipState.VALID, yes_count=2)
    for by in (sure, make.speaker()):
        make.vote(certain, Choice.YES, by=by)
    for _ in range(2):  # again it is the same
        weigh(make.language())
        assert [doubt.clip for doubt in Doubt.objects.all()] == [doubtful]


def test_who_was_heard_is_counted_by_speaker_and_variant():
    one, other, third = make.speaker(), make.speaker(), make.speaker()
    for speaker, variant, count in ((one, "Leon", 2), (other, "Leon", 1), (third, "Treger", 1)):
        for _ in range(count):
            recording = make.recording(speaker=speaker, variant=variant)
            make.clip(recording=recording, state=ClipState.VALID)
    make.clip(speaker=third)
    weigh(make.language())
    rows = {row.speaker: (row.clips, row.of_variant) for row in Heard.objects.all()}
    assert rows == {one: (2, 3), other: (1, 3), third: (1, 1)}


def test_a_language_is_weighed_once_a_night_and_what_was_handed_out_long_ago_is_forgotten():
    make.served(make.clip(), make.speaker(), ago=timedelta(days=40))
    judged(make.speaker())
    assert weigh_next()
    assert Signal.objects.count() == 1
    assert Weighing.objects.get().due_at > timezone.now()
    assert not weigh_next()
    Weighing.objects.update(due_at=timezone.now())
    assert weigh_next()


def test_what_a_crash_left_is_done_again_after_the_lease(monkeypatch):
    make.language()
    monkeypatch.setattr(weighing, "weigh", lambda language: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        weigh_next()
    assert not weigh_next()
    assert Weighing.objects.get().due_at < timezone.now() + weighing.LEASE
    monkeypatch.undo()
    Weighing.objects.update(due_at=timezone.now())
    assert weigh_next()


@pytest.mark.parametrize(("hour", "day"), [(1, 20), (3, 21), (15, 21)])
def test_the_night_is_at_three(hour, day):
    now = datetime(2026, 11, 20, hour, tzinfo=UTC)
    assert weighing._next_night(now) == datetime(2026, 11, day, 3, tzinfo=UTC)


def test_celery_and_the_embedded_worker_do_it(settings):
    clip = judged(make.speaker())
    weigh_task()
    assert posterior(clip)
    Weighing.objects.all().delete()
    assert "validation.weighing.weigh_next" in settings.EMBEDDED_WORK
    assert weigh_next()
    assert not weigh_next()


def test_many_votes_cost_few_queries(django_assert_max_num_queries):
    listeners = [make.speaker() for _ in range(5)]
    for _ in range(40):
        judged(*listeners, choices="yyyny")
    with django_assert_max_num_queries(30):
        weigh(make.language())
