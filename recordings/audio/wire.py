"""Orders and outcomes as JSON, between a worker and the child that decodes for it.

What comes back was written by a process that handled hostile bytes: files are named without a folder, and nothing is
taken that is not of the expected shape.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from recordings.audio.order import Cut, CutClip, Finding, Limits, Measure, Order, Outcome


def order_out(order: Order) -> dict[str, Any]:
    return asdict(order)


def order_in(data: dict[str, Any]) -> Order:
    return Order(cut=Cut(data["cut"]), limits=Limits(**data["limits"]), text=data["text"])


def outcome_out(outcome: Outcome) -> str:
    return json.dumps(asdict(outcome), default=_plain)


def outcome_in(text: str, folder: Path) -> Outcome:
    """Return the outcome; raises ValueError, KeyError or TypeError if it has not the expected shape."""
    data = json.loads(text)
    data["clips"] = tuple(_clip(each, folder) for each in data["clips"])
    data["warnings"] = tuple(data["warnings"])
    data["refusal"] = _finding(data["refusal"])
    return Outcome(**data)


def _plain(value: object) -> str:
    if isinstance(value, Path):
        return value.name
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value)} has no place in an outcome")


def _clip(data: dict[str, Any], folder: Path) -> CutClip:
    return CutClip(
        **{
            **data,
            "master": _file(data["master"], folder),
            "delivery": _file(data["delivery"], folder),
            "measures": tuple(Measure(**each) for each in data["measures"]),
            "warnings": tuple(data["warnings"]),
            "refusal": _finding(data["refusal"]),
            "fingerprint": bytes.fromhex(data["fingerprint"]),
        }
    )


def _finding(data: dict[str, str] | None) -> Finding | None:
    return Finding(**data) if data else None


def _file(name: str, folder: Path) -> Path:
    path = folder / name
    if Path(name).name != name or path.is_symlink() or not path.is_file():
        raise ValueError("a clip's file is not in its folder")
    return path
