"""Feeds the pointer tracker: the mouse stands in for gaze, in 0..1 of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtGui import QCursor

from app.shared.tracked_screen import norm_point

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from PySide6.QtGui import QScreen

    from app.acquisition.controller import AcquisitionController
    from gazecore.control import Answer

EVERY_MS = 10


class PointerFeed(QObject):
    """Sends the mouse's place while it runs; a place is left out while the last is on its way.

    `screen` gives the tracked screen of the moment: a window may go to another one.
    """

    def __init__(
        self,
        acquisition: AcquisitionController,
        screen: Callable[[], QScreen],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._acquisition = acquisition
        self._screen = screen
        self._sent: Future[Answer] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin to send."""
        self._timer.start()

    def stop(self) -> None:
        """Stop sending."""
        self._timer.stop()

    def _on_tick(self) -> None:
        if self._sent is not None and not self._sent.done():
            return
        place = QPointF(QCursor.pos())
        x_norm, y_norm = norm_point(self._screen().geometry(), place)
        self._sent = self._acquisition.call_tracker("point", x_norm=x_norm, y_norm=y_norm)
