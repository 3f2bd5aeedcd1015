"""A real station under load, for the tests: a pilot reads, somebody windows without a pause, and
now and then a call in the station holds the interpreter's lock.

Run as ``python loaded_station.py OPTIONS.json``; prints one JSON document at the end.
"""

from __future__ import annotations

import ctypes
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget  # noqa: TID251 - only its type

    from app.study_station import StudyStation

HOLD_S = 1.4


@dataclass(frozen=True)
class Options:
    """One run: study, reader, tracker arguments, how long one case lasts, when to hold the lock."""

    study: str
    reader: str
    tracker_arguments: tuple[str, ...]
    out: str
    seconds: float
    holds_at_s: tuple[float, ...]


@dataclass
class Done:
    """What the load came to."""

    drags: int = 0
    frames: int = 0
    holds_s: list[float] = field(default_factory=list)


class Load:
    """Drags the window's centre and width as often as the event loop allows."""

    def __init__(self, station: StudyStation, window: QWidget, options: Options) -> None:
        from PySide6.QtCore import QTimer

        self.done = Done()
        self._window = window
        self._drag = QTimer(window)
        self._drag.timeout.connect(self._on_drag)
        self._holds = []
        for at_s in options.holds_at_s:
            hold = QTimer(window)
            hold.setSingleShot(True)
            hold.setInterval(round(1000 * at_s))
            hold.timeout.connect(self._on_hold)
            self._holds.append(hold)
        station.case_opened.connect(self._on_case_opened)
        station.case_closed.connect(lambda _closed: self._drag.stop())
        station.frame_shown.connect(self._on_frame)

    def _on_case_opened(self, _opened: object) -> None:
        self._drag.start(0)
        for hold in self._holds:
            hold.start()

    def _on_frame(self, _shown: object) -> None:
        self.done.frames += 1

    def _on_drag(self) -> None:
        from app.pilot.hands import send_mouse

        viewport = self._window.findChild(QWidgetType(), "viewport")
        at = 0.5 + 0.2 * (self.done.drags % 50) / 50
        if self.done.drags % 50 == 0:
            send_mouse(viewport, "press", (0.5, 0.5))
        send_mouse(viewport, "move", (at, 1 - at))
        self.done.drags += 1

    def _on_hold(self) -> None:
        start_s = time.monotonic()
        ctypes.PyDLL(None).usleep(round(HOLD_S * 1e6))  # PyDLL, unlike CDLL, keeps the lock
        self.done.holds_s.append(time.monotonic() - start_s)
