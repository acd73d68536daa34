"""Sending sentences, and correcting them."""

import pytest
from django.db import IntegrityError, transaction

from common.errors import Refused
from prompts.lines import Line
from prompts.lookup import prompt_for_client
from prompts.models import Prompt
from prompts.options import Licence
from prompts.selection import next_prompts
from prompts.states import PromptState
from prompts.submitting import correct, submit
from prompts.wording import FAULTS
from tests import make

pytestmark = pytest.mark.django_db


def send(*texts, submitter=None, **said):
    origin = {"source": "Myself", "licence": Licence.OWN_WORK} | said
    return submit(
        language=make.language(),
        lines=[Line(number, text) for number, text in enumerate(texts, 1)],
        submitter=submitter or make.speaker(consenting=False),
        **origin,
    )


def code(call, **arguments):
    with pytest.raises(Refused) as no:
        call(**arguments)
    return no.value.code


def test_what_can_be_used_is_taken_and_the_rest_comes_back_with_its_fault():
    submitter = make.speaker(consenting=False)
    refused = send("The  cat sleeps.", "Call 112 now!", "THE CAT SLEEPS", submitter=submitter)
    assert [(no.line.number, no.code, no.detail) for no in refused] == [
        (2, "digit", "12"),
        (3, "abbreviation", "TH"),
    ]
    prompt = Prompt.objects.get()
    assert (prompt.text, prompt.state, prompt.submitter) == (
        "The cat sleeps.",
        PromptState.SUBMITTED,
        submitter,
    )
    assert (prompt.source, prompt.licence) == ("Myself", Licence.OWN_WORK)


def test_a_sentence_that_waits_for_review_is_not_read():
    send("The cat sleeps.")
    assert next_prompts(language=make.language(), speaker=make.speaker(), count=10) == []


def test_more_than_a_hundred_come_as_a_file():
    with pytest.raises(Refused) as no:
        send(*["The cat sleeps."] * 101)
    assert no.value.code == "many"


def test_the_database_wants_evidence_for_what_others_allow():
    with pytest.raises(IntegrityError, match="prompt_citation_has_evidence"), transaction.atomic():
        make.prompt(licence=Licence.CITATION)


def test_a_rejected_sentence_can_be_corrected_and_sent_again():
    before = make.prompt("Their was a storm.", state=PromptState.REJECTED, submitter=make.speaker())
    after = correct(prompt=before, text="There was  a storm.")
    before.refresh_from_db()
    assert (before.state, before.superseded_by) == (PromptState.REJECTED, after)
    assert (after.text, after.state, after.submitter) == (
        "There was a storm.",
        PromptState.SUBMITTED,
        before.submitter,
    )


def test_clips_stay_tied_to_the_text_that_was_read():
    clip = make.clip(prompt=make.prompt("Let us eat grandma."))
    after = correct(prompt=clip.prompt, text="Let us eat, grandma.", state=PromptState.IN_USE)
    clip.refresh_from_db()
    assert (clip.prompt.text, clip.prompt.state) == ("Let us eat grandma.", PromptState.RETIRED)
    assert [each.pk for each in next_prompts(language=make.language(), speaker=None, count=9)] == [after.pk]
    assert prompt_for_client(make.language(), "", "LET US EAT GRANDMA") == after
    assert prompt_for_client(make.language(), str(clip.prompt_id), "") == clip.prompt


def test_an_app_that_still_has_the_earlier_text_finds_its_sentence():
    before = make.prompt("The see is blue.")
    correct(prompt=before, text="The sea is blue.")
    assert prompt_for_client(make.language(), "", "The see is blue.") == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [("It was 5 o'clock.", "digit"), ("The cat sleeps!", "duplicate"), ("A storm came.", "unchanged")],
)
def test_a_correction_keeps_the_rules(text, expected):
    make.prompt("The cat sleeps.")
    assert code(correct, prompt=make.prompt("A storm came."), text=text) == expected
    assert expected in {*FAULTS, "unchanged"}


def test_a_sentence_is_corrected_once():
    prompt = make.prompt("A storm came.")
    correct(prompt=prompt, text="A storm came by.")
    assert code(correct, prompt=prompt, text="A storm went by.") == "decided"


def test_what_was_superseded_is_never_handed_out_again():
    prompt = make.prompt("A storm came.")
    correct(prompt=prompt, text="A storm came by.")
    with pytest.raises(IntegrityError, match="prompt_superseded_is_out"), transaction.atomic():
        Prompt.objects.filter(pk=prompt.pk).update(state=PromptState.IN_USE)


def test_a_state_follows_only_where_it_may():
    assert code(make.prompt(state=PromptState.RETIRED).move_to, state=PromptState.REJECTED) == "wrong-state"
    prompt = make.prompt()
    Prompt.objects.update(state=PromptState.RETIRED)
    assert code(prompt.move_to, state=PromptState.RETIRED) == "decided"
