"""What a session says of itself at its start: its reader, its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.errors import InputError
from gazecore.geometry import Screen
from gazecore.messages import SessionStarted, StateRepeated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gazecore.messages import AnyMarker


def session_started(markers: Iterable[AnyMarker]) -> SessionStarted | None:
    """The session's own description, from its start or from a repeated state."""
    for marker in markers:
        if isinstance(marker, SessionStarted):
            return marker
        if isinstance(marker, StateRepeated) and marker.session is not None:
            return marker.session
    return None


def session_screen(markers: Iterable[AnyMarker]) -> Screen:
    """The tracked screen as the session recorded it.

    Raises
    ------
    InputError
        The markers hold no session.
    """
    started = session_started(markers)
    if started is None:
        raise InputError("the markers name no session and no screen; record with the station")
    state = started.screen
    return Screen(
        state.width_px, state.height_px, state.width_mm, state.height_mm, state.distance_mm
    )
