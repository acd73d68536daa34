"""Statements that are compiled once."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from common.statements import (
    Delete,
    Insert,
    New,
    Select,
    Update,
    given_number,
    given_text,
    given_uuid,
    itself,
    one_of,
    part,
    whole,
)
from prompts.models import Prompt, Reservation
from tests import make
from tests.servers.default_database import default_database_on
from validation.models import Vote

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module", params=["SQLite", "PostgreSQL"])
def server(request, django_db_setup, django_db_blocker):
    """Each kind of database that an instance may have, in turn."""
    if request.param == "SQLite":
        yield
    else:
        with django_db_blocker.unblock(), default_database_on(request.getfixturevalue("postgresql")):
            yield


def of_language():
    return Prompt.objects.filter(language=given_number("language"), text__gt=given_text("after")).order_by(
        "text"
    )


def test_it_finds_what_the_queryset_finds():
    prompts = [make.prompt(text=text) for text in "abc"]
    select = Select(of_language, whole(Prompt))
    assert select.all(language=prompts[0].language_id, after="a") == prompts[1:]
    assert select.all(language=prompts[0].language_id, after="b") == prompts[2:]


def test_an_instance_has_every_field_as_the_queryset_gives_it():
    prompt = make.prompt()
    found = Select(of_language, whole(Prompt)).first(language=prompt.language_id, after="")
    columns = [each.attname for each in Prompt._meta.concrete_fields]
    assert Prompt.objects.values(*columns).get() == {name: getattr(found, name) for name in columns}


def test_an_instance_may_be_a_part_of_its_row():
    prompt = make.prompt()
    of = Prompt.objects.filter
    select = Select(lambda: of(pk=given_uuid("prompt")).values_list("text", "id"), part(Prompt, "text", "id"))
    found = select.first(prompt=prompt.pk)
    assert (found, found.text) == (prompt, prompt.text)
    assert found.get_deferred_fields() == {each.attname for each in Prompt._meta.concrete_fields} - {
        "id",
        "text",
    }


def test_there_may_be_no_row():
    assert Select(of_language, whole(Prompt)).first(language=0, after="") is None


def test_columns_have_the_types_of_their_fields():
    clip = make.clip(warnings=["quiet"])
    columns = ("pk", "created_at", "warnings")
    select = Select(
        lambda: type(clip).objects.filter(pk=given_uuid("clip")).values_list(*columns), lambda *row: row
    )
    assert select.first(clip=clip.pk) == (clip.pk, clip.created_at, ["quiet"])


@pytest.mark.parametrize("wanted", [0, 1, 3])
def test_lists_may_have_any_length(wanted):
    ids = [make.prompt().pk for _ in range(4)][:wanted]
    select = Select(lambda: Prompt.objects.filter(one_of("pk", given_uuid("ids"))).values_list("pk"), itself)
    assert set(select.all(ids=ids)) == set(ids)
    assert uuid.uuid4() not in select.all(ids=[uuid.uuid4()])


def test_numbers_may_come_as_a_list_too():
    places = [make.prompt().place for _ in range(3)][:2]
    select = Select(
        lambda: Prompt.objects.filter(one_of("place", given_number("places"))).values_list("place"), itself
    )
    assert set(select.all(places=places)) == set(places)


def test_it_is_compiled_once():
    built = []
    select = Select(lambda: built.append(None) or of_language(), whole(Prompt))
    with CaptureQueriesContext(connection) as queries:
        select.all(language=1, after="a")
        select.all(language=2, after="b")
    assert len(built) == 1
    assert len(queries) == 2


def test_rows_are_changed():
    first, second = make.prompt(), make.prompt()
    change = Update(
        lambda: Prompt.objects.filter(pk=given_uuid("prompt")),
        {"clips_count": F("clips_count") + given_number("by")},
    )
    assert change.run(prompt=first.pk, by=3) == 1
    assert [Prompt.objects.get(pk=each.pk).clips_count for each in (first, second)] == [3, 0]


def hold(prompts, **more):
    insert = Insert(Reservation, "prompt", "speaker", "language", "until", **more)
    given = {"speaker": make.speaker().pk, "language": make.language().pk, "until": NOON}
    return insert, {"prompt": [each.pk for each in prompts], **given}


@pytest.mark.parametrize("wanted", [0, 1, 3])
def test_a_row_is_made_for_each_of_a_list(wanted):
    prompts = [make.prompt() for _ in range(4)][:wanted]
    insert, given = hold(prompts)
    assert insert.run(**given) == wanted
    found = Reservation.objects.filter(until=NOON, speaker=given["speaker"], language=given["language"])
    assert {each.prompt for each in found} == set(prompts)


def test_what_is_made_is_told_and_what_was_there_already_is_not():
    there, new = make.prompt(), make.prompt()
    insert, given = hold([there], told="prompt")
    assert insert.all(**given) == [there.pk]
    assert insert.all(**given | {"prompt": [there.pk, new.pk]}) == [new.pk]


def test_none_is_made_where_a_queryset_has_a_row():
    held = Reservation.objects.filter(speaker=given_uuid("speaker"))
    insert, given = hold([make.prompt()], unless=lambda: held.values("pk"))
    assert [insert.run(**given), insert.run(**given | {"prompt": [make.prompt().pk]})] == [1, 0]


def test_rows_are_deleted():
    gone, kept = make.prompt(), make.prompt()
    insert, given = hold([gone, kept])
    insert.run(**given)
    assert Delete(lambda: Reservation.objects.filter(prompt=given_uuid("prompt"))).run(prompt=gone.pk) == 1
    assert Reservation.objects.get().prompt == kept


def test_what_is_deleted_is_told():
    gone = make.prompt()
    insert, given = hold([gone])
    insert.run(**given)
    delete = Delete(lambda: Reservation.objects.filter(prompt=given_uuid("prompt")), told="until")
    assert delete.all(prompt=gone.pk) == [NOON]
    assert delete.all(prompt=gone.pk) == []


def test_a_new_row_has_what_the_instance_has(django_assert_num_queries):
    clip, listener = make.clip(), make.speaker()
    new = New(Vote)
    vote = Vote(clip=clip, speaker=listener, choice="no", reasons=["noise"], served_at=NOON, cast_at=NOON)
    with django_assert_num_queries(1):
        new.put(vote)
    [kept] = Vote.objects.all()
    assert (kept.clip, kept.speaker, kept.choice, kept.reasons) == (clip, listener, "no", ["noise"])
    assert (kept.served_at, kept.cast_at, kept.standing) == (NOON, NOON, "counts")
    with pytest.raises(IntegrityError), transaction.atomic():
        new.put(vote)
