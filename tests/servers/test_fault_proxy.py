import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.servers.fault_proxy import FaultProxy


@pytest.fixture
def through(s3, folder):
    """Return a client of the store behind a proxy with the faults that the test names, and the proxy."""
    started = []

    def start(**faults):
        proxy = FaultProxy(folder, s3.port, seed=1, **faults)
        proxy.start()
        started.append(proxy)
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        return s3.client(url=proxy.url, config=config), proxy

    yield start
    for proxy in started:
        proxy.stop()


def attempts(count, call):
    """Return how often a call failed."""
    failed = 0
    for _ in range(count):
        try:
            call()
        except (BotoCoreError, ClientError):
            failed += 1
    return failed


def test_without_faults_all_passes_as_it_is(through):
    client, _proxy = through()
    client.put_object(Bucket="ready", Key="a", Body=b"x" * 100_000)
    assert client.get_object(Bucket="ready", Key="a")["Body"].read() == b"x" * 100_000


def test_answers_are_refused_and_dropped_in_the_shares_asked_for(through):
    client, proxy = through(refused=0.3, dropped=0.2)
    failed = attempts(100, lambda: client.put_object(Bucket="ready", Key="b", Body=b"x"))
    assert proxy.counts["refused"] + proxy.counts["dropped"] == failed
    assert 35 <= failed <= 65


def test_what_is_dropped_was_done(through, s3):
    client, _proxy = through(dropped=1)
    assert attempts(1, lambda: client.put_object(Bucket="ready", Key="c", Body=b"done")) == 1
    assert s3.client().get_object(Bucket="ready", Key="c")["Body"].read() == b"done"


def test_a_flipped_bit_is_noticed_by_who_reads(through, s3):
    s3.client().put_object(Bucket="ready", Key="d", Body=bytes(100))
    client, _proxy = through(got_flipped=1)
    with pytest.raises(BotoCoreError, match="checksum"):
        client.get_object(Bucket="ready", Key="d")["Body"].read()


def test_a_flipped_bit_is_noticed_by_the_store(through):
    client, _proxy = through(sent_flipped=1)
    assert attempts(1, lambda: client.put_object(Bucket="ready", Key="e", Body=bytes(100))) == 1
