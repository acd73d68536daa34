from tests.servers.redis import Redis


def test_it_answers_ping_and_keeps_a_value(redis):
    with redis.connect(database=3) as connection:
        connection.set("greeting", "Habari")
        assert connection.get("greeting") == b"Habari"


def test_databases_are_apart(redis):
    with redis.connect(database=4) as one, redis.connect(database=5) as other:
        one.set("greeting", "Habari")
        assert other.get("greeting") is None


def test_append_only_keeps_values_over_a_restart_and_the_default_keeps_none(folder):
    for append_only, kept in [(True, b"Habari"), (False, None)]:
        with Redis(folder / f"append-only-{append_only}", append_only=append_only) as server:
            with server.connect() as connection:
                connection.set("greeting", "Habari")
            server.stop()
            server.start()
            with server.connect() as connection:
                assert connection.get("greeting") == kept
