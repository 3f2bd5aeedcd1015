"""A real station under load: a pilot reads one case, somebody windows without a pause, and now
and then a call in the station holds the interpreter's lock.

Run as ``python loaded_station.py OPTIONS.json``; prints one JSON document at the end.
"""

from __future__ import annotations

import ctypes
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.acquisition.viewmodel import TrackerChoice
from app.application import StationApplication, StationSettings, StudyStation
from app.commands.station import choose_platform
from app.pilot.pilot import Pilot
from app.pilot.script import Key, PilotScript, Wait
from gazecore import lsl

HOLD_S = 1.4


@dataclass(frozen=True)
class Options:
    """One run: the tracker's arguments, how long the case is read, when the lock is held."""

    study: str
    reader: str
    tracker_arguments: list[str]
    out: str
    seconds: float
    holds_at_s: list[float]


@dataclass
class Done:
    """What the load came to; `holds_s` are (begin, end) on the LSL clock.

    `in_time` tells whether the sitting ended by itself.
    """

    drags: int = 0
    frames: int = 0
    holds_s: list[tuple[float, float]] = field(default_factory=list)
    in_time: bool = False


class Load:
    """Drags window centre and width as often as the event loop allows, from a case's opening."""

    def __init__(self, station: StudyStation, window: QWidget, holds_at_s: list[float]) -> None:
        self.done = Done()
        self._window = window
        self._holds_at_s = holds_at_s
        self._drag = QTimer(window)
        self._drag.timeout.connect(self._on_drag)
        station.case_opened.connect(self._on_case_opened)
        station.case_closed.connect(lambda _closed: self._drag.stop())
        station.frame_shown.connect(self._on_frame_shown)

    def _on_case_opened(self, _opened: object) -> None:
        self._drag.start(0)
        for at_s in self._holds_at_s:
            QTimer.singleShot(round(1000 * at_s), self._window, self._hold)

    def _on_frame_shown(self, _shown: object) -> None:
        self.done.frames += 1

    def _on_drag(self) -> None:
        viewport = self._window.findChild(QWidget, "viewport")
        assert viewport is not None
        step = self.done.drags % 200
        self.done.drags += 1
        if step == 0:
            self._send(viewport, QEvent.Type.MouseButtonPress, 0)
        self._send(viewport, QEvent.Type.MouseMove, abs(step - 100))

    def _send(self, viewport: QWidget, kind: QEvent.Type, step: int) -> None:
        at = QPointF(viewport.width() / 2 + step, viewport.height() / 2 - step)
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
        modifiers = Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, at, viewport.mapToGlobal(at), button, LEFT, modifiers)
        QApplication.sendEvent(viewport, event)

    def _hold(self) -> None:
        start_s = lsl.clock_s()
        ctypes.PyDLL(None).usleep(round(HOLD_S * 1e6))  # PyDLL, unlike CDLL, keeps the lock
        self.done.holds_s.append((start_s, lsl.clock_s()))


LEFT = Qt.MouseButton.LeftButton


def run(options: Options) -> Done:
    """One sitting at the station, from its start page to a closed recording."""
    choose_platform(offscreen=True)
    lsl.configure()
    qt = QApplication(sys.argv[:1])
    tracker = TrackerChoice("simulated", tuple(options.tracker_arguments))
    settings = StationSettings(Path(options.study), options.reader, tracker, calibrates=False)
    application = StationApplication(qt, settings)
    try:
        application.start()
        assert application.station is not None
        load = Load(application.station, application.window, options.holds_at_s)
        actions = (Wait(seconds=options.seconds), Key(key="Return"))
        script = PilotScript(out=options.out, default_case=actions, calibrate=False)
        pilot = Pilot(application.station, application.window, script, application)
        pilot.finished.connect(lambda in_time: qt.exit(0 if in_time else 1))
        pilot.start()
        load.done.in_time = qt.exec() == 0
    finally:
        application.close()
    return load.done


if __name__ == "__main__":
    print(json.dumps(asdict(run(Options(**json.loads(Path(sys.argv[1]).read_text()))))))
