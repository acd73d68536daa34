"""Readings in backups: copied, dropped with the next backup once they are erased, and not brought back by a restore."""

import pytest
from django.core.files.storage import storages

from accounts import aloud
from operations import backup, restoring, wanted
from recordings.models import Reading
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def backups(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def listed(folder):
    """Copy what rows want now into the folder, as a backup does beside its dump."""
    made = backup.Made()
    backup._list_objects(folder / backup.OBJECTS, "default")
    backup._copy_objects(folder, folder / backup.OBJECTS, made)
    assert not made.lacking
    return made


def restored(folder):
    """Copy what the folder has into an empty storage, as a restore does before it loads its dump."""
    for each in list(storages["private"].objects()):
        storages["private"].delete(each.key)
    done = restoring.Restored(dump="")
    restoring._copy_objects(folder, folder, done)
    restoring._erase_silent_readings()
    return done


def test_a_reading_is_copied_and_comes_back(backups):
    reading = make.reading()
    assert listed(backups).copied == 1
    assert restored(backups).lacking == []
    assert list(wanted.readings("")) == [
        ("reading", aloud.key(reading.pk), reading.size, reading.sha256, str(reading.pk))
    ]
    assert storages["private"].exists(aloud.key(reading.pk))


def test_what_was_erased_since_is_dropped_and_a_restore_leaves_it_out(
    backups, django_capture_on_commit_callbacks
):
    erased, kept = make.reading(), make.reading()
    listed(backups)
    Reading.objects.filter(pk=erased.pk).delete()  # the dump that is restored below still has the row
    assert backup._delete_withdrawn(backups, most_share=1) == 1
    Reading.objects.create(
        **{field.attname: getattr(erased, field.attname) for field in Reading._meta.concrete_fields}
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert restored(backups).lacking == []
    assert Reading.objects.get() == kept
    erased.prompt.refresh_from_db()
    assert erased.prompt.spoken is None
    assert storages["private"].exists(aloud.key(kept.pk))
