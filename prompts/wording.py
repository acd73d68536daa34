"""What people are told about a sentence that was refused: words for each code of prompts/cleaning.py, and our own."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "unknown-domain": _("The domain is not one of ours."),
}
