"""What an organiser is told who asks for a release that can't be."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.options import Purpose
from export import publishing
from export.models import Release
from recordings.models import Clip
from tests import make
from tests.export.releasing import people, publish, refusal, slice_small, stem, today

pytestmark = pytest.mark.django_db


def test_an_unknown_language_is_refused_with_those_that_are_known():
    make.language("br")
    assert refusal("xx") == "There is no language xx here. There are: br"


def test_a_language_without_clips_is_refused_and_leaves_the_number_free():
    make.language()
    assert "nothing to release for en" in refusal()
    assert not Release.objects.exists()


@pytest.mark.parametrize("number", ["1", "v1.0", "1.0.0", ""])
def test_what_is_no_number_is_refused(number):
    make.language()
    assert "two numbers with a dot" in refusal(number=number)


def test_a_day_that_is_not_over_anywhere_is_refused():
    make.language()
    assert "lies in the future" in refusal(cutoff=today() + timedelta(days=1))


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1.1.2026"])
def test_what_is_no_day_is_refused(day):
    assert "is no day such as" in refusal(cutoff=day)


def test_a_published_number_is_taken():
    people(1)
    publish()
    assert "is taken" in refusal()
    assert "is taken" in refusal(restart=True)


def test_a_corpus_name_that_fits_into_no_archive_is_refused(settings):
    people(1)
    settings.CORPUS = "Our Voices!"
    assert "CORPUS has to begin" in refusal()


def _cut_off_before_building(monkeypatch):
    def cut(release, order):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "build", cut)
        with pytest.raises(KeyboardInterrupt):
            publish()


def test_a_begun_release_is_not_continued_with_something_else(monkeypatch):
    people(1)
    _cut_off_before_building(monkeypatch)
    assert "begun with other languages" in refusal(cutoff=today() - timedelta(days=1))
    [told] = publish(restart=True)
    assert told["clips"] == 3


def test_a_clip_taken_back_since_it_was_frozen_is_not_published(monkeypatch):
    people(2)
    _cut_off_before_building(monkeypatch)
    make.consent(Clip.objects.first().speaker, frozenset({Purpose.COLLECT}))
    assert "3 clips of en were taken back" in refusal()
    [told] = publish(restart=True)
    assert told["clips"] == 3


def test_a_release_that_was_overtaken_is_not_published(monkeypatch):
    people(2)
    _cut_off_before_building(monkeypatch)
    publish(number="1.1")
    assert "Another release of en was published" in refusal()


def test_a_damaged_clip_stops_the_release_with_its_id():
    clip = make.stored_clip()
    storages["private"].save(clip.delivery_key, ContentFile(b"other sound"))
    assert f"sound of clip {clip.pk} is damaged" in refusal()


def test_a_missing_clip_stops_the_release_with_its_id():
    clip = make.stored_clip()
    storages["private"].delete(clip.delivery_key)
    assert f"sound of clip {clip.pk} is no longer there" in refusal()


def test_a_slice_damaged_on_its_way_stops_the_release(monkeypatch):
    slice_small(monkeypatch)
    people(3)
    put = publishing.storing.Joint.put

    def damage(joint, number, path, last):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        return put(joint, number, path, last=last)

    monkeypatch.setattr(publishing.storing.Joint, "put", damage)
    assert f"{stem()}-en.tar.gz" in refusal()
    assert Release.objects.get().state == "building"
