"""Agreeing, and the record of it."""

import hashlib

import pytest
from django.conf import settings

from accounts import consent
from accounts.models import Consent, ConsentText
from accounts.options import Method, Purpose
from common.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db


def test_the_text_that_was_shown_is_kept_by_its_hash():
    text = consent.current_text("fr")
    assert text.locale == "fr"
    assert text.sha256 == hashlib.sha256(text.body.encode()).hexdigest()
    assert consent.current_text("fr") == text


@pytest.mark.parametrize("interface", [code for code, _name in settings.LANGUAGES])
def test_the_text_is_there_in_each_language_of_the_interface_paragraph_by_paragraph(interface):
    text, english = consent.current_text(interface), consent.current_text("en")
    assert text.locale == interface
    assert text.body.count("\n\n") == english.body.count("\n\n")


def test_without_a_translation_the_english_text_is_shown_and_said_to_be_english():
    assert consent.current_text("sw").locale == "en"


def test_another_text_is_another_row_and_the_old_one_stays(monkeypatch):
    old = consent.current_text("en")
    monkeypatch.setattr(consent, "_body", lambda locale: ("en", "Another text"))
    assert consent.current_text("en") != old
    assert ConsentText.objects.get(pk=old.pk).body == old.body


def test_the_newest_answer_counts_and_earlier_ones_stay():
    speaker = make.speaker()
    make.consent(speaker, frozenset({Purpose.COLLECT}))
    assert not consent.newest(speaker).publish
    assert speaker.consents.count() == 2


def test_an_answer_is_never_changed():
    given = make.consent(make.speaker())
    given.publish = False
    with pytest.raises(TypeError):
        given.save()


def test_no_answer_is_changed_or_deleted_in_passing():
    speaker = make.speaker()
    for way in (lambda: speaker.consents.update(publish=False), speaker.consents.all().delete):
        with pytest.raises(TypeError):
            way()
    assert speaker.consents.get().publish
    speaker.delete()
    assert not Consent.objects.exists()


def test_recording_needs_a_yes_to_recording():
    with pytest.raises(Refused) as no:
        consent.give(
            speaker=make.speaker(consenting=False),
            text=consent.current_text("en"),
            purposes=frozenset({Purpose.PUBLISH}),
            method=Method.WEB,
        )
    assert no.value.code == "consent-needed"


def test_recording_is_allowed_by_the_newest_answer_alone():
    assert consent.allows_recording(make.speaker())
    assert not consent.allows_recording(make.speaker(consenting=False))
