"""Frames of the multi-frame image that is read, made ready to be drawn off this thread."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.reading.image_source import prepare
from gazecore.errors import FocusStationError

if TYPE_CHECKING:
    from app.reading.frame import FrameRenderer
    from gazecore.dicom import XrayImage
    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Case

KEPT_BESIDE = 2
"""Frames that are kept on either side of the one wanted last; its neighbours are fetched ahead."""


class FrameSource(QObject):
    """Asks the decoder for frames, the wanted one first, and drops what is far from it.

    Signals
    -------
    frame_ready : `FrameRenderer`
        The frame that was wanted last.
    frame_failed : int, str
        The frame that was wanted last, from 0, and why it cannot be shown.
    """

    frame_ready = Signal(object)
    frame_failed = Signal(int, str)
    _decoded = Signal(int)

    def __init__(self, decoder: Decoder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._decoder = decoder
        self._case_id = ""
        self._wanted: int | None = None
        self._ready: dict[int, Future[FrameRenderer]] = {}
        self._asked: dict[int, Future[XrayImage]] = {}
        # Futures finish on the decoder's thread; the queue brings them to this object's.
        self._decoded.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def want(self, case: Case, frame: int, frames: int) -> None:
        """Ask for a frame of a case, of so many; one wanted before and not there is given up."""
        if case.case_id != self._case_id:
            self.forget()
            self._case_id = case.case_id
        self._wanted = frame
        for far in [each for each in self._ready if abs(each - frame) > KEPT_BESIDE]:
            self._asked.pop(far).cancel()
            del self._ready[far]
        for each in (frame, frame + 1, frame - 1):
            if 0 <= each < frames:
                self._ask(case, each)
        self._deliver(frame)

    def forget(self) -> None:
        """Want nothing any more and let all frames go."""
        self._wanted, self._case_id = None, ""
        for asked in self._asked.values():
            asked.cancel()
        self._asked.clear()
        self._ready.clear()

    def _ask(self, case: Case, frame: int) -> None:
        if frame in self._ready:
            return
        ready: Future[FrameRenderer] = Future()
        self._ready[frame] = ready
        ready.add_done_callback(lambda _done: self._decoded.emit(frame))
        asked = self._decoder.request(case.path, frame)
        self._asked[frame] = asked
        asked.add_done_callback(lambda done: prepare(done, ready))

    def _deliver(self, frame: int) -> None:
        ready = self._ready.get(frame)
        if frame != self._wanted or ready is None or not ready.done():
            return
        self._wanted = None
        try:
            renderer = ready.result()
        except (FocusStationError, CancelledError, MemoryError) as error:
            del self._ready[frame], self._asked[frame]
            self.frame_failed.emit(frame, str(error) or type(error).__name__)
            return
        self.frame_ready.emit(renderer)
