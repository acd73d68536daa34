"""Promises about the tree itself."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 400  # lines
TOP_LEVEL = {
    ".ci/run",
    ".dockerignore",
    ".env.example",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "docker-compose.yml",
    "manage.py",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
}
VERBS = {
    "help",
    "run",
    "test",
    "test-clients",
    "check",
    "audit",
    "sbom",
    "fix",
    "bench",
    "soak",
    "lock",
    "screenshots",
}
WRITTEN = {".py", ".ts", ".css", ".html"}
PATH_OF_A_MACHINE = re.compile(r"(?<![\w.*/-])/(?:work|root|home|farm|Users)/\w")
REGISTRY = re.compile(r"https?://\S*(?:pypi|pythonhosted|npmjs|registry)\S*")
LEFT_OUT = re.compile(
    r"mark\.(?:skip|xfail)|skipif|pytest\.skip|importorskip|\b(?:test|it|describe)\.(?:skip|todo|only)"
)


def _files():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


FILES = _files()


def _text(path):
    return path.read_bytes().decode("utf-8", "replace")


def _matches(pattern, files):
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(_text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_top_level_has_what_people_look_for():
    assert {str(path.relative_to(ROOT)) for path in FILES} >= TOP_LEVEL


def test_no_module_is_longer_than_a_reader_keeps_in_mind():
    written = [path for path in FILES if path.suffix in WRITTEN and path.parent.name != "migrations"]
    lengths = {path.relative_to(ROOT): len(_text(path).splitlines()) for path in written}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST} == {}


def test_no_path_of_one_machine_is_written_anywhere():
    assert _matches(PATH_OF_A_MACHINE, FILES) == []


def test_no_registry_is_written_into_a_lock_file():
    locks = [
        ROOT / name for name in ("requirements.txt", "requirements-dev.txt", "frontend/package-lock.json")
    ]
    assert _matches(REGISTRY, locks) == []


def test_no_test_is_left_out():
    tests = [path for path in FILES if {"tests"} & set(path.parts) and path != Path(__file__)]
    assert _matches(LEFT_OUT, tests) == []


def test_the_makefile_has_these_verbs_and_each_says_what_it_does():
    text = (ROOT / "Makefile").read_text()
    assert set(re.findall(r"^([\w-]+):.*##", text, re.MULTILINE)) == VERBS
    assert set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()) == VERBS
