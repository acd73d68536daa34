"""Everything of a speaker goes, to the last byte, and whatever cuts the work off, it is done again."""

import sqlite3
import uuid
from datetime import timedelta
from itertools import count

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from recordings import erasing
from recordings.models import Derivation, Recording, SessionLine, Signal, Withdrawal
from recordings.states import RecordingState
from recordings.withdrawal import withdraw_all, withdraw_sitting
from tests import make
from validation.models import ClipSkip, Report
from validation.options import Choice

pytestmark = pytest.mark.django_db

MARK = "nightingale"


def given(speaker, clips):
    """Let the speaker have given so many clips, each with all that is kept of one and marks all over it."""
    prompt, listener, made = make.prompt(), make.speaker(), []
    for number in range(clips):
        digest = f"{MARK}-{number:03}-{uuid.uuid4()}"
        row = make.recording(
            speaker=speaker, prompt=prompt, sha256=digest, pcm_sha256=digest, recorder={"label": MARK}, accents=MARK,
            variant=MARK, first_language=MARK,
        )  # fmt: skip
        clip = make.clip(recording=row, id=erasing.clip_id_of(row.pk, 0), pcm_sha256=digest, warnings=[MARK])
        for key in (row.original_key, clip.master_key, clip.delivery_key):
            storages["private"].save(key, ContentFile(MARK.encode()))
        made.append(clip)
    Signal.objects.bulk_create(Signal(clip=each, name=MARK, value=1, unit="dB", version=1) for each in made)
    SessionLine.objects.bulk_create(
        SessionLine(recording=each.recording, position=0, prompt=prompt) for each in made
    )
    Derivation.objects.bulk_create(
        Derivation(recording=each.recording, pipeline_version=1, clips=[{"id": str(each.pk)}])
        for each in made
    )
    for each in made[:3]:
        make.vote(each, Choice.NO, by=listener)
        Report.objects.create(clip=each, speaker=listener, reason=MARK)
        ClipSkip.objects.create(clip=each, speaker=listener)
    prompt.clips_count = clips
    prompt.save()
    return made


def dump(*, without=()):
    """Return the whole database as text, but for some tables."""
    text = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in without:
                cursor.execute(f'SELECT * FROM "{table}"')
                text += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(text).replace("-", "")


def stored(storage, folder=""):
    """Return the keys of all objects."""
    folders, files = storage.listdir(folder)
    found = [f"{folder}{name}" for name in files]
    for name in folders:
        found += stored(storage, f"{folder}{name}/")
    return found


def erase_all():
    while due := erasing.due(1000):
        for recording_id in due:
            erasing.erase(recording_id)


def nothing_is_left_of(clips):
    whole, apart = dump(), dump(without=["recordings_withdrawal"])
    assert MARK not in whole
    for clip in clips:
        for trace in (clip.recording_id.hex, clip.recording.take_id.hex):
            assert trace not in whole
        assert clip.pk.hex not in apart
    return True


def check_500_clips():
    other = make.stored_clip()
    clips = given(make.speaker(), 500)
    assert len(stored(storages["private"])) == 1502
    assert MARK in dump()
    assert withdraw_all(speaker=clips[0].speaker) == 500
    erase_all()
    assert sorted(stored(storages["private"])) == sorted([other.master_key, other.delivery_key])
    assert nothing_is_left_of(clips)
    kept = set(Withdrawal.objects.values_list("clip_id", "locale", "delivery_sha256"))
    assert kept == {(clip.pk, "en", clip.delivery_sha256) for clip in clips}
    clips[0].prompt.refresh_from_db()
    assert clips[0].prompt.clips_count == 0
    assert withdraw_all(speaker=clips[0].speaker) == 0


def test_not_one_byte_is_left_of_500_clips():
    check_500_clips()


def test_not_one_byte_is_left_of_500_clips_on_postgresql_and_a_bucket(on_postgresql, bucket):
    assert connection.vendor == "postgresql"
    check_500_clips()


def test_withdrawing_costs_no_more_than_a_few_statements_a_recording(django_assert_max_num_queries):
    clips = given(make.speaker(), 100)
    with django_assert_max_num_queries(130):
        withdraw_all(speaker=clips[0].speaker)


class Cut(Exception):  # noqa: N818
    """The process dies here."""


def cut_at(step, steps):
    """Return a wrapper of statements that dies before the one with this number."""

    def wrapper(execute, sql, *args):
        if next(steps) == step:
            raise Cut
        return execute(sql, *args)

    return wrapper


@pytest.mark.django_db(transaction=True)
def test_cut_off_before_any_statement_and_any_object_it_is_done_again(monkeypatch):
    storage, delete, finished = storages["private"], storages["private"].delete, False
    for step in count():
        speaker = make.speaker()
        clips, steps = given(speaker, 2), count()

        def delete_or_die(name, steps=steps, step=step):
            if next(steps) == step:
                raise Cut
            delete(name)

        monkeypatch.setattr(storage, "delete", delete_or_die)
        try:
            with connection.execute_wrapper(cut_at(step, steps)):
                withdraw_all(speaker=speaker)
                erase_all()
                finished = True
        except Cut:
            pass
        monkeypatch.setattr(storage, "delete", delete)
        withdraw_all(speaker=speaker)
        erase_all()
        assert stored(storage) == []
        assert nothing_is_left_of(clips)
        if finished:
            break
    assert step > 40


def test_a_sitting_is_what_was_sent_without_a_long_pause(monkeypatch):
    speaker, now = make.speaker(), timezone.now()
    minutes = [0, 10, 39, 100, 101, 125, 200]
    rows = [
        make.recording(speaker=speaker, received_at=now + timedelta(minutes=minute)) for minute in minutes
    ]
    make.recording(received_at=now + timedelta(minutes=50))  # somebody else's, in between
    assert withdraw_sitting(speaker=speaker, take_id=rows[4].take_id) == 3
    left = Recording.objects.filter(speaker=speaker).exclude(state=RecordingState.WITHDRAWN)
    assert set(left) == {*rows[:3], rows[6]}
    assert withdraw_sitting(speaker=speaker, take_id=rows[0].take_id) == 3
    assert withdraw_sitting(speaker=speaker, take_id=rows[6].take_id) == 1


def test_deleted_rows_leave_no_bytes_in_the_file_of_the_database(settings, tmp_path):
    path = tmp_path / "some.sqlite3"
    with sqlite3.connect(path) as database:
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;")
        database.execute("CREATE TABLE takes (words TEXT)")
        database.executemany("INSERT INTO takes VALUES (?)", [(f"{MARK} {n}",) for n in range(1000)])
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert MARK.encode() in path.read_bytes()
        database.execute("DELETE FROM takes")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    assert MARK.encode() not in path.read_bytes()
    assert "secure_delete=ON" in settings.DATABASES["default"]["OPTIONS"]["init_command"]
