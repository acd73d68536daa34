"""The pages for writing and reviewing sentences, as a browser without scripts uses them."""

import io

import pytest
from django.core.cache import cache

from languages.models import Language
from prompts import near, processing
from prompts.models import Prompt, Review, SentenceImport
from prompts.options import Flaw, Licence, Opinion
from prompts.reviewing import review
from prompts.states import PromptState
from tests import make
from tests.walks import from_the_beginning

pytestmark = pytest.mark.django_db
ORIGIN = {"source": "Myself", "licence": Licence.OWN_WORK, "evidence": ""}
WRITE, REVIEW = "/en/en/write/", "/en/en/review/"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    make.language()


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def submitted(words="", **fields):
    prompt = make.prompt(words, state=PromptState.SUBMITTED, **{"submitter": make.speaker()} | fields)
    near.remember([prompt])
    return prompt


def rejected_own(client):
    client.post(WRITE, ORIGIN | {"text": "Their was a storm."})
    prompt = Prompt.objects.get()
    for _ in range(2):
        review(prompt_id=prompt.pk, reviewer=make.speaker(), opinion=Opinion.REJECT, flaws=[Flaw.SPELLING])
    return prompt


# Writing


def test_sentences_are_sent_and_their_state_is_told(client):
    response = client.post(WRITE, ORIGIN | {"text": "The cat sleeps.\n\nA dog barks.", "domain": "general"})
    assert response.url == WRITE
    page = text(client.get(WRITE))
    assert "2 sentences were sent" in page
    assert page.count("waits for reviewers") == 2
    assert 'value="Myself"' in page  # and where they come from is remembered
    assert set(Prompt.objects.values_list("domain", flat=True)) == {"general"}


def test_what_cannot_be_used_comes_back_in_place_with_its_fault(client):
    page = text(client.post(WRITE, ORIGIN | {"text": "The cat sleeps.\nIt was 5 o'clock.\nThe BBC came."}))
    assert "1 sentence was sent" in page
    assert "digits" in page
    assert page.index("It was 5 o&#x27;clock.") < page.index("The BBC came.")
    client.post(WRITE, ORIGIN | {"line": ["It was five o'clock.", ""], "text": ""})
    assert Prompt.objects.count() == 2


