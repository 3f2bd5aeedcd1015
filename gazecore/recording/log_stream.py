"""The stream ``FocusStation recorder``: what the recorder itself has to say, as markers.

Its samples are JSON of `gazecore.messages`: `StreamJoined` with a copy of each stream's header
(so that a damaged header costs no samples), `GapFound` and `FaultFound`. Their times are on the
recorder's own clock, so its clock offset is 0.
"""

from __future__ import annotations

from gazecore.samples import RECORDER_STREAM_NAME

RECORDER_STREAM_ID = 0x46534932
"""Fixed, so that a reader finds the log even where its header is damaged."""


def header_xml() -> str:
    """The stream header of the recorder's log."""
    return (
        f'<?xml version="1.0"?><info><name>{RECORDER_STREAM_NAME}</name><type>Log</type>'
        "<channel_count>1</channel_count><nominal_srate>0</nominal_srate>"
        "<channel_format>string</channel_format><source_id></source_id><desc></desc></info>"
    )
