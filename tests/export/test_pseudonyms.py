"""Speakers bear the same name in all releases of a language, and no link leads further."""

import re
from uuid import UUID

from export.pseudonyms import client_id, place

SPEAKER = UUID(int=7)


def test_a_name_is_128_hex_digits():
    assert re.fullmatch(r"[0-9a-f]{128}", client_id("key", "en", SPEAKER))


def test_a_name_is_stable():
    assert client_id("key", "en", SPEAKER) == client_id("key", "en", SPEAKER)


def test_names_differ_between_speakers_languages_and_keys():
    names = [
        client_id(key, locale, UUID(int=n))
        for key in ("key", "kez")
        for locale in ("en", "fr")
        for n in (7, 8)
    ]
    assert len(set(names)) == 8


def test_the_place_of_a_speaker_is_not_their_name():
    name = client_id("key", "en", SPEAKER)
    assert place("key", "en", name) not in (name, place("kez", "en", name), place("key", "fr", name))
