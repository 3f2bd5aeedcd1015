"""The pilot: leads the real station through one sitting, by its buttons, keys, wheel and mouse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.pilot.hands import Hands, grab_screen
from app.pilot.log import LOG_NAME, LoggedAction, append

if TYPE_CHECKING:
    from app.pilot.script import AnyAction, PilotScript
    from gazecore.messages import CaseOpened

LOOK_EVERY_MS = 150
PAUSE_AFTER_PRESS_MS = 400

_ON_THE_WAY = (
    "accept_calibration",
    "validate",
    "calibrate",
    "start_reading_button",
)
"""Buttons that lead on, the furthest first."""


class Pilot(QObject):
    """Plays a script on a station.

    Parameters
    ----------
    station : QObject
        With signals ``case_opened`` (`CaseOpened`) and ``session_ended``.
    window : QWidget
        The station's window, in which widgets are found by object name.

    Signals
    -------
    finished : bool
        Whether the session ended before the script gave up.
    """

    finished = Signal(bool)

    def __init__(
        self, station: Any, window: QWidget, script: PilotScript, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._script = script
        self._out = Path(script.out)
        self._out.mkdir(parents=True, exist_ok=True)
        self._case_id = ""
        self._pressed: set[str] = set()
        self._hands = Hands(self._out, self)
        self._hands.action_done.connect(self._on_action_done)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_EVERY_MS)
        self._look.timeout.connect(self._press_what_leads_on)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(lambda: self._finish(in_time=False))
        station.case_opened.connect(self._on_case_opened)
        station.session_ended.connect(self._on_session_ended)

    def start(self) -> None:
        """Begin to look for the button that leads on."""
        self._look.start(LOOK_EVERY_MS)
        self._patience.start(round(self._script.give_up_after_s * 1000))

    def stop(self) -> None:
        """Let go of everything."""
        self._look.stop()
        self._patience.stop()
        self._hands.stop()

    def _press_what_leads_on(self) -> None:
        for name in _ON_THE_WAY:
            button = self._window.findChild(QPushButton, name)
            if button is None or not (button.isVisible() and button.isEnabled()):
                continue
            if name not in self._pressed:
                self._picture(f"before-{name.replace('_', '-')}")
                self._pressed.add(name)
            place = QPoint(button.width() // 2, button.height() // 2)
            self._look.start(PAUSE_AFTER_PRESS_MS)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=place)
            return
        self._look.start(LOOK_EVERY_MS)

    def _on_case_opened(self, opened: CaseOpened) -> None:
        self._look.stop()
        self._case_id = opened.case_id
        actions = self._script.cases.get(opened.case_id, self._script.default_case)
        viewport = self._window.findChild(QWidget, "viewport")
        assert viewport is not None, "the station has no viewport"
        self._hands.play(viewport, actions)

    def _on_action_done(self, action: AnyAction, began_s: float, ended_s: float) -> None:
        logged = LoggedAction(self._case_id, action.model_dump(), began_s, ended_s)
        append(self._out / LOG_NAME, logged)

    def _on_session_ended(self, _closed: object) -> None:
        self._picture("end")
        self._finish(in_time=True)

    def _picture(self, name: str) -> None:
        QApplication.processEvents()
        grab_screen().save(str(self._out / f"{name}.png"))

    def _finish(self, *, in_time: bool) -> None:
        self.stop()
        self.finished.emit(in_time)
