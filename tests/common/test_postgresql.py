"""What PostgreSQL keeps plans of, and how a connection learns that the server is gone."""

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from languages.lookup import language_of
from languages.models import Language
from tests import make

KEPT = "SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements"


def kept():
    """Return how often each statement that the server keeps was planned for any values, and for its values."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        return {statement: plans for statement, *plans in cursor.fetchall() if statement != KEPT}


def ask():
    for _ in range(8):
        language_of("en")
        list(Language.objects.filter(tag="en"))


def test_busy_statements_are_planned_once_and_others_for_their_values(on_postgresql):
    make.language()
    connection.close()
    ask()
    [(statement, plans)] = kept().items()
    assert "EXISTS" in statement
    assert plans == [8, 0]


def test_nothing_is_kept_where_a_pool_shares_connections(on_postgresql, monkeypatch):
    make.language()
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    connection.close()
    ask()
    assert not kept()
    connection.close()


def test_a_connection_is_asked_nothing_while_it_lives_and_known_for_dead_at_once(on_postgresql):
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as queries:
        assert connection.is_usable()
    assert not queries
    parameters = connection.connection.info.get_parameters() | {"host": "127.0.0.1"}
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        other.execute("SELECT pg_sleep(0.2)")
    assert not connection.is_usable()
    connection.close()
    assert connection.is_usable() is False


def test_one_cursor_serves_all_busy_statements_of_a_connection(on_postgresql):
    with connection.busy_cursor() as one, connection.busy_cursor() as other:
        assert one.cursor is other.cursor
    with connection.busy_cursor() as again:
        again.execute("SELECT 1")
        assert again.fetchall() == [(1,)]
    connection.close()
    with connection.busy_cursor() as renewed:
        assert renewed.cursor is not one.cursor
        renewed.execute("SELECT 2")
        assert renewed.fetchall() == [(2,)]
