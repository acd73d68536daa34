"""What people tell of themselves: optional, theirs to change, kept with each recording as it was said."""

import uuid
from io import BytesIO

import pytest

from accounts import portrait
from accounts.models import Speaker
from common.errors import Refused
from languages.models import Accent, Language, Variant
from recordings import intake
from recordings.models import Recording
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def breton():
    language = make.language("br")
    Variant.objects.create(language=language, code="br-gwened", name="Gwenedeg")
    for name in ("Kernev", "Leon"):
        Accent.objects.create(language=language, name=name)
    return language


@pytest.fixture
def speaker(client):
    """The voice of the client's browser, which visited Breton last."""
    speaker = make.speaker()
    session = client.session
    session.update({"speaker": str(speaker.pk), "speakers": [str(speaker.pk)], "language": "br"})
    session.save()
    return speaker


def everything(language):
    return {
        "age": "thirties",
        "gender": "non-binary",
        "first_language": "fr",
        "variant-br": str(language.variants.get().pk),
        "accent-br": [str(accent.pk) for accent in language.accents.all()],
        "words-br": "  from\tthe | “isle” of\n Ouessant ",
    }


TOLD = {
    "age": "thirties",
    "gender": "non-binary",
    "first_language": "fr",
    "accents": "Kernev|Leon|from the “isle” of Ouessant",
    "variant": "Gwenedeg",
}
NOTHING = dict.fromkeys(TOLD, "")


def test_what_was_told_goes_with_recordings_from_then_on(client, breton, speaker):
    prompt = make.prompt(language=breton)
    take = intake.Take(uuid.uuid4(), BytesIO(b"before").read)
    intake.accept_take(take=take, speaker=speaker, prompt=prompt)
    assert client.post("/en/me/about/", everything(breton)).url == "/en/me/about/"
    speaker.refresh_from_db()
    later = intake.Take(uuid.uuid4(), BytesIO(b"after").read)
    intake.accept_take(take=later, speaker=speaker, prompt=prompt)
    kept = {row.take_id: {name: getattr(row, name) for name in TOLD} for row in Recording.objects.all()}
    assert kept == {take.take_id: NOTHING, later.take_id: TOLD}


def test_earlier_recordings_are_corrected_if_one_wishes_and_those_of_others_never(client, breton, speaker):
    own = make.recording(speaker=speaker, prompt=make.prompt(language=breton))
    other = make.recording(prompt=make.prompt(language=breton))
    english = make.recording(speaker=speaker)
    client.post("/en/me/about/", everything(breton) | {"earlier": "on"})
    rows = Recording.objects.in_bulk()
    assert {name: getattr(rows[own.pk], name) for name in TOLD} == TOLD
    assert {name: getattr(rows[other.pk], name) for name in TOLD} == NOTHING
    assert (rows[english.pk].age, rows[english.pk].accents, rows[english.pk].variant) == ("thirties", "", "")


def test_the_page_shows_what_was_told_and_takes_it_back(client, breton, speaker):
    client.post("/en/me/about/", everything(breton))
    page = client.get("/en/me/about/").content.decode()
    assert page.count(" selected") == 4
    assert page.count(" checked") == 2
    assert "of Ouessant" in page
    client.post("/en/me/about/", {})
    assert portrait.of(Speaker.objects.get(pk=speaker.pk), breton.pk) == NOTHING


def test_other_languages_stay_as_they_were(client, breton, speaker):
    client.post("/en/me/about/", everything(breton))
    english = make.language("en")
    told = Speaker.objects.get(pk=speaker.pk)
    portrait.describe(speaker=told, speeches=[portrait.Speech(english, own_words="Kentish")])
    assert portrait.of(told, breton.pk)["variant"] == "Gwenedeg"
    assert portrait.of(told, english.pk)["accents"] == "Kentish"


WRONG = [
    {"age": "old"},
    {"gender": "x"},
    {"first_language": "<script>"},
    {"variant-br": "0"},
    {"accent-br": ["0", "x"]},
]


@pytest.mark.parametrize("said", WRONG)
def test_what_was_not_offered_is_refused_and_nothing_changes(client, breton, speaker, said):
    client.post("/en/me/about/", everything(breton))
    page = client.post("/en/me/about/", everything(breton) | {"age": "fifties"} | said)
    assert "choose from what is offered" in page.content.decode()
    assert portrait.of(Speaker.objects.get(pk=speaker.pk), breton.pk) == TOLD


def test_choices_of_another_language_are_not_taken(breton):
    accent = Accent.objects.create(language=make.language("en"), name="Kentish")
    with pytest.raises(Refused):
        portrait.describe(
            speaker=make.speaker(), speeches=[portrait.Speech(breton, accents=(str(accent.pk),))]
        )


@pytest.mark.parametrize("words", ['a"b|c\td\r\ne\0f', "x" * 500, '""""', "|"])
def test_own_words_fit_into_a_table(breton, words):
    speaker = make.speaker()
    portrait.describe(speaker=speaker, speeches=[portrait.Speech(breton, own_words=words)])
    kept = portrait.of(speaker, breton.pk)["accents"]
    assert len(kept) <= 100
    assert not set(kept) & set('"|\t\r\n\0')


def test_somebody_new_is_told_why_it_helps_but_asked_nothing(client):
    page = client.get("/en/me/about/").content.decode()
    assert "Why it helps" in page
    assert "<select" not in page
    client.post("/en/me/about/", {"age": "fifties"})
    assert not Speaker.objects.exists()


@pytest.mark.parametrize("ui", ["en", "fr", "ar"])
def test_every_language_of_the_world_can_be_a_first_one(ui):
    tags = [tag for tag, _name in portrait.all_languages(ui)]
    assert len(tags) > 500
    assert {"br", "qu", "arz"} <= set(tags)


def test_the_page_costs_the_same_for_many_languages(
    client, breton, speaker, django_assert_num_queries, django_assert_max_num_queries
):
    make.recording(speaker=speaker, prompt=make.prompt(language=breton))
    with django_assert_max_num_queries(10) as few:
        client.get("/en/me/about/")
    for number in range(10):
        language = make.language(f"x-tongue{number}", state=Language.State.PAUSED)
        Accent.objects.create(language=language, name="own")
        make.recording(speaker=speaker, prompt=make.prompt(language=language))
    with django_assert_num_queries(len(few)):
        client.get("/en/me/about/")
