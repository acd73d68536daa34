"""An instance that ran before goes on after its migrations, with all that people gave."""

import os
import subprocess
import sys

import psycopg

# What ran before the first migrations that change rows or columns which code of before uses
BEFORE = {
    "languages": "0002", "accounts": "0003", "prompts": "0002", "recordings": "0002",
    "validation": "0002", "export": "0002", "dashboard": "0001",
}  # fmt: skip
WORKED = """
import sys, uuid
from datetime import timedelta
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

executor = MigrationExecutor(connection)
before = [executor.loader.get_migration_by_prefix(*each.split(".")) for each in sys.argv[1:]]
apps = executor.migrate([(each.app_label, each.name) for each in before]).apps

def made(label, **fields):
    return apps.get_model(label).objects.create(**fields)

english = made("languages.Language", tag="en", direction="ltr")
people = [made("accounts.Speaker", id=uuid.uuid4()) for _ in range(2)]
until = timezone.now() + timedelta(days=1)
for n in range(5):
    words = {"text": f"{n}", "text_key": f"{n}", "source": "x"}
    prompt = made("prompts.Prompt", language=english, state="in_use", reserved=2, **words)
    for person in people:
        made("prompts.Reservation", prompt=prompt, speaker=person, language=english, until=until)
given = {"speaker": people[0], "language": english, "prompt": prompt}
recording = made("recordings.Recording", id=uuid.uuid4(), take_id=uuid.uuid4(), sha256="0", size=1, **given)
clip = made("recordings.Clip", id=uuid.uuid4(), recording=recording, start=0, end=1, duration_ms=1, delivery_size=1,
            master_size=1, state="valid", **given)
made("validation.Gold", clip_id=clip.pk, is_good=True)
made("validation.Vote", clip=clip, speaker=people[1], choice="yes")

for of in ("sentences 5 []", "reviews 1", "clips 1"):
    made("prompts.Stretch", speaker=people[0], language=english, of=of, start=0, end=9)

call_command("migrate", verbosity=0)

from accounts.models import Speaker
from languages.models import Language
from common.ring import place_of
from prompts.models import Prompt, Reservation, Stretch
from prompts.selection import next_prompts
from validation.models import Gold, Vote

language = Language.objects.get()
assert Reservation.objects.filter(alone=False).count() == 10
assert len(next_prompts(language=language, speaker=Speaker.objects.create(), count=5)) == 5
assert Reservation.objects.filter(alone=True).count() == 5
assert Gold.objects.filter(language=language, place__isnull=False).count() == 1
assert all(each.place == place_of(each.pk) for each in Prompt.objects.all())
assert [vote.place for vote in Vote.objects.all()] == [vote.clip.place for vote in Vote.objects.all()] != []
assert [each.of for each in Stretch.objects.all()] == ["clips 1"]
Prompt.objects.create(language=language, text="new", text_key="new", source="x")
"""


def upgrade(**environment):
    own = os.environ | {"DJANGO_SETTINGS_MODULE": "voicecollect.settings"} | environment
    before = [f"{app}.{number}" for app, number in BEFORE.items()]
    done = subprocess.run(
        [sys.executable, "-c", WORKED, *before], env=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_on_sqlite(tmp_path):
    upgrade(DATA_DIR=str(tmp_path), DATABASE_URL="")


def test_on_postgresql(tmp_path, postgresql):
    url = postgresql.create_database(f"upgrade-{os.getpid()}")
    upgrade(DATA_DIR=str(tmp_path), DATABASE_URL=url)
    with psycopg.connect(url) as connection:
        told = "SELECT count(*) FROM pg_class WHERE 'autovacuum_vacuum_threshold=2000' = ANY(reloptions)"
        assert connection.execute(told).fetchone() == (2,)
