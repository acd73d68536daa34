"""What a browser tells of how it recorded: kept as it is if it is plain JSON, dropped piece by piece where it isn't.

A take is never refused for it, and no database is troubled by it.
"""

import json
import math
import re
from typing import Any

LONGEST = 4000  # characters of JSON
DEEPEST = 3
MOST = 40  # items of one object or list
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
DROPPED = object()


def read(told: str) -> dict[str, Any]:
    """Return the settings in a header; {} for what is no JSON object."""
    try:
        settings = json.loads(told) if len(told) <= LONGEST else {}
    except (ValueError, RecursionError):
        return {}
    kept = _kept(settings, DEEPEST)
    return kept if isinstance(kept, dict) else {}


def _kept(value: object, depth: int) -> Any:
    match value:
        case dict() if depth:
            return _kept_items(value, depth)
        case list() if depth:
            return [item for item in (_kept(each, depth - 1) for each in value[:MOST]) if item is not DROPPED]
        case None | bool():
            return value
        case int() | float() if math.isfinite(value) and abs(value) < 1e12:
            return value
        case str() if len(value) <= 200 and value.isprintable() and value.isascii():
            return value
    return DROPPED


def _kept_items(value: dict[str, object], depth: int) -> dict[str, Any]:
    items = ((key, _kept(item, depth - 1)) for key, item in list(value.items())[:MOST] if KEY.fullmatch(key))
    return {key: item for key, item in items if item is not DROPPED}
