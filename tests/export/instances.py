"""Instances in processes and folders of their own, filled with the same rows."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SEED = ROOT / "tests" / "export" / "seed.py"


def environment(folder, **variables):
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    fixed = {
        "RELEASE_KEY": "a key of tests", "SECRET_KEY": "of tests", "SIGNING_KEY": "for tests alone",
        "SITE_URL": "https://voices.example",
    }  # fmt: skip
    return inherited | fixed | {"DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)} | variables


def manage(env, *arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=env,
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def seeded(folder, shuffle, clips=120, **variables):
    """Return the environment of a new instance that has the same rows as any other, written in another order."""
    folder.mkdir()
    env = environment(folder, **variables)
    manage(env, "migrate", "-v0")
    seeded = env | {
        "SEED_SHUFFLE": str(shuffle),
        "SEED_CLIPS": str(clips),
        "SEED_DONE": str(folder / "seeded"),
    }
    manage(seeded, "shell", "-v0", "-c", SEED.read_text())
    assert (folder / "seeded").exists()
    return env
