"""Recordings: the recorder process, the XDF file it writes, and reading it back."""

from gazecore.recording.model import (
    DamagedRegion,
    DamageReport,
    RecordedStream,
    Recording,
)
from gazecore.recording.parts import part_paths, read_parts
from gazecore.recording.reader import read, says_simulated, survey

__all__ = [
    "DamageReport",
    "DamagedRegion",
    "RecordedStream",
    "Recording",
    "part_paths",
    "read",
    "read_parts",
    "says_simulated",
    "survey",
]
