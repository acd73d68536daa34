"""Recordings in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import consent, roles
from accounts.options import Role
from recordings.models import Reading
from recordings.states import ReadingState, RecordingState
from tests import make
from tests.conftest import signed_in_twice

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


@pytest.fixture
def organiser_of_english(client, django_user_model):
    """A browser of somebody who organises English alone."""
    user = django_user_model.objects.create_user("organiser", "organiser@example.org", "a long pass phrase")
    roles.give(user=user, role=Role.ORGANISER, language=make.language("en"), actor="command:test")
    return signed_in_twice(client, user)


def sent_file(browser, **fields):
    file = SimpleUploadedFile("reading.wav", b"RIFF")
    return browser.post(
        "/admin/recordings/reading/add/", {"file": file, "agreed": "on"} | fields, follow=True
    )


def test_an_organiser_sends_a_sentence_read_aloud_and_erases_it(organiser_of_english):
    prompt = make.prompt()
    assert sent_file(organiser_of_english, prompt=prompt.pk).status_code == 200
    reading = Reading.objects.get()
    assert (reading.prompt, reading.state) == (prompt, ReadingState.WAITING)
    chosen = {"action": "delete_selected", "_selected_action": [reading.pk], "post": "yes"}
    organiser_of_english.post("/admin/recordings/reading/", chosen)
    assert not Reading.objects.exists()


def test_what_is_wrong_with_a_reading_is_said_beside_the_form(admin_client):
    page = sent_file(admin_client, prompt=make.prompt().pk, agreed="").content.decode()
    assert "has to agree" in page
    assert "Choose one sentence" in sent_file(admin_client).content.decode()
    assert not Reading.objects.exists()


def test_who_organises_one_language_sends_no_reading_for_another_or_of_the_consent_text(organiser_of_english):
    other = make.prompt(language=make.language("br"))
    for of in ({"prompt": other.pk}, {"text": consent.current_text("en").pk}):
        assert "not for this text" in sent_file(organiser_of_english, **of).content.decode()
    assert not Reading.objects.exists()


def test_readings_are_listed_found_by_their_reader_and_can_be_heard(
    admin_client, django_assert_max_num_queries
):
    readings = [make.reading(reader=make.speaker()) for _ in range(20)]
    with django_assert_max_num_queries(12):
        admin_client.get("/admin/recordings/reading/")
    page = admin_client.get(f"/admin/recordings/reading/?q={readings[0].reader_id}").content.decode()
    assert str(readings[0].pk) in page
    assert str(readings[1].pk) not in page
    assert (
        "<audio controls"
        in admin_client.get(f"/admin/recordings/reading/{readings[0].pk}/change/").content.decode()
    )


def test_staff_see_which_texts_in_force_nobody_has_read_aloud(admin_client):
    make.reading(text=consent.current_text("fr"))
    page = admin_client.get("/admin/accounts/consenttext/").content.decode()
    assert page.count('alt="True"') == 4  # three in force, and one read aloud
    assert page.count('alt="False"') == 2
