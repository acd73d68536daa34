import json
import subprocess
import urllib.request

import psycopg
import pytest

from tests.servers.instance import CELERY, ROOT


def test_pages_are_served(instance):
    with urllib.request.urlopen(instance.url) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/html")


def test_commands_run_in_its_environment(instance):
    say = "from django.conf import settings; print(settings.SITE_URL)"
    assert instance.manage("shell", "--verbosity", "0", "-c", say).stdout.strip() == instance.url


def test_a_command_that_fails_says_why(instance):
    with pytest.raises(RuntimeError, match="Unknown command: 'sing'"):
        instance.manage("sing")
    assert instance.manage("sing", check=False).returncode == 1


def test_a_killed_worker_comes_back(instance):
    before = instance.workers[0].pid
    instance.kill_worker()
    assert instance.workers[0].pid != before
    assert instance.workers[0].alive


def test_its_logs_are_at_hand(instance):
    assert f"--- web\nVoiceCollect runs at {instance.url}" in instance.logs()


def test_its_data_is_its_own(embedded_instance):
    assert (embedded_instance.data / "voicecollect.sqlite3").exists()
    assert all(process.alive for process in embedded_instance.processes)


def test_rows_are_in_postgresql(server_instance):
    with psycopg.connect(server_instance.env["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM languages_language").fetchone()[0] >= 6


def test_celery_listens_on_every_queue(server_instance):
    def queues():
        command = [*CELERY, "inspect", "active_queues", "--json"]
        done = subprocess.run(
            command, cwd=ROOT, env=server_instance.env, capture_output=True, text=True, check=False
        )
        listed = json.loads(done.stdout).values() if done.returncode == 0 else []
        return {queue["name"] for of_worker in listed for queue in of_worker}

    server_instance.workers[0].wait_until(lambda: queues() == {"audio", "release", "default"})