def test_what_is_almost_the_same_is_sent_only_when_somebody_says_so(client):
    like = "The old baker went down to the harbour in the evening."
    client.post(WRITE, ORIGIN | {"text": "The old baker went down to the harbour in the morning."})
    page = text(client.post(WRITE, ORIGIN | {"text": like}))
    assert "in the morning" in page
    client.post(WRITE, ORIGIN | {"line": [like], "anyway": ["0"]})
    assert Prompt.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": " "}, "at least one sentence"),
        ({"source": ""}, "where the sentences come from"),
        ({"licence": Licence.CITATION}, "looked up"),
        ({"licence": "stolen"}, "may be used"),
        ({"text": "a\n" * 101}, "as a file"),
        ({"source": "nul\0"}, "origin"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(client, more, words):
    sent = ORIGIN | {"text": "The cat sleeps."} | more
    page = text(client.post(WRITE, sent), 400)
    assert words in page
    assert sent["text"].strip().split("\n")[0] in page


@pytest.mark.parametrize("path", [WRITE, REVIEW])
def test_a_paused_language_takes_nothing(client, path):
    Language.objects.update(state=Language.State.PAUSED)
    assert "takes no recordings" in text(client.post(path, ORIGIN | {"text": "The cat sleeps."}))
    assert not Prompt.objects.exists()


def test_sentences_are_written_before_a_language_opens(client):
    Language.objects.update(state=Language.State.PREPARING)
    client.post(WRITE, ORIGIN | {"text": "The cat sleeps."})
    assert Prompt.objects.exists()


def test_too_many_at_once_are_put_off(client, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"sentence": (1, 600)}
    client.post(WRITE, ORIGIN | {"text": "The cat sleeps."})
    assert "some minutes" in text(client.post(WRITE, ORIGIN | {"text": "A dog barks."}), 400)


# Correcting


def test_the_writer_is_told_why_and_sends_a_corrected_sentence(client):
    prompt = rejected_own(client)
    assert "a mistake in grammar or spelling" in text(client.get(WRITE))
    path = f"{WRITE}{prompt.pk}/"
    assert "a mistake in grammar or spelling" in text(client.get(path))
    assert "digits" in text(client.post(path, {"text": "There were 2 storms."}), 400)
    assert client.post(path, {"text": "There was a storm."}).url == WRITE
    page = text(client.get(WRITE))
    assert "There was a storm." in page
    assert "Their was a storm." not in page


def test_nobody_corrects_the_sentences_of_others(client, django_user_model):
    prompt = submitted()
    assert client.get(f"{WRITE}{prompt.pk}/").status_code == 404
    assert client.post(f"{WRITE}{prompt.pk}/", {"text": "Mine now."}).status_code == 404


# Files


def test_a_file_is_read_by_a_worker_and_its_report_is_for_the_sender(client, django_user_model):
    file = io.BytesIO(b"The cat sleeps.\nIt was 5 o'clock.\n")
    file.name = "sentences.txt"
    assert client.post(f"{WRITE}file/", ORIGIN | {"file": file}).url == WRITE
    assert "<progress" in text(client.get(WRITE))
    processing.process_next()
    page = text(client.get(WRITE))
    assert "1 sentence taken in" in page
    report = f"{WRITE}file/{SentenceImport.objects.get().pk}/"
    assert report in page
    assert b"digit" in b"".join(client.get(report).streaming_content)
    client.cookies.clear()
    assert client.get(report).status_code == 404


@pytest.mark.parametrize(("content", "words"), [(None, "choose a file"), (b"", "empty")])
def test_a_file_that_is_none_is_said_in_words(client, content, words):
    sent = {} if content is None else {"file": io.BytesIO(content)}
    client.post(f"{WRITE}file/", ORIGIN | sent)
    assert words in text(client.get(WRITE))


# Reviewing


def test_a_sentence_of_somebody_else_is_shown_and_judged(client):
    prompt = submitted("A dog barks at night.")
    page = text(client.get(REVIEW))
    assert "A dog barks at night." in page
    assert client.post(REVIEW, {"sentence": prompt.pk, "yes": "1"}).url == REVIEW
    prompt.refresh_from_db()
    assert prompt.approvals == 1
    assert "No sentence waits for you" in text(client.get(REVIEW))


@pytest.mark.parametrize(
    ("pressed", "opinion", "flaws"),
    [
        ({"no": "offensive-language"}, Opinion.REJECT, ["offensive-language"]),
        ({"no": ""}, Opinion.REJECT, []),
        ({"unsure": "1"}, Opinion.UNSURE, []),
    ],
)
def test_a_no_may_have_a_reason(client, pressed, opinion, flaws):
    client.post(REVIEW, {"sentence": submitted().pk} | pressed)
    said = Review.objects.get()
    assert (said.opinion, said.flaws) == (opinion, flaws)


def test_an_answer_can_be_taken_back(client):
    prompt = submitted("A dog barks at night.")
    client.post(REVIEW, {"sentence": prompt.pk, "no": ""})
    assert "Take it back" in text(client.get(REVIEW))
    client.post(REVIEW, {"sentence": prompt.pk, "undo": "1"})
    assert not Review.objects.exists()
    assert "A dog barks at night." in text(client.get(REVIEW))


def test_a_reviewer_sees_what_is_almost_the_same(client):
    near.remember([make.prompt("The old baker went down to the harbour in the morning.")])
    submitted("The old baker went down to the harbour in the evening.")
    assert "in the morning" in text(client.get(REVIEW))


@pytest.mark.parametrize("sentence", ["", "nonsense", "5f2b4d3a-0c1e-4f6a-9a77-3a5d3e1c0b11"])
def test_an_answer_about_nothing_is_said_in_words(client, sentence):
    assert client.post(REVIEW, {"sentence": sentence, "yes": "1"}).url == REVIEW
    assert 'class="error"' in text(client.get(REVIEW))


def test_pages_cost_the_same_for_many_rows(client, django_assert_max_num_queries):
    client.post(WRITE, ORIGIN | {"text": "The cat sleeps."})
    writer = Prompt.objects.get().submitter
    for path in (WRITE, REVIEW):
        client.get(path)
        with from_the_beginning(), django_assert_max_num_queries(30) as few:
            client.get(path)
        for _ in range(20):
            Review.objects.create(
                prompt=submitted(submitter=writer), speaker=make.speaker(), opinion="reject"
            )
            submitted()
        with from_the_beginning(), django_assert_max_num_queries(len(few)):
            client.get(path)
