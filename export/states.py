"""Which state of a release, and of a slice of an archive, may follow which."""

from enum import StrEnum


class ReleaseState(StrEnum):
    DRAFT = "draft"  # named; nothing is copied yet
    FROZEN = "frozen"  # its rows are copied; the live tables may change as they like
    BUILDING = "building"  # archives are being made; may be taken up again at any moment
    READY = "ready"  # everything is made and checked
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"  # was published; its addresses say that it is gone


NEXT: dict[ReleaseState, frozenset[ReleaseState]] = {
    ReleaseState.DRAFT: frozenset({ReleaseState.FROZEN}),
    ReleaseState.FROZEN: frozenset({ReleaseState.BUILDING}),
    ReleaseState.BUILDING: frozenset({ReleaseState.READY}),
    ReleaseState.READY: frozenset({ReleaseState.PUBLISHED}),
    ReleaseState.PUBLISHED: frozenset({ReleaseState.WITHDRAWN}),
    ReleaseState.WITHDRAWN: frozenset(),
}

PUBLIC = frozenset({ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN})  # what the world has been told of


class SliceState(StrEnum):
    WAITING = "waiting"
    BUILDING = "building"  # held by a worker under a lease
    BUILT = "built"
