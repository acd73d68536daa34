import os
import signal
import socket
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.servers.ports import free_port
from tests.servers.process import Process

ROOT = Path(__file__).parents[2]


@pytest.fixture
def serve(tmp_path):
    """`make run` after its set-up, as one process; its data folder is new, so it loads the demo."""
    port = free_port()
    variables = {
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATA_DIR": str(tmp_path / "data"),
    }
    process = Process(
        [sys.executable, "manage.py", "serve"],
        log=tmp_path / "serve.log",
        env={**os.environ, **variables, "WORKERS": "2"},
        cwd=ROOT,
    )
    process.port, process.data = port, tmp_path / "data"
    yield process
    process.stop()
    for pid in _processes_of(process.data):
        os.kill(pid, signal.SIGKILL)


def _processes_of(data):
    """Return the ids of all processes that run with this DATA_DIR."""
    mark = f"DATA_DIR={data}".encode()
    return [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/environ")
        if mark in _read(path).split(b"\0")
    ]


def _read(path):
    try:
        return path.read_bytes()
    except OSError:  # it ended while we looked
        return b""


def _status(process, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{process.port}{path}") as answer:
        return answer.status


def _ready(process):
    return "VoiceCollect runs at" in process.log.read_text()


def test_it_says_where_it_is_once_it_answers(serve):
    serve.start()
    serve.wait_until(lambda: _ready(serve))
    assert serve.log.read_text() == f"VoiceCollect runs at http://127.0.0.1:{serve.port}\n"
    assert _status(serve, "/healthz") == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_leaves_no_process(serve, number):
    serve.start()
    serve.wait_until(lambda: _ready(serve))
    everything = 5  # supervisor, web and its process, two workers
    serve.wait_until(lambda: len(_processes_of(serve.data)) >= everything)
    os.killpg(serve.pid, number)
    assert serve._child.wait(30) == 0
    assert _processes_of(serve.data) == []


def test_a_web_process_that_dies_is_started_again(serve):
    serve.start()
    serve.wait_until(lambda: _ready(serve))
    serve.log.write_text("")
    (web,) = [
        pid for pid in _processes_of(serve.data) if _parent(pid) == serve.pid and b"gunicorn" in _command(pid)
    ]
    os.kill(web, signal.SIGKILL)
    serve.wait_until(lambda: _ready(serve))
    assert _status(serve, "/healthz") == 200


def _parent(pid):
    return int(_read(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()[1])


def _command(pid):
    return _read(Path(f"/proc/{pid}/cmdline"))


def test_a_port_in_use_is_said_in_words(serve):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", serve.port))
        other.listen()
        serve.start()
        assert serve._child.wait(60) == 1
    assert f"port {serve.port}: Address already in use. Choose another port" in serve.log.read_text()
    assert not serve.data.joinpath("voicecollect.sqlite3").exists()
