"""The log of privileged acts: what was changed in it, left out of it or cut off is found."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry, AuditHead, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    return [audit.record(actor="user:7", act="report.settle", about=n, decision="upheld") for n in range(5)]


def checked(**options):
    said = StringIO()
    call_command("verify_audit", stdout=said, **options)
    return said.getvalue().strip()


def test_a_log_as_it_was_written_is_found_whole(log):
    assert list(audit.faults()) == []
    assert checked() == f"5:{log[-1].sha256}"


def test_an_empty_log_is_whole_too():
    assert checked() == "0:"


CHANGES = [
    {"about": "another"},
    {"actor": "user:8"},
    {"act": "role.give"},
    {"details": {"decision": "dismissed"}},
    {"at": "2020-01-01T00:00:00Z"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_an_edited_entry_is_found(log, change):
    AuditEntry.objects.filter(number=3).update(**change)
    assert list(audit.faults()) == ["entry 3 was changed"]
    with pytest.raises(CommandError, match="entry 3 was changed"):
        checked()


def test_an_entry_that_was_edited_and_hashed_again_is_found_by_the_next(log):
    entry = AuditEntry.objects.get(number=3)
    entry.about = "another"
    entry.sha256 = audit.digest(entry)
    entry.save()
    assert list(audit.faults()) == ["entry 4 does not follow entry 3"]


@pytest.mark.parametrize(
    ("number", "words"), [(3, "entries 3 to 3 are missing"), (5, "the log ends at entry 4")]
)
def test_a_deleted_entry_is_found(log, number, words):
    AuditEntry.objects.filter(number=number).delete()
    assert any(words in fault for fault in audit.faults())


def test_a_log_that_was_written_anew_is_found_by_what_was_noted(log):
    noted = checked()
    AuditEntry.objects.all().delete()
    AuditHead.objects.all().delete()
    for n in range(5):
        audit.record(actor="user:7", act="report.settle", about=n, decision="dismissed")
    assert list(audit.faults()) == []
    with pytest.raises(CommandError, match="is not in the log"):
        checked(noted=noted)


def test_what_was_noted_holds_while_the_log_grows(log):
    noted = checked()
    audit.record(actor="command:release", act="command")
    assert checked(noted=noted).startswith("6:")


def test_an_entry_stands_only_if_what_it_tells_of_stands(log):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record(actor="user:7", act="role.give")
        raise ZeroDivisionError
    assert audit.head()[0] == 5
    assert list(audit.faults()) == []


def test_no_two_entries_follow_the_same_one(log):
    with pytest.raises(IntegrityError):
        AuditEntry.objects.create(
            number=9, at=log[0].at, actor="x", act="x", previous=log[2].sha256, sha256="f" * 64
        )


def test_there_is_one_head():
    with pytest.raises(IntegrityError):
        AuditHead.objects.create(pk=2)


def test_commands_are_logged_before_they_do_anything(log):
    with pytest.raises(CommandError, match="no published release"):
        call_command("release_withdraw", "1.0", because="A mistake.")
    newest = AuditEntry.objects.first()
    assert (newest.actor, newest.act) == ("command:release_withdraw", "command")
    assert newest.details == {"number": "1.0", "because": "A mistake."}
    assert list(audit.faults()) == []


def test_writers_at_the_same_moment_keep_one_chain_on_postgresql(on_postgresql):
    user = User.objects.create(username="someone")

    def write():
        try:
            for _ in range(10):
                audit.record(actor=audit.by(user), act="report.settle", details=["ü", 1, {"b": 1, "a": 2}])
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert list(audit.faults()) == []
    assert audit.head()[0] == 80
