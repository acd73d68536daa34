"""The pages for recording and for one's own recordings."""

import pytest

from accounts.models import ConsentText
from prompts.options import Kind
from recordings.states import ClipState, RecordingState
from recordings.wording import REFUSALS
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def speaker(client):
    """The voice of the client's browser, which agreed to everything."""
    speaker = make.speaker()
    session = client.session
    session["speaker"] = str(speaker.pk)
    session["speakers"] = [str(speaker.pk)]
    session.save()
    return speaker


def test_somebody_new_is_asked_first(client):
    make.language("br")
    response = client.get("/en/br/speak/")
    assert response.url == "/en/consent/?next=%2Fen%2Fbr%2Fspeak%2F"


def test_the_page_brings_sentences_and_thresholds(client, speaker):
    language = make.language("en", audio_limits={"max_seconds": 20.0})
    prompts = {make.prompt(language=language).text for _ in range(30)}
    data = client.get("/en/en/speak/").context["data"]
    assert len(data["prompts"]) == 25
    assert {prompt["text"] for prompt in data["prompts"]} <= prompts
    assert data["speaker"] == str(speaker.pk)
    assert (data["limits"]["longestSeconds"], data["limits"]["shortestSeconds"]) == (20.0, 1.0)


def test_the_first_sentence_stands_in_the_page_itself(client, speaker):
    prompt = make.prompt("Nobody reads <b>tags</b> aloud.")
    page = client.get("/en/en/speak/").content.decode()
    assert "Nobody reads &lt;b&gt;tags&lt;/b&gt; aloud.</p>" in page
    assert f'lang="{prompt.language.tag}" dir="ltr"' in page


def test_without_sentences_it_is_said_so(client, speaker):
    make.language("en")
    assert 'data-view="empty"' in client.get("/en/en/speak/").content.decode()


def test_the_page_is_sent_compressed(client, speaker):
    make.prompt()
    answer = client.get("/en/en/speak/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"


def test_the_page_may_be_kept_for_offline_use(client, speaker):
    make.prompt()
    assert "no-store" not in client.get("/en/en/speak/").headers.get("Cache-Control", "")


def test_questions_come_with_limits_for_long_answers(client, speaker):
    language = make.language("en", audio_limits={"answer_seconds": 90.0})
    question = make.prompt("What did you do yesterday?", kind=Kind.TOPIC)
    make.prompt()
    response = client.get("/en/en/answer/")
    data = response.context["data"]
    assert (data["kind"], [each["id"] for each in data["prompts"]]) == ("topic", [str(question.pk)])
    assert (data["limits"]["longestSeconds"], data["limits"]["voicedShare"]) == (90.0, 0)
    assert "Answer in your own words, for up to 2 minutes:" in response.content.decode()
    assert client.get(f"/en/{language.tag}/speak/").context["data"]["kind"] == "sentence"


def test_who_agreed_to_reading_aloud_only_is_asked_before_they_answer(client, speaker):
    make.language("en")
    ConsentText.objects.update(version="1")
    assert client.get("/en/en/answer/").url == "/en/consent/?next=%2Fen%2Fen%2Fanswer%2F"
    assert client.get("/en/en/speak/").status_code == 200


def test_without_questions_it_is_said_so(client, speaker):
    make.language("en")
    page = client.get("/en/en/answer/").content.decode()
    assert 'data-view="empty"' in page
    assert "No question is left for you" in page


STATES = [
    ("open", "Waiting for listeners"),
    ("valid", "Approved"),
    ("invalid", "Listeners heard something else"),
]


@pytest.mark.parametrize(("state", "words"), STATES)
def test_a_clip_is_shown_with_its_state(client, speaker, state, words):
    clip = make.clip(speaker=speaker, state=ClipState(state))
    page = client.get("/en/me/").content.decode()
    assert words in page
    assert clip.prompt.text in page
    assert "<audio" in page


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_is_explained(client, speaker, code):
    make.recording(speaker=speaker, state=RecordingState.REFUSED, refusal=code, pcm_sha256="")
    page = client.get("/en/me/")
    assert str(REFUSALS[code]) in page.context["contributions"][0].reason
    assert "Not usable" in page.content.decode()


def test_nobody_sees_the_recordings_of_others(client, speaker):
    make.clip()
    assert "Nothing was sent with this voice yet." in client.get("/en/me/").content.decode()


def test_a_visitor_without_a_voice_sees_an_empty_list(client):
    make.clip()
    assert "Nothing was sent" in client.get("/en/me/").content.decode()


def test_the_list_costs_the_same_for_many(
    client, speaker, django_assert_num_queries, django_assert_max_num_queries
):
    for _ in range(2):
        make.clip(speaker=speaker)
    with django_assert_max_num_queries(8) as few:
        client.get("/en/me/")
    for _ in range(20):
        make.clip(speaker=speaker)
    with django_assert_num_queries(len(few)):
        client.get("/en/me/")


@pytest.mark.parametrize("page", ["2", "99", "-1", "x"])
def test_any_page_number_opens(client, speaker, page):
    make.clip(speaker=speaker)
    assert client.get("/en/me/", {"page": page}).status_code == 200
