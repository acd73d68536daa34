"""Recordings in the admin, and texts read aloud."""

from recordings.admin.readings import ReadingAdmin
from recordings.admin.recordings import RecordingAdmin, WithdrawalAdmin

__all__ = ["ReadingAdmin", "RecordingAdmin", "WithdrawalAdmin"]
