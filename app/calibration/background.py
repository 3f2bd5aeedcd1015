"""Finds the mean grey of a study's cases beside the window: sampled once, then kept."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.calibration.plan import DEFAULT_LEVEL
from gazecore.dicom.mean_level import mean_level
from gazecore.errors import FocusStationError
from gazecore.study.background import read_background, sampled_cases, write_background

if TYPE_CHECKING:
    from gazecore.dicom import XrayImage
    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Case, Study


class CaseGrey(QObject):
    """The grey for the backgrounds of calibration, validation and drift checks.

    The protocol's own level goes first, then the one kept in the derivatives, then that of some
    cases. These are decoded one after the other, so that a case about to be read waits for at
    most one of them; files that cannot be opened are passed over.

    Signals
    -------
    level_found : float
    """

    level_found = Signal(float)
    _measured = Signal(object)

    def __init__(self, study: Study, decoder: Decoder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._study = study
        self._decoder = decoder
        self._cases: list[Case] = []
        self._waiting: list[Case] = []
        self._levels: list[float] = []
        self._is_open = True
        fixed = study.protocol.calibration.background_level
        self._level = None if fixed is None else float(fixed)
        self._measured.connect(self._on_measured, Qt.ConnectionType.QueuedConnection)

    @property
    def level(self) -> float:
        """The grey 0..255; a dark one until the cases are known."""
        return DEFAULT_LEVEL if self._level is None else self._level

    def start(self) -> None:
        """Look for the level; `level_found` follows if it is not known yet."""
        if self._level is not None or self._waiting:
            return
        self._cases = self._study.cases()
        kept = read_background(self._study.derivatives, self._cases)
        if kept is not None:
            self._found(kept)
            return
        self._levels = []
        self._waiting = list(sampled_cases(self._cases))
        self._next()

    def close(self) -> None:
        """Ask for nothing any more."""
        self._is_open = False

    def _next(self) -> None:
        if not self._waiting:
            return
        asked = self._decoder.request(self._waiting.pop(0).path)
        level: Future[float] = Future()
        level.add_done_callback(self._measured.emit)
        asked.add_done_callback(lambda done: _measure(done, level))

    def _on_measured(self, done: Future[float]) -> None:
        if not self._is_open:
            return
        # A file that cannot be shown makes no light either.
        with suppress(FocusStationError, CancelledError, MemoryError):
            self._levels.append(done.result())
        if self._waiting:
            self._next()
        elif self._levels:
            self._keep()

    def _keep(self) -> None:
        try:
            level = write_background(self._study.derivatives, self._cases, self._levels)
        except OSError:
            level = sum(self._levels) / len(self._levels)  # not kept: found again the next time
        self._found(level)

    def _found(self, level: float) -> None:
        self._level = level
        self.level_found.emit(level)


def _measure(decoded: Future[XrayImage], level: Future[float]) -> None:
    """On the decoder's thread: the image's mean grey, or why there is none."""
    try:
        level.set_result(mean_level(decoded.result()))
    except (FocusStationError, CancelledError, MemoryError) as error:
        level.set_exception(error)
