"""Which state of a recording and of a clip may follow which."""

from enum import StrEnum


class RecordingState(StrEnum):
    QUARANTINED = "quarantined"  # kept, not worked on: consent is missing, or the work failed three times
    RECEIVED = "received"  # waits for a worker; this row is the job
    PROCESSING = "processing"  # held by a worker under a lease
    PROCESSED = "processed"
    REFUSED = "refused"  # can't be data, and the speaker is told why


class ClipState(StrEnum):
    UNTRANSCRIBED = "untranscribed"  # nobody has written down yet what is said
    OPEN = "open"  # more votes are wanted
    VALID = "valid"
    INVALID = "invalid"


NEXT: dict[RecordingState, frozenset[RecordingState]] = {
    RecordingState.QUARANTINED: frozenset({RecordingState.RECEIVED}),
    RecordingState.RECEIVED: frozenset({RecordingState.PROCESSING, RecordingState.QUARANTINED}),
    RecordingState.PROCESSING: frozenset(
        {
            RecordingState.RECEIVED,
            RecordingState.PROCESSED,
            RecordingState.REFUSED,
            RecordingState.QUARANTINED,
        }
    ),
    RecordingState.PROCESSED: frozenset({RecordingState.RECEIVED}),
    RecordingState.REFUSED: frozenset({RecordingState.RECEIVED}),
}
