"""Cleaning, faults and keys of sentences: tables of cases, and what holds for every text."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prompts.cleaning import (
    CHECKS,
    FAULTS,
    MISSING_WORDS,
    RULES,
    Fault,
    RulesError,
    clean,
    faults,
    key,
    load_rules,
    read_rules,
)

LANGUAGES = sorted(path.stem for path in RULES.glob("*.yaml"))

# Plain sentences almost never break a rule, so texts are made of what could.
DANGEROUS = st.sampled_from(
    list('"\t\r\n\0\x85\u2028\ufeff\u202e\u200b\u200d\u00a0 \u0301eéA1.\ud800') + sorted(MISSING_WORDS)
)
TEXTS = st.one_of(
    st.text(st.characters(codec=None)),
    st.lists(DANGEROUS).map("".join),
    st.tuples(DANGEROUS, st.just("plain words"), DANGEROUS).map("".join),
)


def codes(text, tag="en"):
    return [fault.code for fault in faults(text, load_rules(tag))]


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        ("  Two   spaces. ", "Two spaces."),
        ("A\ttab,\r\na line\x0b and\u2028another\x85one.", "A tab, a line and another one."),
        ("Ça va\u00a0? Oui\u202f!", "Ça va ? Oui !"),
        ("Cafe\u0301", "Café"),
        ("e\u200e\u0301", "é"),
        ("over\u202eridden\u202c", "overridden"),
        ("\ufeffsoft\u00adly\0 \x1b[broken", "softly [broken"),
        ("half \ud800 a pair", "half a pair"),
        ("", ""),
        (" \t\n\u200e", ""),
    ],
)
def test_clean_folds_and_strips(dirty, cleaned):
    assert clean(dirty, load_rules("en")) == cleaned


@pytest.mark.parametrize(
    ("tag", "text", "cleaned"),
    [
        ("en", "co\u200cop\u200d", "coop"),
        ("hi", "क्\u200dष क्\u200cष\u200b", "क्\u200dष क्\u200cष"),
        ("fa", "می\u200cخواهم", "می\u200cخواهم"),
        ("th", "ไป\u200bตลาด\u200d", "ไป\u200bตลาด"),
    ],
)
def test_clean_keeps_the_joiners_that_a_language_spells_with(tag, text, cleaned):
    assert clean(text, load_rules(tag)) == cleaned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The kettle is boiling over.", []),
        ('She said "stop" and left.', []),
        ("“Stop,” she said.", []),
        ("I know that I can.", []),
        ("", [Fault("empty", "")]),
        ("  … !", [Fault("empty", "")]),
        ('"Stop," she said.', [Fault("opening-quote", '"')]),
        ("NULL", [Fault("missing-word", "NULL"), Fault("abbreviation", "NU")]),
        ("nan", [Fault("missing-word", "nan")]),
        ("None", [Fault("missing-word", "None")]),
        ("None of them came.", []),
        ("word " * 13 + "word", []),
        ("word " * 14 + "word", [Fault("many-words", "15 > 14")]),
        ("a - b – c " * 4 + "d e", []),
        ("o" * 140, []),
        ("o" * 141, [Fault("many-characters", "141 > 140")]),
        ("We met 12 times in 2 years.", [Fault("digit", "12")]),
        ("Half is ½, squared is ².", [Fault("digit", "½²")]),
        ("The UN met.", [Fault("abbreviation", "UN")]),
        ("The U.N. met.", [Fault("abbreviation", "UN")]),
        ("It was him and I. Then we left.", []),
        ("Pay in $ or €.", [Fault("forbidden-character", "$€")]),
        ("Write to me@home.", [Fault("forbidden-character", "@")]),
        ("Nice 🙂 day", [Fault("forbidden-character", "🙂")]),
        ("The Сat sat.", [Fault("wrong-script", "С")]),
        ("Привет всем", [Fault("wrong-script", "Приветсм")]),
        ("Full ｗidth", [Fault("wrong-script", "ｗ")]),
        ("𝐁old words", [Fault("wrong-script", "𝐁")]),
        ("Louis ⅩⅣ reigned.", [Fault("wrong-script", "ⅩⅣ"), Fault("abbreviation", "ⅩⅣ")]),
        ("private \ue000 use", [Fault("control-character", "U+E000"), Fault("not-cleaned", "")]),
        ("tab\there", [Fault("control-character", "U+0009"), Fault("not-cleaned", "")]),
        ("Cafe\u0301", [Fault("not-cleaned", "")]),
        ("two  spaces", [Fault("not-cleaned", "")]),
    ],
)
def test_faults_of_english(text, expected):
    assert faults(text, load_rules("en")) == expected


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("fr", "L'œuf, ça va ?", []),
        ("br", "Ar c'hi a gousk.", []),
        ("br", "Ar cʼhi a gousk.", []),
        ("ar", "الباب مفتوح.", []),
        ("ar", "الباب مَفْتُوحٌ.", []),
        ("ar", "البـــاب", ["forbidden-character"]),
        ("ar", "الباب open", ["wrong-script"]),
        ("ar", "في عام ١٩٩٩", ["digit"]),
        ("hi", "चाय का पानी।", []),
        ("hi", "चाय का पानी is hot.", ["wrong-script"]),
        ("hi", "साल १९९९", ["digit"]),
        ("ja", "コーヒーを飲みながら時々本を読む。", []),
        ("ja", "本" * 51, ["many-characters"]),
        ("ja", "かな kana", ["wrong-script"]),
        ("zh", "二〇二四年", []),
        ("zh-TW", "我們 go", ["wrong-script"]),
        ("th", "วันนี้อากาศดีมาก", []),
        ("chr", "ᎣᏏᏲ", []),
        ("lo", "ສະບາຍດີ", []),
        ("x-unheard", "Ẹ̀kọ́ dára.", []),
        ("yo", "Ẹ̀KỌ́ dára.", ["abbreviation"]),
    ],
)
def test_faults_by_language(tag, text, expected):
    assert codes(unicodedata.normalize("NFC", text), tag) == expected


def test_every_fault_has_words_and_a_case():
    assert FAULTS.keys() == {"empty", *CHECKS}
    assert all(FAULTS.values())


def test_few_words_and_few_characters_are_found(tmp_path):
    strict = tmp_path / "strict.yaml"
    strict.write_text("words: [2, 3]\ncharacters: [5, 9]", encoding="utf-8")
    rules = read_rules([RULES / "default.yaml", strict])
    assert faults("word", rules) == [Fault("few-words", "1 < 2"), Fault("few-characters", "4 < 5")]


def test_digits_and_capitals_can_be_allowed(tmp_path):
    lenient = tmp_path / "lenient.yaml"
    lenient.write_text("digits: true\nabbreviations: true", encoding="utf-8")
    assert faults("UN 12", read_rules([RULES / "default.yaml", lenient])) == []


@pytest.mark.parametrize("tag", LANGUAGES)
@settings(deadline=None)
@given(text=TEXTS)
def test_cleaning_twice_is_cleaning_once(tag, text):
    rules = load_rules(tag)
    assert clean(clean(text, rules), rules) == clean(text, rules)


@pytest.mark.parametrize("tag", LANGUAGES)
@settings(deadline=None)
@given(text=TEXTS)
def test_what_has_no_fault_can_be_released(tag, text):
    rules = load_rules(tag)
    for sentence in (text, clean(text, rules)):
        if not faults(sentence, rules):
            assert not re.search(r'^"|[\t\r\n\0]', sentence)
            assert sentence not in MISSING_WORDS | {""}
            assert unicodedata.is_normalized("NFC", sentence)
            assert len(sentence.splitlines()) == 1
            assert sentence.encode("utf-8")


@settings(deadline=None)
@given(text=TEXTS)
def test_a_cleaned_text_is_never_called_uncleaned(text):
    rules = load_rules("en")
    assert "not-cleaned" not in codes(clean(text, rules))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The kettle boils.", "the  KETTLE boils", True),
        ("“Stop”, she said!", '"Stop" she said', True),
        ("Straße", "STRASSE", True),
        ("five ㎏", "Five kg", True),
        ("Ｆｕｌｌ width", "full width", True),
        ("Cafe\u0301", "Café", True),
        ("می\u200cخواهم", "میخواهم", True),
        ("cake", "çake", False),
        ("चाय का", "चाय की", False),
        ("one two", "two one", False),
    ],
)
def test_key_finds_the_same_sentence(one, other, same):
    assert (key(one) == key(other)) is same


@settings(deadline=None)
@given(text=TEXTS)
def test_key_is_64_hex_digits_of_any_text(text):
    assert re.fullmatch(r"[0-9a-f]{64}", key(text))


@settings(deadline=None)
@given(words=st.lists(st.text("abcéßжक", min_size=1), min_size=1))
def test_key_ignores_case_space_and_punctuation(words):
    assert key(" ".join(words)) == key("  ".join(words).upper().lower() + " …!") == key("-".join(words))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_file_of_rules_can_be_read(tag):
    assert read_rules([RULES / "default.yaml", RULES / f"{tag}.yaml"]) == load_rules(tag)


def test_rules_fall_back_from_region_to_language_to_default():
    assert load_rules("fr-CA") == load_rules("fr") != load_rules("default")
    assert load_rules("zh-Hant-TW") == load_rules("zh")
    assert load_rules("qaa") == load_rules("x-unheard") == load_rules("default")
    assert load_rules("FR") == load_rules("fr")


@pytest.mark.parametrize("tag", ["", "../default", "/etc/passwd", "\0", "fr/../hi"])
def test_a_tag_is_never_a_path(tag):
    assert load_rules(tag) == load_rules("default")


def test_rules_are_read_once():
    assert load_rules("sw") is load_rules("sw")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("wrods: [1, 2]", "xx.yaml: there is no rule 'wrods'; the rules are words, characters,"),
        ("1: 2", "there is no rule 1"),
        ("words: 3", "words must be [least, most] or null, not 3"),
        ("words: [3, 1]", "words must be [least, most]"),
        ("digits: 1", "digits must be true or false"),
        ("scripts: LATIN", "scripts must be a list of names"),
        ("forbidden: [1]", "forbidden must be characters in quotes"),
        ("- words", "must be a list of rules and values"),
        ("", "must be a list of rules and values"),
        ("words: [1", "xx.yaml is not YAML"),
        ("digits: true", "no file sets these rules: abbreviations,"),
    ],
)
def test_a_wrong_file_of_rules_is_explained(tmp_path, content, words):
    path = tmp_path / "xx.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match=re.escape(words)):
        read_rules([path])
