"""The page for judging clips, as browsers without scripts use it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from tests.walks import from_the_beginning
from validation import assigning
from validation.models import Assignment, ClipSkip, Vote

pytestmark = pytest.mark.django_db


def listener_of(client):
    return client.session["speaker"]


@pytest.fixture
def handed(client):
    """A clip that this browser was handed long enough ago to have heard it."""
    clip = make.clip()
    client.get("/en/en/listen/")
    Assignment.objects.update(served_at=timezone.now() - timedelta(minutes=1))
    return clip


def test_it_hands_out_clips_of_others_with_short_links(client):
    clip = make.clip()
    response = client.get("/en/en/listen/")
    [handed] = response.context["data"]["clips"]
    assert handed["id"] == str(clip.pk)
    assert handed["sentence"]["text"] == clip.prompt.text
    assert handed["audioSrc"].startswith("/private/")


def test_a_yes_counts(client, handed):
    response = client.post("/en/en/listen/", {"clip": handed.pk, "yes": "1"}, follow=True)
    vote = Vote.objects.get()
    assert (vote.clip, str(vote.speaker_id), vote.choice) == (handed, listener_of(client), "yes")
    assert vote.standing == "counts"
    assert "Thank you" in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "choice", "reasons"),
    [
        ({"no": "noise"}, "no", ["noise"]),
        ({"no": ""}, "no", []),
        ({"unsure": "1"}, "unsure", []),
    ],
)
def test_other_answers_count_too(client, handed, sent, choice, reasons):
    client.post("/en/en/listen/", {"clip": handed.pk} | sent)
    vote = Vote.objects.get()
    assert (vote.choice, vote.reasons) == (choice, reasons)


def test_a_skipped_clip_does_not_come_again(client):
    clip = make.clip()
    client.post("/en/en/listen/", {"clip": clip.pk, "skip": "1"})
    assert str(ClipSkip.objects.get().speaker_id) == listener_of(client)
    assert client.get("/en/en/listen/").context["clip"] is None


@pytest.mark.parametrize("clip", ["", "nonsense", str(uuid.UUID(int=1))])
def test_an_answer_about_nothing_is_said_in_words(client, clip):
    make.language("en")
    response = client.post("/en/en/listen/", {"clip": clip, "yes": "1"}, follow=True)
    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()


def test_a_clip_that_was_not_handed_out_is_said_in_words(client):
    response = client.post("/en/en/listen/", {"clip": make.clip().pk, "yes": "1"}, follow=True)
    assert 'class="error"' in response.content.decode()
    assert not Vote.objects.exists()


def test_an_unknown_reason_is_said_in_words(client, handed):
    response = client.post("/en/en/listen/", {"clip": handed.pk, "no": "bored"}, follow=True)
    assert 'class="error"' in response.content.decode()
    assert not Vote.objects.exists()


def test_without_clips_it_is_said_so(client):
    make.language("en")
    assert "No recording waits for listeners" in client.get("/en/en/listen/").content.decode()


def test_the_page_costs_no_more_for_many_clips(client, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(assigning, "GOLD_SHARE", 1)  # so that chance asks for no more
    monkeypatch.setattr(assigning, "SECOND_OPINIONS", 1)
    make.clip()
    client.get("/en/en/listen/")
    with from_the_beginning(), django_assert_max_num_queries(30) as few:
        client.get("/en/en/listen/")
    for _ in range(20):
        make.clip()
    with from_the_beginning(), django_assert_max_num_queries(len(few)):
        client.get("/en/en/listen/")
