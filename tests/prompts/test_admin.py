"""What organisers and moderators do in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEntry
from languages.models import Language
from prompts import processing
from prompts.models import Prompt, SentenceImport
from prompts.states import PromptState
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def sentences():
    make.language()
    return [make.prompt(state=PromptState.SUBMITTED, submitter=make.speaker()) for _ in range(3)]


def act(client, page, action, rows, **more):
    sent = {"action": action, "_selected_action": [row.pk for row in rows]} | more
    return client.post(reverse(f"admin:{page}_changelist"), sent, follow=True)


def states():
    return sorted(Prompt.objects.values_list("state", flat=True))


def test_many_sentences_are_approved_at_once_and_it_is_logged(admin_client, sentences):
    act(admin_client, "prompts_prompt", "approve", sentences[:2])
    assert states() == ["in_use", "in_use", "submitted"]
    assert AuditEntry.objects.filter(act="sentence.in_use").count() == 2


def test_rejecting_and_retiring_need_a_reason(admin_client, sentences):
    response = act(admin_client, "prompts_prompt", "reject", sentences)
    assert "Please say why." in response.content.decode()
    assert states() == ["submitted"] * 3
    act(admin_client, "prompts_prompt", "reject", sentences[:1], reason="It is a slogan.")
    sentences[0].refresh_from_db()
    assert (sentences[0].state, sentences[0].note) == (PromptState.REJECTED, "It is a slogan.")
    act(admin_client, "prompts_prompt", "approve", sentences[1:2])
    act(admin_client, "prompts_prompt", "retire", sentences[1:2], reason="Read often enough.")
    assert states() == ["rejected", "retired", "submitted"]


def test_a_corrected_text_takes_the_place_of_a_sentence_in_use(admin_client):
    prompt = make.clip(prompt=make.prompt("The see is blue.")).prompt
    page = reverse("admin:prompts_prompt_change", args=[prompt.pk])
    assert "digits" in admin_client.post(page, {"corrected": "The 7 seas.", "domain": ""}).content.decode()
    assert admin_client.post(page, {"corrected": "The sea is blue.", "domain": "general"}).status_code == 302
    prompt.refresh_from_db()
    assert (prompt.state, prompt.superseded_by.text) == (PromptState.RETIRED, "The sea is blue.")
    assert prompt.superseded_by.state == PromptState.IN_USE
    assert AuditEntry.objects.filter(act="sentence.correct").exists()


def test_what_its_state_forbids_is_said_in_words(admin_client, sentences):
    response = act(admin_client, "prompts_prompt", "retire", sentences[:1], reason="No.")
    assert "not in a state for that" in response.content.decode()


def test_a_language_is_made_in_a_minute_and_opened_once_it_is_ready(admin_client):
    page = "languages_language"
    inlines = {
        f"{name}-{of}": "0" for name in ("variants", "accents") for of in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    sent = inlines | {
        "tag": "x-mytongue", "english_name": "My tongue", "native_name": "Lengva", "other_names": "",
        "direction": "ltr",
        "goal_hours": "10", "clips_per_prompt": "5", "audio_limits": "{}", "sentences_to_open": "1",
        "domains_to_open": "0", "reviewers_to_open": "0", "quorum": "2", "reports_to_hide": "3",
    }  # fmt: skip
    assert admin_client.post(reverse(f"admin:{page}_add"), sent).status_code == 302
    language = Language.objects.get()
    response = act(admin_client, page, "open", [language])
    assert "0/1 sentences" in response.content.decode()
    make.prompt(language=language)
    act(admin_client, page, "open", [language])
    language.refresh_from_db()
    assert language.state == Language.State.OPEN
    act(admin_client, page, "pause", [language])
    language.refresh_from_db()
    assert language.state == Language.State.PAUSED
    assert (
        "1/1 sentences"
        in admin_client.get(reverse(f"admin:{page}_change", args=[language.pk])).content.decode()
    )


def test_a_tag_that_is_none_is_said_in_words(admin_client):
    response = admin_client.post(reverse("admin:languages_language_add"), {"tag": "No tag!"})
    assert "This is not a language tag" in response.content.decode()


def test_an_organiser_sends_a_file_and_follows_it(admin_client):
    language = make.language()
    file = SimpleUploadedFile("sentences.txt", b"The cat sleeps.\nIt was 5 o'clock.\n")
    sent = {
        "language": language.pk,
        "source": "A book",
        "licence": "public-domain",
        "reviewed": "on",
        "file": file,
    }
    add = reverse("admin:prompts_sentenceimport_add")
    assert admin_client.post(add, sent).status_code == 302
    job = SentenceImport.objects.get()
    processing.process_next()
    page = admin_client.get(reverse("admin:prompts_sentenceimport_changelist")).content.decode()
    assert "100 %" in page
    assert Prompt.objects.get().state == PromptState.IN_USE
    report = reverse("admin:sentence-report", args=[job.pk])
    assert report in page
    assert b"digit" in b"".join(admin_client.get(report).streaming_content)
    assert admin_client.get(reverse("admin:prompts_sentenceimport_change", args=[job.pk])).status_code == 200


def test_a_file_without_evidence_is_refused_beside_the_form(admin_client):
    file = SimpleUploadedFile("sentences.txt", b"The cat sleeps.\n")
    sent = {"language": make.language().pk, "source": "A book", "licence": "citation", "file": file}
    response = admin_client.post(reverse("admin:prompts_sentenceimport_add"), sent)
    assert "looked up" in response.content.decode()
    assert not SentenceImport.objects.exists()


def test_the_report_is_not_for_everybody(client):
    job = SentenceImport.objects.create(language=make.language(), source="s", licence="own-work", size=1)
    assert client.get(reverse("admin:sentence-report", args=[job.pk])).status_code == 302


def test_the_queue_costs_the_same_for_many_rows(admin_client, sentences, django_assert_max_num_queries):
    path = reverse("admin:prompts_prompt_changelist")
    with django_assert_max_num_queries(30) as few:
        admin_client.get(path)
    for _ in range(30):
        make.prompt(state=PromptState.SUBMITTED, submitter=make.speaker())
    with django_assert_max_num_queries(len(few)):
        admin_client.get(path)
