"""Asks the tracker where the eyes are, as long as it has a position guide; else gaze tells."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.calibration.position import HeadPosition, PositionReader
from gazecore.errors import AcquisitionError

if TYPE_CHECKING:
    from app.calibration.tracker_calibration import TrackerCall
    from gazecore.control import Answer
    from gazecore.samples import GazeSamples


class PositionGuide(QObject):
    """Never asks twice at a time, and never again once the tracker said that it has no guide.

    Signals
    -------
    position_changed : HeadPosition
    """

    position_changed = Signal(object)
    _answered = Signal(object)

    def __init__(
        self,
        call_tracker: TrackerCall,
        distance_mm: float,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._call = call_tracker
        self._distance_mm = distance_mm
        self._reader = PositionReader()
        self._asked: Future[Answer] | None = None
        self._has_guide = True
        self._position = HeadPosition()
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    @property
    def position(self) -> HeadPosition:
        """Where the reader sat last."""
        return self._position

    def look(self, samples: GazeSamples) -> None:
        """Look now; `samples` are the last moment's gaze, for trackers without a guide."""
        if not self._has_guide:
            self._take(self._reader.from_gaze(samples, self._distance_mm))
        elif self._asked is None:
            self._asked = self._call("eye_positions")
            self._asked.add_done_callback(self._answered.emit)

    def _on_answered(self, done: Future[Answer]) -> None:
        self._asked = None
        try:
            position = self._reader.from_guide(done.result())
        except (AcquisitionError, CancelledError):
            position = None
        if position is None:
            self._has_guide = False
        else:
            self._take(position)

    def _take(self, position: HeadPosition) -> None:
        if position != self._position:
            self._position = position
            self.position_changed.emit(position)
