"""Writing down what was spoken freely."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from common.errors import Refused
from prompts.options import Kind
from prompts.selection import next_prompts
from recordings.states import ClipState
from tests import make
from validation.models import Transcription
from validation.selection import next_clips
from validation.transcribing import next_to_review, next_to_write, review, write

pytestmark = pytest.mark.django_db
TEXT = "well it was [laugh] a long way"


def spoken(**fields):
    topic = make.prompt(kind=Kind.TOPIC)
    return make.clip(prompt=topic, state=ClipState.UNTRANSCRIBED, **fields)


def to_write(listener):
    return next_to_write(language=make.language(), listener=listener)


def to_review(listener):
    return next_to_review(language=make.language(), listener=listener)


def code_of(refused, **arguments):
    with pytest.raises(Refused) as no:
        refused(**arguments)
    return no.value.code


def test_what_one_wrote_and_another_accepted_is_judged_like_any_clip_and_read_by_nobody():
    clip, author, reviewer = spoken(), make.speaker(), make.speaker()
    assert to_write(author) == clip
    row = write(clip_id=clip.pk, author=author, text=f"  {TEXT}\n")
    assert to_write(make.speaker()) is None
    assert to_review(author) is None
    assert to_review(reviewer) == row
    review(transcription_id=row.pk, reviewer=reviewer, accept=True, text=TEXT)
    row.refresh_from_db()
    assert (row.opinion, row.text, row.reviewer) == ("accepted", TEXT, reviewer)
    [handed] = next_clips(language=make.language(), listener=make.speaker(), count=10)
    assert (handed, handed.prompt.text) == (clip, TEXT)
    assert next_prompts(language=make.language(), speaker=make.speaker(), count=10) == []


def test_a_reviewer_may_change_it():
    clip = spoken()
    row = write(clip_id=clip.pk, author=make.speaker(), text=TEXT)
    review(transcription_id=row.pk, reviewer=make.speaker(), accept=True, text="well, it was a long way")
    row.refresh_from_db()
    clip.refresh_from_db()
    assert (row.opinion, clip.prompt.text) == ("edited", "well, it was a long way")


def test_what_was_rejected_is_written_anew():
    clip, author = spoken(), make.speaker()
    row = write(clip_id=clip.pk, author=author, text=TEXT)
    review(transcription_id=row.pk, reviewer=make.speaker(), accept=False)
    assert to_write(make.speaker()) == clip
    assert write(clip_id=clip.pk, author=author, text="another").pk != row.pk


def test_nobody_writes_or_reviews_their_own():
    clip, author = spoken(), make.speaker()
    assert to_write(clip.speaker) is None
    assert code_of(write, clip_id=clip.pk, author=clip.speaker, text=TEXT) == "own-clip"
    row = write(clip_id=clip.pk, author=author, text=TEXT)
    for own in (author, clip.speaker):
        assert to_review(own) is None
        assert code_of(review, transcription_id=row.pk, reviewer=own, accept=True) == "own-text"


def test_the_second_who_writes_or_reviews_is_told_so():
    clip = spoken()
    row = write(clip_id=clip.pk, author=make.speaker(), text=TEXT)
    assert code_of(write, clip_id=clip.pk, author=make.speaker(), text=TEXT) == "written"
    review(transcription_id=row.pk, reviewer=make.speaker(), accept=True)
    assert code_of(review, transcription_id=row.pk, reviewer=make.speaker(), accept=False) == "reviewed"
    assert code_of(write, clip_id=clip.pk, author=make.speaker(), text=TEXT) == "clip-gone"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("…", "empty"),
        ('"Hello', "opening-quote"),
        ("NULL", "missing-word"),
        ("a" * 5001, "too-long"),
    ],
)
def test_a_text_that_no_table_can_hold_is_refused_in_words(text, code):
    assert code_of(write, clip_id=spoken().pk, author=make.speaker(), text=text) == code
    assert not Transcription.objects.exists()


def test_what_was_said_is_kept_though_no_sentence_may_have_it():
    row = write(clip_id=spoken().pk, author=make.speaker(), text="in 1984 it was * " + "very " * 30 + "big")
    assert row.text.startswith("in 1984")


@pytest.mark.parametrize(
    "broken",
    [
        {"text": ""},
        {"opinion": "accepted"},
        {"reviewed_at": timezone.now()},
        {"by_author": True},
        {"twice": True},
    ],
)
def test_the_database_refuses_what_cannot_be(broken):
    author, clip = make.speaker(), spoken()
    if broken.pop("twice", False):
        Transcription.objects.create(clip=clip, author=author, text="first")
    if broken.pop("by_author", False):
        broken |= {"reviewer": author, "opinion": "rejected", "reviewed_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Transcription.objects.create(**{"clip": clip, "author": author, "text": TEXT} | broken)


@pytest.fixture
def client_of_another():
    return Client()


def page_of(client):
    return client.get("/en/en/transcribe/")


def test_the_page_takes_a_text_and_another_browser_reviews_it(client, client_of_another):
    clip = spoken()
    assert page_of(client).context["clip"] == clip
    answer = client.post("/en/en/transcribe/", {"clip": clip.pk, "text": TEXT}, follow=True)
    assert "Nothing waits" in answer.content.decode()
    shown = page_of(client_of_another)
    assert TEXT in shown.content.decode()
    said = {"clip": clip.pk, "transcription": shown.context["text"].pk, "text": TEXT, "accept": "1"}
    client_of_another.post("/en/en/transcribe/", said)
    clip.refresh_from_db()
    assert (clip.state, clip.prompt.text) == (ClipState.OPEN, TEXT)


def test_what_was_typed_is_not_lost_when_it_is_refused(client):
    clip = spoken()
    answer = client.post("/en/en/transcribe/", {"clip": clip.pk, "text": '"Hello'})
    assert "&quot;Hello</textarea>" in answer.content.decode()
    assert 'class="error"' in answer.content.decode()


def test_what_was_skipped_does_not_come_again(client):
    client.post("/en/en/transcribe/", {"clip": spoken().pk, "skip": "1"})
    assert page_of(client).context["clip"] is None


@pytest.mark.parametrize(
    "sent", [{}, {"clip": "x"}, {"clip": "00000000-0000-0000-0000-000000000001", "transcription": "y"}]
)
def test_nonsense_is_said_in_words(client, sent):
    make.language()
    answer = client.post("/en/en/transcribe/", sent)
    assert (answer.status_code, 'class="error"' in answer.content.decode()) == (200, True)
