import psycopg
import pytest

from tests.servers.postgresql import Postgresql


def test_a_row_written_is_read_back(postgresql):
    url = postgresql.create_database("round-trip")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE words (word text)")
        connection.execute("INSERT INTO words VALUES ('Ndiyo')")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT word FROM words").fetchall() == [("Ndiyo",)]


def test_each_database_starts_empty(postgresql):
    postgresql.create_database("one")
    with pytest.raises(psycopg.errors.DuplicateDatabase):
        postgresql.create_database("one")


def test_a_commit_survives_a_kill_of_the_server(folder):
    with Postgresql(folder / "postgresql", durable=True) as server:
        url = server.create_database("kept")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE words (word text)")
        server.kill_group()
        server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM words").fetchone() == (0,)


def test_it_ends_when_asked(folder):
    server = Postgresql(folder / "postgresql")
    server.start()
    server.stop()
    assert not server.alive
    assert "database system is shut down" in server.log.read_text()
