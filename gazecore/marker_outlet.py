"""The station's marker stream: one JSON marker per LSL sample, and the state to repeat."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

import pylsl

from gazecore.lsl import clock_s, marker_stream_info
from gazecore.messages import (
    AnyMarker,
    CaseClosed,
    CaseOpened,
    GazeMapped,
    SessionEnded,
    SessionStarted,
    StateRepeated,
    ViewportChanged,
)
from gazecore.samples import MARKER_STREAM_NAME

if TYPE_CHECKING:
    from types import TracebackType


KEPT_MARKERS = 20_000
"""Markers kept to be sent again: minutes of the busiest reading."""


class MarkerOutlet:
    """Publishes markers on the LSL outlet ``FocusStation markers``.

    A plain object for one thread: the caller publishes each marker and calls `repeat_state`
    every second, so that a late or restarted recorder knows what is on the screen.

    Parameters
    ----------
    source_id : str
        Names this sender, so that readers can tell a restart from another station.
    name : str
        Name of the stream.
    """

    def __init__(self, source_id: str, name: str = MARKER_STREAM_NAME) -> None:
        self._outlet: pylsl.StreamOutlet | None = pylsl.StreamOutlet(
            marker_stream_info(source_id, name), chunk_size=0, max_buffered=360
        )
        self._recent: deque[AnyMarker] = deque(maxlen=KEPT_MARKERS)
        self.state = StateRepeated(t_s=0.0)

    def __enter__(self) -> MarkerOutlet:
        """Return the open outlet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the outlet."""
        self.close()

    def publish(self, marker: AnyMarker) -> None:
        """Send a marker with its own time as the LSL timestamp."""
        if self._outlet is None:
            return
        self.state = state_after(self.state, marker)
        if not isinstance(marker, StateRepeated):
            self._recent.append(marker)
        self._outlet.push_sample([marker.to_json()], marker.t_s)

    def send_again(self, since_s: float) -> int:
        """Send what was published at or after `since_s` once more, with its own times.

        For a recorder that took the place of one that died; then the present state follows, so
        that whoever else listens knows what holds. Returns how many markers these were.
        """
        if self._outlet is None:
            return 0
        missed = [marker for marker in self._recent if marker.t_s >= since_s]
        for marker in missed:
            self._outlet.push_sample([marker.to_json()], marker.t_s)
        self.repeat_state()
        return len(missed)

    def repeat_state(self) -> None:
        """Send the current session, case and viewport once more, stamped now."""
        self.publish(self.state.model_copy(update={"t_s": clock_s()}))

    def has_readers(self) -> bool:
        """Whether any recorder or tracker is connected."""
        return self._outlet is not None and bool(self._outlet.have_consumers())

    def close(self, linger_s: float = 0.2) -> None:
        """Give connected readers `linger_s` to take what was sent, then take the stream away."""
        if self.has_readers():
            time.sleep(linger_s)
        self._outlet = None


def state_after(state: StateRepeated, marker: AnyMarker) -> StateRepeated:
    """The session, its mapping of gaze, case and viewport that hold after a marker.

    A session that starts or ends takes its case with it, a case its viewport; a viewport that
    came just before the opening of its case stays.
    """
    change: dict[str, object]
    if isinstance(marker, SessionStarted):
        change = {"session": marker, "case": None, "mapping": None, **_NO_VIEWPORT}
    elif isinstance(marker, SessionEnded):
        change = {"session": None, "case": None, "mapping": None, **_NO_VIEWPORT}
    elif isinstance(marker, GazeMapped):
        change = {"mapping": marker}
    elif isinstance(marker, CaseOpened):
        belongs = all(shown.reading_id == marker.reading_id for shown in state.viewports)
        change = {"case": marker, **({} if belongs else _NO_VIEWPORT)}
    elif isinstance(marker, CaseClosed):
        if state.case is None or state.case.reading_id != marker.reading_id:
            return state
        change = {"case": None, **_NO_VIEWPORT}
    elif isinstance(marker, ViewportChanged):
        change = _with_viewport(state, marker)
    elif isinstance(marker, StateRepeated):
        return marker
    else:
        return state
    return state.model_copy(update=change)


_NO_VIEWPORT: dict[str, object] = {"viewport": None, "other_viewports": ()}


def _with_viewport(state: StateRepeated, changed: ViewportChanged) -> dict[str, object]:
    """The viewports after a change of one; of several the last changed that is there leads."""
    others = [
        shown
        for shown in state.viewports
        if shown.reading_id == changed.reading_id and shown.viewport != changed.viewport
    ]
    if changed.is_gone and others:
        others, changed = [*others[:-1], changed], others[-1]
    return {"viewport": changed, "other_viewports": tuple(others)}
