"""The API's routes about sentences."""

import io

import pytest
from django.core.cache import cache

from prompts import near, processing
from prompts.models import Prompt
from prompts.states import PromptState
from tests import make
from tests.walks import from_the_beginning

pytestmark = pytest.mark.django_db
ORIGIN = {"source": "Myself", "licence": "own-work"}
BASE = "/api/v1/en/sentences"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    make.language()


def post(client, path, **body):
    return client.post(path, body, content_type="application/json")


def submitted(words="", **fields):
    prompt = make.prompt(words, state=PromptState.SUBMITTED, **{"submitter": make.speaker()} | fields)
    near.remember([prompt])
    return prompt


def test_sentences_are_sent_and_those_refused_come_back_with_reasons(client):
    answer = post(client, BASE, sentences=["The cat sleeps.", "It was 5 o'clock."], **ORIGIN).json()
    assert answer["accepted"] == 1
    [refused] = answer["refused"]
    assert (refused["position"], refused["code"], refused["detail"]) == (1, "digit", "5")
    [own] = client.get(f"{BASE}/own").json()
    assert (own["text"], own["state"], own["flaws"]) == ("The cat sleeps.", "submitted", [])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"sentences": ["The cat sleeps."], "source": "Myself"}, 400, "invalid"),
        ({"sentences": [], **ORIGIN}, 400, "invalid"),
        ({"sentences": ["A."], "source": "A book", "licence": "citation"}, 400, "no-evidence"),
    ],
)
def test_what_is_missing_is_a_problem_in_words(client, body, status, code):
    response = post(client, BASE, **body)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


def test_a_sentence_is_reviewed_and_the_answer_taken_back(client):
    near.remember([make.prompt("The old baker went down to the harbour in the morning.")])
    prompt = submitted("The old baker went down to the harbour in the evening.")
    [shown] = client.get(f"{BASE}/review").json()
    assert (shown["id"], shown["source"]) == (str(prompt.pk), "tests")
    assert shown["similar"] == "The old baker went down to the harbour in the morning."
    reviews = f"{BASE}/{prompt.pk}/reviews"
    assert post(client, reviews, opinion="reject", flaws=["unnatural"]).json() == {"state": "submitted"}
    assert client.get(f"{BASE}/review").json() == []
    assert client.delete(reviews).status_code == 204
    assert len(client.get(f"{BASE}/review").json()) == 1
    assert client.delete(reviews).status_code == 409


def test_one_does_not_review_ones_own(client):
    post(client, BASE, sentences=["The cat sleeps."], **ORIGIN)
    assert client.get(f"{BASE}/review").json() == []
    response = post(client, f"{BASE}/{Prompt.objects.get().pk}/reviews", opinion="approve")
    assert (response.status_code, response.json()["code"]) == (403, "own-sentence")


def test_ones_own_sentence_is_corrected(client):
    post(client, BASE, sentences=["Their was a storm."], **ORIGIN)
    prompt = Prompt.objects.get()
    answer = post(client, f"{BASE}/{prompt.pk}/corrections", text="There was a storm.").json()
    assert (answer["text"], answer["state"]) == ("There was a storm.", "submitted")
    assert post(client, f"{BASE}/{prompt.pk}/corrections", text="Again.").status_code == 404
    assert post(client, f"{BASE}/{submitted().pk}/corrections", text="Mine.").status_code == 404


def test_a_file_is_sent_and_followed(client):
    files = "/api/v1/en/sentence_files"
    file = io.BytesIO(b"The cat sleeps.\nIt was 5 o'clock.\n")
    response = client.post(files, ORIGIN | {"file": file})
    assert response.status_code == 202
    path = f"{files}/{response.json()['id']}"
    assert client.get(path).json()["state"] == "waiting"
    processing.process_next()
    done = client.get(path).json()
    assert (done["state"], done["accepted"], done["refused"]) == ("done", 1, 1)
    assert b"It was 5 o'clock." in b"".join(client.get(f"{path}/report").streaming_content)
    client.cookies.clear()
    assert client.get(path).status_code == 404
    assert client.get(f"{path}/report").status_code == 404


def test_lists_cost_the_same_for_many_rows(client, django_assert_max_num_queries):
    post(client, BASE, sentences=["The cat sleeps."], **ORIGIN)
    writer = Prompt.objects.get().submitter
    # Others' first: among one's own it would be chance how many are met at once
    for path, by in ((f"{BASE}/review?count=10", {}), (f"{BASE}/own", {"submitter": writer})):
        for _ in range(10):
            submitted(**by)
        client.get(path)
        with from_the_beginning(), django_assert_max_num_queries(30) as few:
            client.get(path)
        for _ in range(90):
            submitted(**by)
        with from_the_beginning(), django_assert_max_num_queries(len(few)):
            client.get(path)


def test_sentences_are_checked_while_they_are_written_and_nothing_is_kept(client):
    there = make.prompt("The cat sleeps.")
    sent = ["The dog is awake.", "It was 5 o'clock.", "The cat  sleeps!"]
    found = post(client, f"{BASE}/check", sentences=sent).json()
    assert [(each["position"], each["code"]) for each in found] == [(1, "digit"), (2, "duplicate")]
    assert "Found: “5”" in found[0]["words"]
    assert "It reads: “The cat sleeps.”" in found[1]["words"]
    assert Prompt.objects.get() == there
    assert "speaker" not in client.session


def test_what_a_check_finds_is_said_in_the_language_of_the_page(client):
    sent = {"sentences": ["It was 5 o'clock."]}
    asked = {"content_type": "application/json", "headers": {"accept-language": "fr"}}
    [found] = client.post(f"{BASE}/check", sent, **asked).json()
    assert "chiffres" in found["words"]
