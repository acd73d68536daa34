"""What moderators see and do in the admin."""

import pytest

from recordings.models import Signal
from recordings.states import ClipState
from tests import make
from validation.models import Doubt, Gold, Hiding, Reliability
from validation.weighing import weigh

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(admin_client):
    return admin_client


def test_a_clip_shows_its_sound_its_votes_and_what_the_model_says(moderator):
    clip = make.stored_clip(votes="yy", state=ClipState.VALID)
    Signal.objects.create(clip=clip, name="posterior", value=0.93, unit="1", version=1)
    assert "0.93" in moderator.get("/admin/recordings/clip/").content.decode()
    page = moderator.get(f"/admin/recordings/clip/{clip.pk}/change/").content.decode()
    assert '<audio controls preload="none" src="/private/' in page
    assert page.count("field-standing") >= 2


def test_decided_clips_become_gold_and_others_do_not(moderator):
    clips = [make.clip(state=state) for state in (ClipState.VALID, ClipState.INVALID, ClipState.OPEN)]
    sent = {"action": "make_gold", "_selected_action": [clip.pk for clip in clips]}
    answer = moderator.post("/admin/recordings/clip/", sent, follow=True).content.decode()
    assert "2 clips are gold." in answer
    assert str(clips[2].pk) in answer
    assert {gold.clip: gold.is_good for gold in Gold.objects.all()} == {clips[0]: True, clips[1]: False}
    assert moderator.get("/admin/validation/gold/").status_code == 200


def test_listeners_that_can_be_trusted_least_stand_first(moderator):
    for skill in (0.9, 0.5):
        Reliability.objects.create(
            speaker=make.speaker(),
            language=make.language(),
            skill=skill,
            answers=9,
            gold_answers=0,
            answers_alike=False,
        )
    page = moderator.get("/admin/validation/reliability/").content.decode()
    assert page.index("0.5") < page.index("0.9")


def test_doubts_are_listed(moderator):
    clip = make.clip(state=ClipState.VALID)
    Doubt.objects.create(clip=clip, language=clip.language, posterior=0.61)
    assert str(clip.pk) in moderator.get("/admin/validation/doubt/").content.decode()


def test_what_is_hidden_can_be_heard_beside_its_reasons(moderator):
    clip = make.stored_clip(state=ClipState.HIDDEN)
    clip.reports.create(reason="a bell")
    row = Hiding.objects.create(clip=clip)
    page = moderator.get(f"/admin/validation/hiding/{row.pk}/change/").content.decode()
    assert "a bell" in page
    assert "<audio" in page


@pytest.mark.parametrize("page", ["report", "hiding", "gold", "doubt", "reliability"])
def test_nothing_is_written_by_hand(moderator, page):
    assert moderator.get(f"/admin/validation/{page}/").status_code == 200
    assert moderator.get(f"/admin/validation/{page}/add/").status_code == 403


def test_clips_are_listed_at_the_same_cost_after_weighing(moderator, django_assert_max_num_queries):
    for more in (10, 90):
        for _ in range(more):
            make.clip(votes="yy", state=ClipState.VALID)
        weigh(make.language())
        with django_assert_max_num_queries(12):
            moderator.get("/admin/recordings/clip/")
