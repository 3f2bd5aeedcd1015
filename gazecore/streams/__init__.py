"""Gaze streams of other labs: recognised by profiles, read as `GazeSamples`, or refused.

To add an outlet of the wild: a row in ``profiles.toml`` (recipe at its top) and a case in
``tests/gazecore/streams/wild.py``.
"""

from gazecore.streams.identity import StreamAbout, is_ours, listed_labels
from gazecore.streams.profile import EyeMapping, StreamMatch, StreamProfile
from gazecore.streams.reading import StreamReading, read_by
from gazecore.streams.table import Refusal, known_outlets, match_profile

__all__ = [
    "EyeMapping",
    "Refusal",
    "StreamAbout",
    "StreamMatch",
    "StreamProfile",
    "StreamReading",
    "is_ours",
    "known_outlets",
    "listed_labels",
    "match_profile",
    "read_by",
]
