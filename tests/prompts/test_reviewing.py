"""Reviewing sentences that were submitted."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.models import User
from common.errors import Refused
from prompts.models import Prompt, Review
from prompts.options import Flaw, Opinion
from prompts.reviewables import next_to_review
from prompts.reviewing import review, undo
from prompts.states import PromptState
from prompts.submitting import correct
from tests import make
from tests.walks import from_the_beginning

APPROVE, REJECT, UNSURE = Opinion.APPROVE, Opinion.REJECT, Opinion.UNSURE


def someone():
    return make.speaker(consenting=False)


def submitted(text="", **fields):
    return make.prompt(text, state=PromptState.SUBMITTED, **{"submitter": someone()} | fields)


def say(prompt, *opinions):
    return [review(prompt_id=prompt.pk, reviewer=someone(), opinion=each) for each in opinions]


def code(call, **arguments):
    with pytest.raises(Refused) as no:
        call(**arguments)
    return no.value.code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opinions", "states"),
    [
        ([APPROVE, APPROVE], ["submitted", "in_use"]),
        ([REJECT, APPROVE, APPROVE], ["submitted", "submitted", "in_use"]),
        ([REJECT, UNSURE, REJECT], ["submitted", "submitted", "rejected"]),
        ([UNSURE, UNSURE, UNSURE], ["submitted"] * 3),
    ],
)
def test_people_decide_whether_a_sentence_is_used(opinions, states):
    prompt = submitted()
    assert say(prompt, *opinions) == states
    prompt.refresh_from_db()
    assert prompt.state == states[-1]
    assert (prompt.approvals, prompt.rejections) == (opinions.count(APPROVE), opinions.count(REJECT))


@pytest.mark.django_db
def test_what_was_decided_is_decided():
    prompt = submitted()
    say(prompt, APPROVE, APPROVE)
    assert code(review, prompt_id=prompt.pk, reviewer=someone(), opinion=REJECT) == "decided"


@pytest.mark.django_db
def test_nobody_reviews_what_they_sent_whatever_voice_they_use():
    user = User.objects.create(username="two voices")
    one, other = make.speaker(user=user, consenting=False), make.speaker(user=user, consenting=False)
    prompt = submitted(submitter=one)
    for voice in (one, other):
        assert code(review, prompt_id=prompt.pk, reviewer=voice, opinion=APPROVE) == "own-sentence"
        assert next_to_review(language=prompt.language, reviewer=voice, count=10) == []


@pytest.mark.django_db
def test_the_database_refuses_a_review_of_ones_own_sentence_and_a_second_one():
    prompt = submitted()
    with pytest.raises(IntegrityError, match="review_not_of_own"), transaction.atomic():
        Review.objects.create(
            prompt=prompt, speaker=prompt.submitter, submitter=prompt.submitter, opinion=APPROVE
        )
    reviewer = someone()
    Review.objects.create(prompt=prompt, speaker=reviewer, opinion=APPROVE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(prompt=prompt, speaker=reviewer, opinion=REJECT)


@pytest.mark.django_db
def test_one_person_counts_once_and_may_think_again():
    prompt, reviewer = submitted(), someone()
    for opinion in (APPROVE, APPROVE, REJECT):
        assert review(prompt_id=prompt.pk, reviewer=reviewer, opinion=opinion) == PromptState.SUBMITTED
    prompt.refresh_from_db()
    assert (prompt.approvals, prompt.rejections) == (0, 1)


@pytest.mark.django_db
def test_unknown_sentences_and_flaws_are_refused():
    prompt, reviewer = submitted(), someone()
    assert (
        code(review, prompt_id=prompt.pk, reviewer=reviewer, opinion=REJECT, flaws=["ugly"])
        == "unknown-reason"
    )
    assert code(review, prompt_id=reviewer.pk, reviewer=reviewer, opinion=APPROVE) == "prompt-gone"


@pytest.mark.django_db
def test_an_opinion_can_be_taken_back_and_the_sentence_waits_again():
    prompt, reviewer = submitted(), someone()
    say(prompt, REJECT)
    review(prompt_id=prompt.pk, reviewer=reviewer, opinion=REJECT, flaws=[Flaw.SPELLING])
    assert undo(prompt_id=prompt.pk, reviewer=reviewer) == PromptState.SUBMITTED
    prompt.refresh_from_db()
    assert (prompt.state, prompt.rejections) == (PromptState.SUBMITTED, 1)
    assert code(undo, prompt_id=prompt.pk, reviewer=reviewer) == "not-undoable"


@pytest.mark.django_db
def test_only_the_last_five_opinions_can_be_taken_back():
    reviewer = someone()
    prompts = [submitted() for _ in range(6)]
    for prompt in prompts:
        review(prompt_id=prompt.pk, reviewer=reviewer, opinion=APPROVE)
    assert code(undo, prompt_id=prompts[0].pk, reviewer=reviewer) == "not-undoable"
    assert undo(prompt_id=prompts[1].pk, reviewer=reviewer) == PromptState.SUBMITTED


@pytest.mark.django_db
def test_an_opinion_that_others_went_on_with_stays():
    prompt, reviewer = submitted(), someone()
    say(prompt, APPROVE)
    review(prompt_id=prompt.pk, reviewer=reviewer, opinion=APPROVE)
    Prompt.objects.update(clips_count=1)
    assert code(undo, prompt_id=prompt.pk, reviewer=reviewer) == "in-use"
    assert Review.objects.filter(speaker=reviewer).exists()

    rejected = submitted("Their is a mistake in it.")
    say(rejected, REJECT)
    review(prompt_id=rejected.pk, reviewer=reviewer, opinion=REJECT)
    rejected.refresh_from_db()
    correct(prompt=rejected, text="There is no mistake in it.")
    assert code(undo, prompt_id=rejected.pk, reviewer=reviewer) == "in-use"


@pytest.mark.django_db
def test_those_nearest_to_a_decision_come_first_and_none_comes_again():
    prompts = [submitted() for _ in range(4)]
    say(prompts[2], APPROVE)
    reviewer = someone()
    first, *_others = next_to_review(language=prompts[0].language, reviewer=reviewer, count=4)
    assert first == prompts[2]
    review(prompt_id=first.pk, reviewer=reviewer, opinion=UNSURE)
    left = next_to_review(language=prompts[0].language, reviewer=reviewer, count=10)
    assert {prompt.pk for prompt in left} == {prompt.pk for prompt in prompts if prompt != first}


@pytest.mark.django_db
def test_choosing_costs_the_same_for_many(django_assert_max_num_queries, django_assert_num_queries):
    language, reviewer = make.language(), someone()
    for _ in range(10):
        submitted()
    next_to_review(language=language, reviewer=reviewer, count=10)
    with from_the_beginning(), django_assert_max_num_queries(12) as few:
        assert len(next_to_review(language=language, reviewer=reviewer, count=10)) == 10
    for _ in range(90):
        submitted()
    with from_the_beginning(), django_assert_max_num_queries(len(few)):
        assert len(next_to_review(language=language, reviewer=reviewer, count=10)) == 10


def test_many_opinions_at_once_decide_once(on_postgresql):
    prompt = submitted()
    reviewers = [someone() for _ in range(12)]

    def approve(reviewer):
        try:
            return review(prompt_id=prompt.pk, reviewer=reviewer, opinion=APPROVE)
        except Refused as no:
            return no.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(reviewers)) as threads:
        answers = sorted(threads.map(approve, reviewers))
    assert answers == ["decided"] * 10 + ["in_use", "submitted"]
    prompt.refresh_from_db()
    assert (prompt.state, prompt.approvals) == (PromptState.IN_USE, 2)
