"""Which question next, to be answered freely."""

import pytest

from prompts.options import Kind
from prompts.selection import next_prompts
from prompts.skipping import skip_prompt
from prompts.states import PromptState
from prompts.topics import next_topics
from tests import make

pytestmark = pytest.mark.django_db


def ask(speaker=None, count=10):
    return next_topics(language=make.language(), speaker=speaker, count=count)


def topic(**fields):
    return make.prompt(kind=Kind.TOPIC, **fields)


def test_questions_in_use_are_asked_and_sentences_are_not():
    asked = topic()
    topic(state=PromptState.SUBMITTED)
    topic(state=PromptState.RETIRED)
    topic(language=make.language("br"))
    sentence = make.prompt()
    assert ask() == [asked]
    assert next_prompts(language=make.language(), speaker=None, count=10) == [sentence]


def test_what_one_answered_or_passed_over_does_not_come_again():
    speaker, answered, skipped, left = make.speaker(), topic(), topic(), topic()
    make.recording(prompt=answered, speaker=speaker)
    skip_prompt(prompt_id=skipped.pk, speaker=speaker)
    assert ask(speaker) == [left]
    assert len(ask(make.speaker())) == 3


def test_those_with_the_fewest_answers_come_first_and_everybody_may_answer_them():
    often, seldom = topic(clips_count=40), topic()
    assert ask(make.speaker()) == ask(make.speaker()) == [seldom, often]


@pytest.mark.parametrize("many", [10, 100])
def test_asking_costs_one_query_however_many_there_are(many, django_assert_num_queries):
    for _ in range(many):
        topic()
    language, speaker = make.language(), make.speaker()
    with django_assert_num_queries(1):
        assert len(next_topics(language=language, speaker=speaker, count=60)) == min(many, 50)
