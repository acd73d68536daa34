"""fsck finds what is damaged, all of it and nothing else, and removes nothing that anyone wants."""

import json
import shutil
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import aloud
from operations import checking, wanted
from operations.damage import Depth, Kind
from recordings.models import Recording
from recordings.states import ReadingState, RecordingState
from tests import make
from tests.operations import planting

pytestmark = pytest.mark.django_db

FULL, QUICK = Depth(read=True), Depth()
RECORDINGS = 340
MOST_SHARE = 0.08  # that may go: in so small a collection the orphans are more than one in a hundred
ARRIVING = ContentFile(b"a take whose row isn't written yet")
ONLY_READ = {Kind.ORIGINAL_DAMAGED, Kind.MASTER_DAMAGED, Kind.DELIVERY_DAMAGED, Kind.READING_DAMAGED}
ONLY_IN_A_BACKUP = {
    Kind.ORIGINAL_MISSING,
    Kind.ORIGINAL_DAMAGED,
    Kind.READING_MISSING,
    Kind.READING_DAMAGED,
}


def found(depth):
    return Counter((each.kind, each.subject) for each in checking.check(depth).damages)


def objects():
    """Return the keys of all objects but those of readings, which are made one by one where one is planted."""
    return {each.key for each in storages["private"].objects() if not each.key.startswith("readings/")}


def test_every_damage_of_seventeen_kinds_is_found_once_and_mended_and_nothing_else_goes():
    recordings, clips = planting.collection(RECORDINGS)
    before = objects()
    planted = planting.plant(recordings, clips)
    assert len(planted) == len(planting.PLANTS) * planting.SOME == 340
    assert found(FULL) == Counter(planted)
    findings = checking.check(FULL)
    checking.repair(findings, MOST_SHARE)
    assert {each.kind for each in findings.unmended} == ONLY_IN_A_BACKUP
    lost = {Kind.ORIGINAL_MISSING, Kind.CLIPLESS, Kind.MASTER_MISSING, Kind.DELIVERY_MISSING}
    assert objects() <= before
    assert before - objects() == planted_losses(recordings, clips, planted, lost)


def planted_losses(recordings, clips, planted, kinds):
    """Return the keys of objects that the test itself took away."""
    pairs = {str(row.pk): pair for pair in zip(recordings, clips, strict=True) for row in pair}
    keys = set()
    for kind, subject in planted:
        if kind in kinds:
            recording, clip = pairs[subject]
            keys |= {
                Kind.ORIGINAL_MISSING: {recording.original_key},
                Kind.MASTER_MISSING: {clip.master_key},
                Kind.DELIVERY_MISSING: {clip.delivery_key},
                Kind.CLIPLESS: {clip.master_key, clip.delivery_key},
            }[kind]
    return keys


def test_a_quick_look_finds_all_but_bytes_that_changed_without_changing_their_number():
    planted = planting.plant(*planting.collection(RECORDINGS))
    missed = set(planted) - set(found(QUICK))
    assert Counter(kind for kind, _subject in missed) == dict.fromkeys(ONLY_READ, planting.SOME // 2)


def test_after_a_repair_only_what_must_be_derived_again_is_still_wrong():
    planting.plant(*planting.collection(RECORDINGS))
    checking.repair(checking.check(FULL), MOST_SHARE)
    derived_again = {Kind.MASTER_MISSING, Kind.MASTER_DAMAGED, Kind.DELIVERY_MISSING, Kind.DELIVERY_DAMAGED}
    left = {kind for kind, _subject in found(FULL)}
    assert left == derived_again | ONLY_IN_A_BACKUP
    assert Recording.objects.filter(state=RecordingState.RECEIVED, again=True).count() == 5 * planting.SOME


def test_a_sound_collection_has_nothing_wrong():
    planting.collection(30)
    assert found(FULL) == {}


def test_what_is_left_of_a_reading_goes_and_what_is_played_or_waits_stays():
    played = make.reading()
    waiting = make.reading(state=ReadingState.WAITING, duration_ms=0)
    planting.put(
        aloud.upload_key(waiting.pk), Path(storages["private"].path(aloud.key(waiting.pk))).read_bytes()
    )
    for litter in (aloud.key(waiting.pk), aloud.upload_key(played.pk)):
        planting.put(litter)
    findings = checking.check(FULL)
    assert {each.kind for each in findings.damages} == {Kind.READING_ORPHANED}
    checking.repair(findings, most_share=1)
    left = {each.key for each in storages["private"].objects("readings/")}
    assert left == {aloud.key(played.pk), aloud.upload_key(waiting.pk)}


def test_files_of_an_earlier_version_and_of_what_arrives_now_stay():
    _recordings, [clip] = planting.collection(1)
    planting.put(f"clips/{clip.pk.hex[:2]}/{clip.pk}/0/master.flac")
    arriving = storages["private"].save(f"originals/ab/{'ab' * 4}-0000-4000-8000-000000000000/0", ARRIVING)
    assert found(FULL) == {}
    assert storages["private"].exists(arriving)


def test_an_empty_listing_is_refused():
    planting.collection(3)
    shutil.rmtree(storages["private"].location)
    with pytest.raises(CommandError, match="lists no object"):
        call_command("fsck", "--repair")


def test_nothing_goes_if_more_than_one_in_a_hundred_would():
    planting.collection(10)
    Recording.objects.all().delete()
    make.prompt()
    before = objects()
    with pytest.raises(CommandError, match=r"30 of 30 objects would be deleted, more than 1 %"):
        call_command("fsck", "--repair", stdout=StringIO())
    assert objects() == before


def test_the_command_prints_what_it_found_and_fails():
    recordings, _clips = planting.collection(2)
    Path(storages["private"].path(recordings[0].original_key)).unlink()
    out = StringIO()
    with pytest.raises(CommandError, match="1 left as they are"):
        call_command("fsck", stdout=out)
    damage, summary = map(json.loads, out.getvalue().splitlines())
    assert damage == {"kind": "original-missing", "subject": str(recordings[0].pk)}
    assert summary == {"objects": 5, "damages": 1}


def test_a_large_collection_is_looked_at_in_parts(monkeypatch):
    planted = planting.plant(*planting.collection(RECORDINGS))
    monkeypatch.setattr(wanted, "SMALL", 1)
    assert len(wanted.parts()) == 256
    assert found(FULL) == Counter(planted)


def test_looking_writes_nothing_so_that_a_read_replica_will_do():
    planting.collection(3)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            assert found(FULL) == {}
        finally:
            cursor.execute("PRAGMA query_only = OFF")


@pytest.mark.parametrize("count", [10, 100])
def test_queries_do_not_grow_with_rows(django_assert_max_num_queries, count):
    planting.collection(count)
    with django_assert_max_num_queries(18):
        checking.check(QUICK)
