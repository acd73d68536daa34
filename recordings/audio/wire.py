"""Orders and outcomes as JSON, between a worker and the child that decodes for it.

What comes back was written by a process that handled hostile bytes: files are named without a folder, and nothing is
taken that is not of the expected shape.
"""

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from languages.limits import Limits
from recordings.audio import judge
from recordings.audio.order import Cut, CutClip, Finding, Measure, Order, Outcome

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")

OUTCOME = "outcome.json"  # in the job's folder
MOST_BYTES = 50_000_000
NONSENSE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)  # what reading it may raise


def order_out(order: Order) -> dict[str, Any]:
    return asdict(order)


def order_in(data: dict[str, Any]) -> Order:
    return Order(cut=Cut(data["cut"]), limits=Limits(**data["limits"]), text=data["text"])


def outcome_out(outcome: Outcome) -> str:
    return json.dumps(asdict(outcome), default=_plain)


def outcome_in(folder: Path) -> Outcome:
    """Return what a child wrote into a job's folder; raises one of NONSENSE for nonsense."""
    path = _file(OUTCOME, folder)
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("an outcome is not as large as that")
    data = json.loads(path.read_text())
    clips = tuple(_clip(each, folder) for each in data.pop("clips"))
    return _checked(Outcome, {**data, **_found(data), "clips": clips})


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value)} has no place in an outcome")


def _clip(data: dict[str, Any], folder: Path) -> CutClip:
    parts = {
        "master": _file(data["master"], folder),
        "delivery": _file(data["delivery"], folder),
        "measures": tuple(_checked(Measure, each) for each in data["measures"]),
        "fingerprint": bytes.fromhex(data["fingerprint"]),
    }
    return _checked(CutClip, {**data, **_found(data), **parts})


def _found(data: dict[str, Any]) -> dict[str, Any]:
    """Return the refusal and the warnings, which must be in the tables."""
    refusal, warnings = data["refusal"], tuple(data["warnings"])
    if (refusal and refusal["code"] not in judge.REFUSALS) or not set(warnings) <= set(judge.WARNINGS):
        raise ValueError("a code is in no table")
    return {"refusal": _checked(Finding, refusal) if refusal else None, "warnings": warnings}


def _checked(kind: type[T], data: dict[str, Any]) -> T:
    """Make a dataclass; raises TypeError for missing, unknown or mistyped fields."""
    for each in fields(kind):
        if each.type in (int, str, bool, float) and type(data.get(each.name, each.default)) is not each.type:
            raise TypeError(f"{each.name} is no {each.type}")
    return kind(**data)


def _file(name: str, folder: Path) -> Path:
    path = folder / name
    if Path(name).name != name or path.is_symlink() or not path.is_file():
        raise ValueError("a file is not in its folder")
    return path
