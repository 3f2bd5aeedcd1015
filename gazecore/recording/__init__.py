"""Recordings: the recorder process, the XDF file it writes, and reading it back."""

from gazecore.recording.model import (
    DamagedRegion,
    DamageReport,
    RecordedStream,
    Recording,
)
from gazecore.recording.reader import read, says_simulated

__all__ = ["DamageReport", "DamagedRegion", "RecordedStream", "Recording", "read", "says_simulated"]
