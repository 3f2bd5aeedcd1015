"""Finds the grey that is as bright as a study's cases, beside the window: once, then kept."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.calibration.plan import DEFAULT_LEVEL
from gazecore.dicom.luminance import mean_luminance
from gazecore.display.screen_light import ScreenLight
from gazecore.errors import FocusStationError
from gazecore.study.background import (
    background_level,
    read_background,
    sampled_cases,
    write_background,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.dicom import XrayImage
    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Case, Study


class CaseGrey(QObject):
    """The grey for the backgrounds of calibration, validation and drift checks.

    The protocol's own level goes first, then the one kept in the derivatives, then that of some
    cases. These are decoded one after the other, so that a case about to be read waits for at
    most one of them; files that cannot be opened are passed over.

    Parameters
    ----------
    viewport_px : (width, height)
        The part of the screen that shows images; black where a case does not cover it.
    light : callable
        The light of the screen; its limit of brightness holds for the grey as well.

    Signals
    -------
    level_found : float
    """

    level_found = Signal(float)
    _measured = Signal(object)

    def __init__(
        self,
        study: Study,
        decoder: Decoder,
        viewport_px: tuple[float, float],
        light: Callable[[], ScreenLight] = ScreenLight,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._decoder = decoder
        self._viewport_px = viewport_px
        self._ask_light = light
        self._light = light()
        self._cases: list[Case] = []
        self._waiting: list[Case] = []
        self._luminances: dict[Case, float] = {}
        self._is_open = True
        fixed = study.protocol.calibration.background_level
        self._level = None if fixed is None else float(fixed)
        self._measured.connect(self._on_measured, Qt.ConnectionType.QueuedConnection)

    @property
    def level(self) -> float:
        """The grey 0..255; a dark one until the cases are known."""
        level = DEFAULT_LEVEL if self._level is None else self._level
        return min(level, self._light.driving_level(self._light.limit))

    def start(self) -> None:
        """Look for the level; `level_found` follows if it is not known yet."""
        if self._level is not None or self._waiting:
            return
        self._light = self._ask_light()
        self._cases = self._study.cases()
        kept = read_background(self._study.derivatives, self._cases, self._viewport_px, self._light)
        if kept is not None:
            self._found(kept)
            return
        self._luminances = {}
        self._waiting = list(sampled_cases(self._cases))
        if self._waiting:
            self._next()

    def close(self) -> None:
        """Ask for nothing any more."""
        self._is_open = False

    def _next(self) -> None:
        case = self._waiting.pop(0)
        luminance: Future[float] = Future()
        luminance.add_done_callback(lambda done: self._measured.emit((case, done)))
        asked = self._decoder.request(case.path)
        light = self._light
        asked.add_done_callback(lambda done: _measure(done, luminance, light))

    def _on_measured(self, outcome: tuple[Case, Future[float]]) -> None:
        if not self._is_open:
            return
        case, done = outcome
        # A file that cannot be shown makes no light either.
        with suppress(FocusStationError, CancelledError, MemoryError):
            self._luminances[case] = done.result()
        if self._waiting:
            self._next()
        elif self._luminances:
            self._keep()

    def _keep(self) -> None:
        level = background_level(self._luminances, self._viewport_px, self._light)
        with suppress(OSError):  # not kept: found again the next time
            write_background(
                self._study.derivatives,
                self._cases,
                self._viewport_px,
                self._light,
                level,
                len(self._luminances),
            )
        self._found(level)

    def _found(self, level: float) -> None:
        self._level = level
        self.level_found.emit(level)


def _measure(decoded: Future[XrayImage], luminance: Future[float], light: ScreenLight) -> None:
    """On the decoder's thread: the image's mean luminance, or why there is none."""
    try:
        luminance.set_result(mean_luminance(decoded.result(), light))
    except (FocusStationError, CancelledError, MemoryError) as error:
        luminance.set_exception(error)
