"""Images by case, made ready to be drawn off this thread; the next one while this one is read."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.reading.frame import FrameRenderer
from gazecore.errors import FocusStationError

if TYPE_CHECKING:
    from gazecore.dicom import XrayImage
    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Case


class ImageSource(QObject):
    """Asks the decoder ahead of time and holds at most two images: this case's and the next.

    Signals
    -------
    image_ready : str, `FrameRenderer`
        The case that was wanted, and its image ready to be drawn.
    image_failed : str, str
        The case that was wanted, and why it cannot be shown.
    """

    image_ready = Signal(str, object)
    image_failed = Signal(str, str)
    _decoded = Signal(str)

    def __init__(self, decoder: Decoder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._decoder = decoder
        self._futures: dict[str, Future[FrameRenderer]] = {}
        self._requests: dict[str, Future[XrayImage]] = {}
        self._wanted: str | None = None
        # Futures finish on the decoder's thread; the queue brings them to this object's.
        self._decoded.connect(self._on_decoded, Qt.ConnectionType.QueuedConnection)

    def prefetch(self, case: Case) -> None:
        """Start to decode a case that will be wanted soon, in place of any other foreseen."""
        self._drop_all_but(case.case_id, self._wanted)
        if case.case_id in self._futures:
            return
        ready: Future[FrameRenderer] = Future()
        self._futures[case.case_id] = ready
        ready.add_done_callback(lambda _done: self._decoded.emit(case.case_id))
        self._requests[case.case_id] = self._decoder.request(case.path)
        self._requests[case.case_id].add_done_callback(lambda done: prepare(done, ready))

    def want(self, case: Case) -> None:
        """Ask for a case now: `image_ready` or `image_failed` follows, at once if it is there."""
        self._wanted = case.case_id
        self.prefetch(case)
        self._deliver(case.case_id)

    def forget(self) -> None:
        """Want nothing any more and let all images go."""
        self._wanted = None
        self._drop_all_but()

    def _drop_all_but(self, *kept: str | None) -> None:
        """Let go of other images; the decoder gives them up, so that the kept ones go first."""
        for case_id in [each for each in self._futures if each not in kept]:
            del self._futures[case_id]
            self._decoder.drop(self._requests.pop(case_id))

    def _on_decoded(self, case_id: str) -> None:
        self._deliver(case_id)

    def _deliver(self, case_id: str) -> None:
        future = self._futures.get(case_id)
        if case_id != self._wanted or future is None or not future.done():
            return
        self._wanted = None
        del self._futures[case_id]
        del self._requests[case_id]
        try:
            renderer = future.result()
        except (FocusStationError, CancelledError, MemoryError) as error:
            self.image_failed.emit(case_id, str(error) or type(error).__name__)
            return
        self.image_ready.emit(case_id, renderer)


def prepare(decoded: Future[XrayImage], ready: Future[FrameRenderer]) -> None:
    """Build the image's pyramid on the decoder's thread, so that a case opens without a halt."""
    try:
        ready.set_result(FrameRenderer(decoded.result()))
    except (FocusStationError, CancelledError, MemoryError) as error:
        ready.set_exception(error)
