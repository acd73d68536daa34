"""Indexes cost every write: none is there twice."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import UniqueConstraint
from django.db.models.fields.related import ForeignKey

OURS = [
    model
    for config in apps.get_app_configs()
    if "site-packages" not in config.path
    for model in config.get_models()
]


def firsts_of(model):
    """Return the columns that an index of all rows with several columns begins with."""
    constraints = [each for each in model._meta.constraints if isinstance(each, UniqueConstraint)]
    whole = [each for each in [*constraints, *model._meta.indexes] if each.condition is None and each.fields]
    return {each.fields[0].lstrip("-") for each in whole if len(each.fields) > 1}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_what_another_index_begins_with_has_none_of_its_own(model):
    twice = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and not field.unique and field.db_index
    }
    assert not twice & firsts_of(model)


def indexed_alone(table):
    """Return the columns that have an index of their own in the database."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    return {each["columns"][0] for each in found if each["index"] and len(each["columns"]) == 1}


def assert_none_is_there_twice():
    for model in OURS:
        firsts = {model._meta.get_field(name).column for name in firsts_of(model)}
        partial = {each.fields[0] for each in model._meta.indexes if each.condition is not None}
        own = {
            field.column
            for field in model._meta.concrete_fields
            if field.db_index or field.unique or field.name in partial
        }
        assert not indexed_alone(model._meta.db_table) & firsts - own, model._meta.label


@pytest.mark.django_db
def test_migrations_leave_none_in_sqlite():
    assert_none_is_there_twice()


def test_migrations_leave_none_in_postgresql(on_postgresql):
    assert_none_is_there_twice()
