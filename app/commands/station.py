"""Open the station's window."""

from __future__ import annotations

from gazecore.errors import NotYetError


def open_station(*, study: str, reader: str, tracker: str, offscreen: bool, pilot: str) -> int:
    """Run the station until its window closes; returns the exit status."""
    del study, reader, tracker, offscreen, pilot
    raise NotYetError("the station", "use the commands listed by 'focusstation --help'")
