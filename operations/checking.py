"""Comparing rows with objects and with each other; and, where asked for, mending what differs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.core.files.storage import storages
from django.utils.translation import gettext as _

from common.errors import Refused
from common.storage import StoredObject
from operations import damage, wanted
from operations.damage import Damage, Depth
from operations.mending import REMOVES, mend
from recordings.models import Clip, Recording

MOST_SHARE = 0.01  # of the objects that may go; more is a broken listing or a lost database, not litter


@dataclass
class Findings:
    """What was found, and how many objects were listed in all."""

    damages: list[Damage] = field(default_factory=list)
    objects: int = 0
    unmended: list[Damage] = field(default_factory=list)


def check(depth: Depth, follow: Callable[[list[str]], Iterable[str]] = iter) -> Findings:
    """Look at everything once; `follow` may show how far it is. Raises Refused if a listing can't be right."""
    findings = Findings()
    for part in follow(wanted.parts()):
        listed = {each.key: each for each in _listed(part)}
        findings.objects += len(listed)
        findings.damages += damage.in_part(part, listed, depth)
    _refuse_an_empty_listing(findings)
    findings.damages += [*damage.of_archives(depth), *damage.leftovers(depth)]
    return findings


def repair(findings: Findings, most_share: float = MOST_SHARE) -> None:
    """Mend what can be mended. Raises Refused, and touches nothing, if too much would go."""
    going = sum(each.kind in REMOVES for each in findings.damages)
    if going > findings.objects * most_share:
        words = _(
            "%(going)s of %(objects)s objects would be deleted, more than %(most)s %%. Is this the right database? "
            "Nothing was changed."
        )
        told = {"going": going, "objects": findings.objects, "most": f"{most_share * 100:g}"}
        raise Refused(words % told, code="too-many-orphans")
    findings.unmended = [each for each in findings.damages if not mend(each)]


def _listed(part: str) -> Iterator[StoredObject]:
    for folder in ("originals", "clips", "readings"):
        yield from storages["private"].objects(f"{folder}/{part}/" if part else f"{folder}/")  # type: ignore[attr-defined]


def _refuse_an_empty_listing(findings: Findings) -> None:
    if not findings.objects and (Recording.objects.exists() or Clip.objects.exists()):
        words = _(
            "The storage lists no object, but there are recordings. Is this the right bucket or folder?"
        )
        raise Refused(words, code="empty-listing")
