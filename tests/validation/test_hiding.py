"""Hiding what several people reported."""

import pytest
from django.contrib.auth import get_user_model

from common.errors import Refused
from prompts.selection import next_prompts
from prompts.states import PromptState
from recordings.states import ClipState
from tests import make
from validation.hiding import settle
from validation.models import Hiding
from validation.options import Choice, Decision
from validation.reporting import report
from validation.selection import next_clips
from validation.voting import cast_vote

pytestmark = pytest.mark.django_db


def report_by(thing, kind, *reporters):
    for reporter in reporters:
        report(kind=kind, thing_id=thing.pk, reporter=reporter, reasons=["offensive-language", "of my own"])


def strangers(count):
    return [make.speaker(consenting=False) for _ in range(count)]


def moderator():
    return get_user_model().objects.create(username="moderator", is_staff=True, is_superuser=True)


def state_of(thing):
    thing.refresh_from_db()
    return thing.state


def test_the_third_person_who_reports_a_clip_hides_it():
    clip = make.clip()
    report_by(clip, "clip", *strangers(2))
    assert state_of(clip) == ClipState.OPEN
    report_by(clip, "clip", *strangers(1))
    assert state_of(clip) == ClipState.HIDDEN
    assert next_clips(language=make.language(), listener=make.speaker(), count=10) == []


def test_one_person_is_one_reporter_with_however_many_voices():
    clip, user = make.clip(), moderator()
    report_by(clip, "clip", *[make.speaker(user=user) for _ in range(4)])
    assert state_of(clip) == ClipState.OPEN


def test_a_language_says_how_many_hide_a_sentence():
    make.language(reports_to_hide=1)
    prompt = make.prompt()
    report_by(prompt, "sentence", *strangers(1))
    assert state_of(prompt) == PromptState.RETIRED
    assert next_prompts(language=make.language(), speaker=make.speaker(), count=10) == []


def test_what_one_reported_does_not_come_again():
    reporter, clip = make.speaker(), make.clip()
    report_by(clip, "clip", reporter)
    report_by(clip.prompt, "sentence", reporter)
    assert next_clips(language=make.language(), listener=reporter, count=10) == []
    assert next_prompts(language=make.language(), speaker=reporter, count=10) == []


def test_a_vote_does_not_bring_a_hidden_clip_back():
    clip = make.clip(votes="y")
    report_by(clip, "clip", *strangers(3))
    listener = make.speaker()
    make.served(clip, listener)
    cast_vote(clip_id=clip.pk, listener=listener, choice=Choice.YES)
    assert state_of(clip) == ClipState.HIDDEN


def test_dismissed_reports_bring_back_what_the_votes_made_of_it_and_count_no_longer():
    clip = make.clip(votes="yy")
    report_by(clip, "clip", *strangers(3))
    settle(hiding_id=Hiding.objects.get().pk, decision=Decision.DISMISSED, by=moderator())
    assert state_of(clip) == ClipState.VALID
    report_by(clip, "clip", *strangers(2))
    assert state_of(clip) == ClipState.VALID
    report_by(clip, "clip", *strangers(1))
    assert state_of(clip) == ClipState.HIDDEN


def test_upheld_reports_keep_it_hidden_and_nobody_decides_twice():
    prompt, by = make.prompt(), moderator()
    report_by(prompt, "sentence", *strangers(3))
    hiding = Hiding.objects.get()
    settle(hiding_id=hiding.pk, decision=Decision.UPHELD, by=by)
    with pytest.raises(Refused):
        settle(hiding_id=hiding.pk, decision=Decision.DISMISSED, by=by)
    report_by(prompt, "sentence", *strangers(3))
    assert state_of(prompt) == PromptState.RETIRED
    assert Hiding.objects.count() == 1


def test_a_moderator_decides_in_the_admin(admin_client):
    clip = make.clip()
    report_by(clip, "clip", *strangers(3))
    sent = {"action": "dismiss", "_selected_action": [Hiding.objects.get().pk]}
    for _ in range(2):
        answer = admin_client.post("/admin/validation/hiding/", sent, follow=True)
    assert "Somebody decided about this already." in answer.content.decode()
    assert (state_of(clip), Hiding.objects.get().decided_by.username) == (ClipState.OPEN, "admin")
