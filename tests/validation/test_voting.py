"""Casting votes."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction

from common.errors import Refused
from recordings.states import ClipState
from tests import make
from validation.models import Assignment, Vote
from validation.options import Choice
from validation.verdict import Verdict
from validation.voting import cast_vote, undo

database = pytest.mark.django_db


def cast(clip, choice=Choice.YES, listener=None, **more):
    """Hand the clip to the listener, if they have it not yet, and cast their vote after they had time to listen."""
    listener = listener or make.speaker(consenting=False)
    had = [rows.filter(clip=clip, speaker=listener).exists() for rows in (Vote.objects, Assignment.objects)]
    if not any(had):
        make.served(clip, listener)
    return cast_vote(clip_id=clip.pk, listener=listener, choice=choice, **more)


@database
def test_the_second_yes_makes_a_clip_valid():
    clip = make.clip(votes="y")
    assert cast(clip) is Verdict.VALID
    clip.refresh_from_db()
    assert (clip.state, clip.yes_count, clip.no_count) == (ClipState.VALID, 2, 0)


@database
def test_a_later_no_opens_a_valid_clip_again():
    clip = make.clip(votes="yyn", state=ClipState.VALID)
    assert cast(clip, Choice.NO) is Verdict.OPEN


@database
def test_not_sure_counts_for_neither_side():
    clip = make.clip(votes="yu")
    assert cast(clip, Choice.UNSURE) is Verdict.OPEN


@database
def test_a_second_vote_replaces_the_first():
    clip, listener = make.clip(), make.speaker()
    cast(clip, Choice.YES, listener)
    cast(clip, Choice.NO, listener, reasons=["noise"])
    vote = Vote.objects.get(clip=clip)
    assert (vote.choice, vote.reasons) == (Choice.NO, ["noise"])


@database
def test_nobody_judges_their_own_voice():
    clip = make.clip()
    with pytest.raises(Refused) as no:
        cast(clip, listener=clip.speaker)
    assert no.value.code == "own-clip"


@database
def test_an_unknown_reason_is_refused_and_leaves_nothing():
    clip = make.clip()
    with pytest.raises(Refused) as no:
        cast(clip, Choice.NO, reasons=["ugly"])
    assert no.value.code == "unknown-reason"
    assert not clip.votes.exists()


@database
def test_a_clip_that_is_gone_is_refused():
    with pytest.raises(Refused) as no:
        cast_vote(clip_id=uuid.uuid4(), listener=make.speaker(), choice=Choice.YES)
    assert no.value.status == 404


@database
def test_the_history_has_a_row_whenever_the_votes_decide_otherwise():
    clip, listener = make.clip(votes="y"), make.speaker()
    cast(clip, Choice.UNSURE)
    cast(clip, Choice.YES, listener)
    cast(clip, Choice.YES)
    for _ in range(2):
        cast(clip, Choice.NO)
    undo(clip_id=clip.pk, listener=listener)
    rows = clip.judgements.values_list("verdict", "yes_count", "no_count", "rule_version")
    assert list(rows) == [("valid", 2, 0, 2), ("open", 2, 2, 2)]
    with pytest.raises(TypeError):
        clip.judgements.first().save()


@database
def test_one_of_the_last_five_votes_can_be_taken_back():
    listener, clips = make.speaker(), [make.clip(votes="y") for _ in range(6)]
    for clip in clips:
        cast(clip, Choice.YES, listener)
    assert undo(clip_id=clips[-1].pk, listener=listener) is Verdict.OPEN
    assert make.Clip.objects.get(pk=clips[-1].pk).yes_count == 1
    assert undo(clip_id=clips[1].pk, listener=listener) is Verdict.OPEN
    with pytest.raises(Refused) as no:
        undo(clip_id=clips[1].pk, listener=listener)
    assert no.value.code == "not-undoable"
    cast(clips[1], Choice.YES, listener)
    cast(clips[5], Choice.YES, listener)
    with pytest.raises(Refused):
        undo(clip_id=clips[0].pk, listener=listener)


@database
def test_nobody_judges_another_voice_of_their_account(django_user_model):
    user = django_user_model.objects.create(username="many voices")
    clip = make.clip(speaker=make.speaker(user=user))
    with pytest.raises(Refused) as no:
        cast(clip, listener=make.speaker(user=user))
    assert no.value.code == "own-clip"


@database
def test_a_clip_that_was_not_handed_to_one_cannot_be_judged():
    clip = make.clip()
    make.served(clip, make.speaker())
    with pytest.raises(Refused) as no:
        cast_vote(clip_id=clip.pk, listener=make.speaker(), choice=Choice.YES)
    assert (no.value.code, no.value.status) == ("not-served", 403)
    assert not clip.votes.exists()


@database
def test_what_was_handed_out_is_good_for_one_vote():
    clip, listener = make.clip(), make.speaker()
    cast(clip, Choice.YES, listener)
    clip.votes.all().delete()
    with pytest.raises(Refused) as no:
        cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
    assert no.value.code == "not-served"


@database
def test_what_was_taken_back_may_be_judged_anew():
    clip, listener = make.clip(), make.speaker()
    cast(clip, Choice.YES, listener)
    undo(clip_id=clip.pk, listener=listener)
    cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.NO)
    assert [(vote.choice, vote.standing) for vote in clip.votes.all()] == [("no", "counts")]


@database
def test_a_vote_faster_than_the_clip_can_be_heard_is_kept_but_decides_nothing():
    clip, hasty = make.clip(votes="y", duration_ms=500_000), make.speaker()
    make.served(clip, hasty, ago=timedelta(seconds=340))
    assert cast_vote(clip_id=clip.pk, listener=hasty, choice=Choice.YES) is Verdict.OPEN
    assert clip.votes.get(speaker=hasty).standing == "too-fast"
    clip.refresh_from_db()
    assert clip.yes_count == 1


@database
def test_a_vote_after_most_of_the_clip_counts():
    clip, listener = make.clip(votes="y", duration_ms=500_000), make.speaker()
    make.served(clip, listener, ago=timedelta(seconds=401))
    assert cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES) is Verdict.VALID


@database
def test_who_changes_a_hasty_answer_after_listening_is_counted():
    clip, listener = make.clip(), make.speaker()
    assignment = make.served(clip, listener, ago=timedelta(0))
    cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
    Vote.objects.update(served_at=assignment.served_at - timedelta(minutes=1))
    cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.NO)
    clip.refresh_from_db()
    assert (clip.yes_count, clip.no_count) == (0, 1)


@database
def test_no_more_is_counted_than_can_have_been_heard_since_a_set_was_handed_out():
    listener, clips = make.speaker(), [make.clip(duration_ms=100_000) for _ in range(5)]
    for clip in clips:
        make.served(clip, listener, ago=timedelta(seconds=250))
    for clip in clips:
        cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
    standings = listener.votes.order_by("pk").values_list("standing", flat=True)
    assert list(standings) == ["counts"] * 3 + ["too-fast"] * 2


@database
def test_votes_that_an_app_collected_offline_are_counted_together():
    listener, clips = make.speaker(), [make.clip(duration_ms=5000) for _ in range(20)]
    for clip in clips:
        make.served(clip, listener, ago=timedelta(days=6))
        cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
    assert listener.votes.filter(standing="counts").count() == 20


@database
def test_a_person_judges_a_clip_with_one_of_their_voices(django_user_model):
    user, clip = django_user_model.objects.create(username="many voices"), make.clip()
    cast(clip, Choice.YES, make.speaker(user=user))
    with pytest.raises(Refused) as no:
        cast(clip, Choice.YES, make.speaker(user=user))
    assert no.value.code == "judged"


@database
def test_one_vote_and_one_assignment_a_person_and_clip_by_constraint():
    clip, listener = make.clip(), make.speaker()
    make.vote(clip, Choice.YES, by=listener)
    make.served(clip, listener)
    for again in (lambda: make.vote(clip, Choice.NO, by=listener), lambda: make.served(clip, listener)):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


def test_fifty_equal_votes_at_once_are_one_vote(on_postgresql):
    clip, listener = make.clip(), make.speaker()
    start = Barrier(50)

    def vote(_):
        try:
            with connection.cursor():  # connected before the start
                start.wait(timeout=60)
            return cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
        finally:
            connections.close_all()

    make.served(clip, listener)
    with ThreadPoolExecutor(50) as threads:
        assert set(threads.map(vote, range(50))) == {Verdict.OPEN}
    clip.refresh_from_db()
    assert (clip.votes.count(), clip.yes_count, clip.judgements.count()) == (1, 1, 0)


def test_listeners_who_vote_at_once_are_all_counted(on_postgresql):
    clip, listeners = make.clip(), [make.speaker(consenting=False) for _ in range(20)]

    def vote(listener):
        try:
            return cast(clip, Choice.YES, listener)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        assert Verdict.VALID in set(threads.map(vote, listeners))
    clip.refresh_from_db()
    assert (clip.yes_count, clip.judgements.count()) == (20, 1)


@database
def test_a_vote_costs_a_fixed_number_of_queries(django_assert_max_num_queries):
    """Beside what opens and closes the transaction: the clip, its votes, the listener's time, and what is written."""
    clip = make.clip(votes="yn")
    listener = make.speaker()
    make.served(clip, listener)
    listener.is_only_voice = True  # as authentication found
    with django_assert_max_num_queries(9):
        cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
