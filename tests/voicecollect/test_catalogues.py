"""The words of the interface are there in every language, whole."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from voicecollect import catalogues

OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")
TEMPLATES = sorted((settings.BASE_DIR / "frontend" / "templates").rglob("*.html"))
# Names and signs that are the same in every language, and the page for when nothing works, which says all at once
SAME_EVERYWHERE = re.compile(
    r"VoiceCollect|CC0 1\.0|SHA-256|SHA256SUMS|Ctrl|Enter|Esc|UTC|\b[A-Z]\b|withdrawn\.json|\w*\.tsv"
)
ALL_AT_ONCE = {"500.html"}


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_lacks_a_translation(language):
    assert catalogues.missing(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_what_is_filled_in(language):
    for message in catalogues.read(language):
        if message.id and isinstance(message.id, str):
            assert set(PLACEHOLDER.findall(message.id)) == set(PLACEHOLDER.findall(message.string)), (
                message.id
            )


@pytest.mark.parametrize("language", OTHERS)
def test_catalogues_can_be_compiled(language):
    assert [(message.id, faults) for message, faults in catalogues.read(language).check()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_plural_translations_fill_in_nothing_that_is_not_there(language):
    for message in catalogues.read(language):
        if isinstance(message.id, tuple):
            given = set(PLACEHOLDER.findall(" ".join(message.id)))
            assert all(set(PLACEHOLDER.findall(form)) <= given for form in message.string), message.id
            assert all(name.startswith("%(") for name in given), message.id  # "two" leaves its number out


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_of_a_text_that_is_gone(language):
    known = {message.id for message in catalogues.words()}
    assert [message.id for message in catalogues.read(language) if message.id not in known] == []


# Signs that are written otherwise: a space that may break before a sign, a straight apostrophe; signs of Latin scripts
MISWRITTEN = {"fr": r" [:;?!»]|« |'|\.\.\.", "ar": r"[?;']|(?<=[\u0600-\u06ff]),"}


@pytest.mark.parametrize("language", OTHERS)
def test_translations_are_written_with_the_signs_of_their_language(language):
    said = [form for message in catalogues.read(language) if message.id for form in forms_of(message)]
    assert [form for form in said if re.search(MISWRITTEN[language], form)] == []


def forms_of(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_arabic_has_six_plural_forms():
    plural = [message for message in catalogues.read("ar") if isinstance(message.id, tuple)]
    assert plural
    assert all(len(message.string) == 6 and all(message.string) for message in plural)


def test_arabic_plurals_follow_the_number():
    with translation.override("ar"):
        said = [
            translation.ngettext("%(number)s voice", "%(number)s voices", number) % {"number": number}
            for number in (1, 2, 3, 11, 100)
        ]
    assert said == ["صوت واحد", "صوتان", "3 أصوات", "11 صوتًا", "100 صوت"]


def test_a_text_without_a_translation_is_missed(monkeypatch):
    catalog = Catalog(locale="fr")
    catalog.add("Speak", "")
    monkeypatch.setattr(catalogues, "read", lambda language: catalog)
    assert "Speak" in catalogues.missing("fr")
    assert "Listen" in catalogues.missing("fr")


def test_updating_keeps_what_is_translated(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    catalogues.update("fr")
    path = catalogues.path_of("fr")
    path.write_text(path.read_text().replace('msgid "Speak"\nmsgstr ""', 'msgid "Speak"\nmsgstr "Parler"'))
    catalogues.update("fr")
    with path.open("rb") as file:
        assert read_po(file).get("Speak").string == "Parler"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_words_that_can_not_be_translated(path):
    text = path.read_text(encoding="utf-8")
    for pattern in (
        r"{% block body_class %}.*?{% endblock %}",
        r"(?s){% blocktranslate.*?{% endblocktranslate %}",
        r"(?s)<pre.*?</pre>",
        r"(?s){#.*?#}|{%.*?%}|{{.*?}}",
        r"(?s)<!--.*?-->",
    ):
        text = re.sub(pattern, " ", text)
    said = re.findall(r"""(?:alt|title|placeholder|aria-label|content)="([^"]*[A-Za-z]{3}[^"]*)\"""", text)
    said = [words for words in said if not re.fullmatch(r"width=device-width.*|#\w+", words)]
    text = SAME_EVERYWHERE.sub("", re.sub(r"(?s)<[^>]*>", " ", text))
    left = re.findall(r"[^\W\d_]{2,}", text) if path.name not in ALL_AT_ONCE else []
    assert left + said == []
