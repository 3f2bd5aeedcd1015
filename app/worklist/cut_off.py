"""Looks for recordings that were cut off when a study is opened, beside the window."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from gazecore.errors import FocusStationError
from gazecore.recording.recovery import CutOff, find_cut_off, settle

if TYPE_CHECKING:
    from gazecore.study import Study


class CutOffLook(QObject):
    """Finds recordings that were cut off, keeps that in the audit, and tells each once.

    Signals
    -------
    found : tuple of str
        What to tell, one text for each recording; never empty.
    """

    found = Signal(object)
    _done = Signal(object)

    def __init__(self, study: Study, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._study = study
        self._is_open = True
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cut-off")
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Look through the recordings; `found` follows if there is something to tell."""
        if self._is_open and not self._study.read_only:
            future = self._worker.submit(self._look)
            future.add_done_callback(self._done.emit)

    def close(self) -> None:
        """Wait for the file that is being read, and tell nothing any more."""
        self._is_open = False
        self._worker.shutdown(wait=True)

    def _look(self) -> tuple[CutOff, ...]:
        found = []
        for cut_off in find_cut_off(self._study.recordings):
            found.append(cut_off)
            if not self._is_open:
                break
        return tuple(found)

    def _on_done(self, future: Future[tuple[CutOff, ...]]) -> None:
        told = [text for cut_off in future.result() if (text := self._noted(cut_off))]
        if told:
            self.found.emit(tuple(told))

    def _noted(self, cut_off: CutOff) -> str:
        """What to tell of a recording; empty if it was told before or cannot be noted now."""
        if not self._is_open:
            return ""
        sentences = cut_off.sentences()
        try:
            is_new = self._study.note_recovered(cut_off.path.stem, sentences)
        except FocusStationError:
            return " ".join(sentences)  # told again the next time
        settle(cut_off.path)
        return " ".join(sentences) if is_new else ""
