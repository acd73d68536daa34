"""The container files, which no test can run, agree with the code and with each other."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml

from voicecollect.celery import app as celery
from voicecollect.env import DECLARED

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "voicecollect"}
ASKED = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
EXAMPLE = dict(
    line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if re.match(r"\w+=", line)
)


def _dockerfile():
    """Return the instructions as (name, arguments), continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


INSTRUCTIONS = _dockerfile()
LAST_STAGE = INSTRUCTIONS[max(n for n, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM") :]


def _of_last_stage(name):
    return [arguments for instruction, arguments in LAST_STAGE if instruction == name]


@pytest.mark.parametrize("service", sorted(OURS))
def test_each_variable_of_our_services_is_a_setting(service):
    assert set(OURS[service]["environment"]) <= set(DECLARED)


def test_each_variable_that_compose_asks_for_is_in_the_example_and_no_other():
    assert set(EXAMPLE) == ASKED


def test_the_example_holds_settings_and_passwords_of_servers_alone():
    assert set(EXAMPLE) - set(DECLARED) == {"POSTGRES_PASSWORD"}


def test_the_example_gives_no_secret_away():
    secrets = {name for name in EXAMPLE if re.search("SECRET|PASSWORD|_KEY$", name)}
    assert {EXAMPLE[name] for name in secrets} == {""}
    compose = (ROOT / "docker-compose.yml").read_text()
    assert all(f"${{{name}:?}}" in compose for name in secrets)


@pytest.mark.parametrize("service", sorted(OURS))
def test_keys_that_would_be_made_on_each_machine_are_given_to_all(service):
    made = re.findall(r"env\.secret\(\s*\"(\w+)\"", (ROOT / "voicecollect/settings.py").read_text())
    assert {"SECRET_KEY", "RELEASE_KEY"} <= set(made) <= set(OURS[service]["environment"])


def test_the_image_holds_no_key_that_the_build_made():
    (build,) = [run for run in _of_last_stage("RUN") if "manage.py" in run]
    assert (
        build.index("export DATA_DIR=$(mktemp -d)")
        < build.index("manage.py")
        < build.index('rm -r "$DATA_DIR"')
    )


def test_the_instance_runs_on_all_its_servers():
    assert {"web", "worker", "beat", "migrate", "postgres", "redis", "s3"} <= set(SERVICES)
    for service in OURS.values():
        assert {"DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL"} <= set(service["environment"])


def test_services_wait_for_services_that_exist_and_can_be_waited_for():
    for service in SERVICES.values():
        for name, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[name]
            else:
                assert SERVICES[name]["restart"] == "no"


def test_all_that_stays_up_is_watched():
    staying = {name for name, service in SERVICES.items() if service["restart"] != "no"}
    assert {name for name, service in SERVICES.items() if "healthcheck" in service} == staying


def test_volumes_that_are_used_are_declared_and_no_other():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_every_queue_has_a_worker_with_and_without_the_profile():
    queues = {celery.conf.task_default_queue} | {route["queue"] for route in celery.conf.task_routes.values()}

    def served(in_profile):
        workers = [service for service in OURS.values() if " worker " in service.get("command", "")]
        chosen = [
            shlex.split(each["command"]) for each in workers if bool(each.get("profiles")) == in_profile
        ]
        return {queue for command in chosen for queue in command[command.index("-Q") + 1].split(",")}

    assert served(in_profile=False) == served(in_profile=True) == queues


def test_image_versions_are_named():
    images = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    images += [arguments.split()[0] for name, arguments in INSTRUCTIONS if name == "FROM"]
    assert all(re.search(r":\d", image) for image in images), images


def test_the_image_has_the_languages_that_the_project_is_made_for():
    node, python = [arguments.split()[0] for name, arguments in INSTRUCTIONS if name == "FROM"]
    wanted_node = json.loads((ROOT / "frontend/package.json").read_text())["engines"]["node"]
    wanted_python = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert re.search(r"\d+", node)[0] == re.search(r"\d+", wanted_node)[0]
    assert re.search(r"\d+\.\d+", python)[0] == re.search(r"\d+\.\d+", wanted_python)[0]


def test_the_image_holds_no_debian_package_but_bubblewrap():
    installed = re.findall(
        r"apt-get install -y --no-install-recommends (.*?) *&&", "\n".join(_of_last_stage("RUN"))
    )
    assert installed == ["bubblewrap"]


def test_the_image_installs_what_is_locked():
    assert any("pip install" in run and "--require-hashes" in run for run in _of_last_stage("RUN"))
    assert ("RUN", "npm ci --no-audit --no-fund --ignore-scripts") in INSTRUCTIONS


def test_the_image_runs_without_root():
    assert LAST_STAGE.index(("USER", "voicecollect")) > max(
        n for n, (name, _) in enumerate(LAST_STAGE) if name in {"RUN", "COPY"}
    )


def test_the_image_serves_as_the_makefile_does():
    command = json.loads(_of_last_stage("CMD")[0])
    supervised = (ROOT / "voicecollect/supervisord.conf").read_text()
    assert " ".join(command) in supervised


def test_variables_of_the_image_are_settings():
    given = {word.split("=")[0] for line in _of_last_stage("ENV") for word in line.split()}
    assert given - {"PYTHONUNBUFFERED", "REMAP_SIGTERM"} <= set(DECLARED)


def test_a_worker_has_more_time_to_end_than_it_takes():
    assert "REMAP_SIGTERM=SIGQUIT" in _of_last_stage("ENV")[0].split()
    for service in OURS.values():
        assert int(service["stop_grace_period"].removesuffix("s")) > celery.conf.worker_soft_shutdown_timeout


def test_files_that_are_copied_exist_and_reach_the_build():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for name, arguments in INSTRUCTIONS:
        if name == "COPY" and "--from" not in arguments:
            for source in arguments.split()[:-1]:
                assert (ROOT / source).exists()
                assert source == "." or source.split("/")[0] in kept


def test_every_app_reaches_the_build_and_nothing_that_is_not_there(settings):
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    apps = {app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()}
    assert kept == apps | {"manage.py", "requirements.txt", "frontend", "voicecollect_data"}
