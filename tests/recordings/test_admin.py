"""Recordings in the admin."""

import pytest

from recordings.states import RecordingState
from tests import make

pytestmark = pytest.mark.django_db
URL = "/admin/recordings/recording/"


def set_aside(**who):
    return make.recording(
        state=RecordingState.QUARANTINED, refusal="failed", attempts=3, pcm_sha256="", **who
    )


def test_what_was_set_aside_is_tried_again_if_its_speaker_agreed(admin_client):
    agreed, not_agreed = set_aside(), set_aside(speaker=make.speaker(consenting=False))
    page = admin_client.post(
        URL, {"action": "let_go_on", "_selected_action": [agreed.pk, not_agreed.pk]}, follow=True
    ).content.decode()
    assert "1 recording is tried again" in page
    assert "has not agreed" in page
    for row in (agreed, not_agreed):
        row.refresh_from_db()
    assert (agreed.state, agreed.attempts) == (RecordingState.RECEIVED, 0)
    assert not_agreed.state == RecordingState.QUARANTINED


def test_a_recording_can_be_looked_at_and_not_changed_or_deleted(admin_client):
    row = make.recording()
    assert admin_client.get(f"{URL}{row.pk}/change/").status_code == 200
    assert admin_client.get(f"{URL}{row.pk}/delete/").status_code == 403
    assert admin_client.get(f"{URL}add/").status_code == 403


@pytest.mark.parametrize(
    "url", [URL, "/admin/validation/report/", "/admin/prompts/prompt/", "/admin/languages/language/"]
)
def test_lists_cost_the_same_for_many_rows(admin_client, url, django_assert_max_num_queries):
    for _ in range(20):
        clip = make.clip()
        clip.reports.create(reason="other")
    with django_assert_max_num_queries(12):
        assert admin_client.get(url).status_code == 200
