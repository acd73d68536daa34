"""Which state of a recording and of a clip may follow which."""

from enum import StrEnum


class RecordingState(StrEnum):
    QUARANTINED = "quarantined"  # kept, not worked on: consent is missing, or the work failed three times
    RECEIVED = "received"  # waits for a worker; this row is the job
    PROCESSING = "processing"  # held by a worker under a lease
    PROCESSED = "processed"
    REFUSED = "refused"  # can't be data, and the speaker is told why
    WITHDRAWN = "withdrawn"  # taken back by its speaker; waits to be erased


class ClipState(StrEnum):
    UNTRANSCRIBED = "untranscribed"  # nobody has written down yet what is said
    OPEN = "open"  # more votes are wanted
    VALID = "valid"
    INVALID = "invalid"
    HIDDEN = "hidden"  # reported by several people; nobody hears it until a moderator decides


class ReadingState(StrEnum):
    WAITING = "waiting"  # for a worker; this row is the job
    READY = "ready"  # it is played
    REFUSED = "refused"  # can't be played, and whoever sent it is told why


_LATER: dict[RecordingState, set[RecordingState]] = {
    RecordingState.QUARANTINED: {RecordingState.RECEIVED},
    RecordingState.RECEIVED: {RecordingState.PROCESSING, RecordingState.QUARANTINED},
    RecordingState.PROCESSING: {
        RecordingState.RECEIVED,
        RecordingState.PROCESSED,
        RecordingState.REFUSED,
        RecordingState.QUARANTINED,
    },
    RecordingState.PROCESSED: {RecordingState.RECEIVED},
    RecordingState.REFUSED: {RecordingState.RECEIVED},
}
# Whatever has become of it, its speaker may take it back.
NEXT = {state: frozenset(later | {RecordingState.WITHDRAWN}) for state, later in _LATER.items()} | {
    RecordingState.WITHDRAWN: frozenset()
}
