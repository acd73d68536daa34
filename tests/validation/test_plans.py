"""How PostgreSQL walks: by the index of levels, which is found again however few rows a level has."""

import uuid

import psycopg
import pytest
from django.db import connection

from common.ring import SHUFFLE_RANGE
from prompts import selection
from prompts.cleaning import key
from prompts.models import Prompt
from prompts.states import PromptState
from recordings.models import Clip
from tests import make
from validation.models import Vote
from validation.selection import walk

MANY, RARE = 3000, 3


def plans_of(ask):
    """Return how PostgreSQL executes each window of a walk."""
    plans = []

    def explained(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and '"place" < ' in sql:
            plans.append(kept_plan(params))
        return result

    with connection.execute_wrapper(explained):
        assert ask()
    return plans


def kept_plan(params):
    """Return the plan that the server keeps of the statement that was executed last."""
    raw = connection.connection
    newest = (
        "SELECT name, parameter_types::text[] FROM pg_prepared_statements ORDER BY prepare_time DESC LIMIT 1"
    )
    [name, types] = raw.execute(newest).fetchone()
    values = ", ".join(f"%s::{each}" for each in types)
    rows = psycopg.ClientCursor(raw).execute(f"EXPLAIN EXECUTE {name}({values})", params).fetchall()
    return "\n".join(line for [line] in rows)


def analyze(model):
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def test_clips_nearest_to_a_decision_are_found_by_their_index(on_postgresql):
    one = make.clip(yes_count=1, position=MANY)
    columns = {field.attname: getattr(one, field.attname) for field in Clip._meta.concrete_fields}
    for name in ("id", "position", "place", "heard", "yes_count"):
        del columns[name]
    Clip.objects.bulk_create(
        (Clip(id=uuid.uuid4(), position=n, yes_count=1 if n >= RARE else 3, **columns) for n in range(MANY)),
        batch_size=500,
    )
    analyze(Clip)
    way = walk(make.language(), make.speaker())
    first, *_others = plans_of(lambda: next(way.batches()))
    assert "clip_choice" in first
    assert "clip_walk" not in first
    [around] = plans_of(lambda: way.ring.window.all(at=0, end=SHUFFLE_RANGE, **way.given))
    assert "clip_walk" in around


def test_what_a_listener_judged_is_found_by_places(on_postgresql):
    one, listeners = make.clip(), [make.speaker() for _ in range(5)]
    columns = {field.attname: getattr(one, field.attname) for field in Clip._meta.concrete_fields}
    for name in ("id", "position", "place", "heard"):
        del columns[name]
    clips = [Clip(id=uuid.uuid4(), position=n, **columns) for n in range(1, MANY)]
    Clip.objects.bulk_create(clips, batch_size=500)
    votes = (Vote(clip=clip, speaker=who, choice="yes") for clip in clips for who in listeners)
    Vote.objects.bulk_create(votes, batch_size=500)
    analyze(Clip)
    analyze(Vote)
    way = walk(make.language(), listeners[0])
    [around] = plans_of(lambda: way.ring.window.all(at=0, end=SHUFFLE_RANGE, **way.given))
    assert "Index Only Scan using vote_walk" in around
    assert "clip_judged_once" not in around


def test_a_level_that_is_not_there_is_not_sought_through_the_only_one(on_postgresql):
    one = make.clip(yes_count=1)
    columns = {field.attname: getattr(one, field.attname) for field in Clip._meta.concrete_fields}
    for name in ("id", "position", "place", "heard"):
        del columns[name]
    Clip.objects.bulk_create(
        (Clip(id=uuid.uuid4(), position=n, **columns) for n in range(1, 10 * MANY)), batch_size=500
    )
    analyze(Clip)
    way = walk(make.language(), make.speaker())
    ends = {"at": 0, "end": SHUFFLE_RANGE, "lowest": 0, "highest": 0}
    [plan] = plans_of(lambda: not way.ring.window_of_first_level.all(**ends, **way.given))
    assert "clip_choice" in plan
    assert "clip_walk" not in plan


def test_sentences_with_the_fewest_recordings_are_found_by_their_index(on_postgresql):
    Prompt.objects.bulk_create(
        (
            Prompt(language=make.language(), text=f"Line {n}", text_key=key(f"Line {n}"), source="tests",
                   state=PromptState.IN_USE, clips_count=1 if n >= RARE else 0)
            for n in range(MANY)
        ),
        batch_size=500,
    )  # fmt: skip
    analyze(Prompt)
    way = selection.walk(make.language(), make.speaker())
    first, *_others = plans_of(lambda: next(way.batches()))
    assert "prompt_choice" in first
    assert "prompt_ring" not in first
    [around] = plans_of(lambda: way.ring.window.all(at=0, end=SHUFFLE_RANGE, **way.given))
    assert "prompt_ring" in around


@pytest.mark.django_db
def test_sqlite_too_finds_levels_by_their_index():
    make.clip(yes_count=1)
    way = walk(make.language(), make.speaker())
    asked = []
    with connection.execute_wrapper(
        lambda execute, sql, params, *rest: asked.append((sql, params)) or execute(sql, params, *rest)
    ):
        assert next(way.batches())
        way.ring.window_of_level.all(level=1, at=0, end=SHUFFLE_RANGE, **way.given)
    with connection.cursor() as cursor:
        for sql, params in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            [first, *_probes] = [detail for *_numbers, detail in cursor.fetchall()]
            assert "clip_choice" in first
