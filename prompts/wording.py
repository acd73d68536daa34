"""What people are told about a sentence that was refused: words for each code of prompts/cleaning.py, and our own."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prompts.cleaning import Rules

FOUND_IN_IT = {"digit", "abbreviation", "forbidden-character", "wrong-script", "missing-word"}
OTHER_SENTENCE = {"duplicate", "similar"}

FAULTS: dict[str, Promise] = {
    "empty": _("There is nothing to read."),
    "control-character": _(
        "There is an invisible character in it. Type the sentence again instead of copying it."
    ),
    "not-cleaned": _("There is unusual white space in it."),
    "opening-quote": _("It begins with a straight quotation mark. Leave it out or use another kind."),
    "missing-word": _("This single word stands for “no value” in many programs. Write a longer sentence."),
    "few-words": _("It has too few words."),
    "many-words": _("It has too many words. Make two sentences of it."),
    "few-characters": _("It is too short."),
    "many-characters": _("It is too long. Make two sentences of it."),
    "wrong-script": _("It has letters of a script that this language isn't written in."),
    "forbidden-character": _("It has a character that can be read aloud in several ways. Write it in words."),
    "digit": _("It has digits. Write numbers in words."),
    "abbreviation": _("It has an abbreviation. Write it out."),
    "duplicate": _("We have this sentence already."),
    "similar": _("We have a sentence that is almost the same."),
    "unknown-variant": _("This variant of the language is not known here."),
    "unknown-domain": _("The domain is not one of ours."),
    "unknown-kind": _("The kind is neither “sentence” nor “topic”."),
}

# Why a whole file could not be taken in
FILE_FAULTS: dict[str, Promise] = {
    "not-utf8": _("The file is not UTF-8."),
    "no-sentence-column": _("The header names no column “sentence”."),
    "file-lost": _("The file is no longer here. Please send it again."),
    "failed-often": _("Taking it in failed again and again. Please tell those who run this site."),
}


def refusal_in_words(code: str, detail: str) -> str:
    """Say why a sentence was refused, with what shows it: its characters, or the other sentence."""
    words = str(FAULTS[code])
    if code in FOUND_IN_IT and detail:
        return gettext("%(fault)s Found: “%(detail)s”") % {"fault": words, "detail": detail}
    if code in OTHER_SENTENCE and detail:
        return gettext("%(fault)s It reads: “%(detail)s”") % {"fault": words, "detail": detail}
    return words


def rules_in_words(rules: Rules) -> list[str]:
    """Say what a sentence must be like, before somebody writes one."""
    said = []
    if rules.words:
        said.append(
            gettext("%(least)d to %(most)d words") % dict(zip(("least", "most"), rules.words, strict=True))
        )
    elif rules.characters:
        least, most = rules.characters
        said.append(gettext("%(least)d to %(most)d characters") % {"least": least, "most": most})
    if not rules.digits:
        said.append(gettext("numbers written in words"))
    if not rules.abbreviations:
        said.append(gettext("no abbreviations"))
    return [*said, gettext("no signs that can be read in several ways, such as & or %")]
