import socket
import subprocess
import sys

from tests.servers import ports


def test_a_port_is_given_once():
    given = [ports.free_port() for _ in range(50)]
    assert len(set(given)) == 50


def test_another_test_run_cannot_reserve_the_same_port():
    port = ports.free_port()
    code = f"from tests.servers import ports; print(ports._reserve({port}), ports._reserve({port} + 20_000))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "True"]


def test_a_port_in_use_is_not_free():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert not ports._is_free(server.getsockname()[1])
