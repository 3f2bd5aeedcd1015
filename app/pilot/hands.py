"""The pilot's hands: one action at a time as real Qt events, sent at their own pace."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest

from app.pilot import script as s
from gazecore.lsl import clock_s

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

_BUTTONS = {
    "left": Qt.MouseButton.LeftButton,
    "middle": Qt.MouseButton.MiddleButton,
    "right": Qt.MouseButton.RightButton,
}
_STEP_MS = 16


class Hands(QObject):
    """Plays actions on a viewport widget; tells when each began and ended on the LSL clock."""

    action_done = Signal(object, float, float)
    all_done = Signal()

    def __init__(self, out: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._out = out
        self._actions: deque[s.AnyAction] = deque()
        self._action: s.AnyAction | None = None
        self._moves: deque[QPointF] = deque()
        self._viewport: QWidget | None = None
        self._began_s = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._then: Callable[[], None] = self._next

    def play(self, viewport: QWidget, actions: Sequence[s.AnyAction]) -> None:
        """Play actions on this viewport, replacing what was left of earlier ones."""
        self._viewport = viewport
        self._actions = deque(actions)
        self._after_ms(0, self._next)

    def stop(self) -> None:
        """Drop what is left; an action just being done is still told of."""
        self._timer.stop()
        self._actions.clear()
        self._viewport = None

    def _after_ms(self, wait_ms: int, then: Callable[[], None]) -> None:
        self._then = then
        self._timer.start(wait_ms)

    def _on_timeout(self) -> None:
        self._then()

    def _next(self) -> None:
        if not self._actions or self._viewport is None:
            self.all_done.emit()
            return
        self._began_s = clock_s()
        self._action = self._actions.popleft()
        match self._action:
            case s.Wait(seconds=seconds):
                self._after_ms(round(seconds * 1000), self._finish)
            case s.Key(key=key):
                press_key(self._viewport.window(), key)
                self._finish()
            case s.Wheel() as wheel:
                self._turn_wheel(wheel)
                self._finish()
            case s.Drag() as drag:
                self._start_drag(drag)
            case s.Grab(name=name):
                self._grab(name)
                self._finish()

    def _finish(self) -> None:
        self.action_done.emit(self._action, self._began_s, clock_s())
        if self._viewport is not None:
            self._after_ms(0, self._next)

    def _place(self, x: float, y: float) -> QPointF:
        assert self._viewport is not None
        return QPointF(x * (self._viewport.width() - 1), y * (self._viewport.height() - 1))

    def _turn_wheel(self, wheel: s.Wheel) -> None:
        assert self._viewport is not None
        at = self._place(wheel.x, wheel.y)
        step = 120 if wheel.notches > 0 else -120
        for _ in range(abs(wheel.notches)):
            event = QWheelEvent(
                at,
                self._viewport.mapToGlobal(at),
                QPoint(0, 0),
                QPoint(0, step),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QGuiApplication.sendEvent(self._viewport, event)

    def _start_drag(self, drag: s.Drag) -> None:
        begin, end = self._place(drag.from_x, drag.from_y), self._place(drag.to_x, drag.to_y)
        self._moves = deque(
            begin + (end - begin) * (i / drag.steps) for i in range(1, drag.steps + 1)
        )
        self._send_mouse(QEvent.Type.MouseButtonPress, begin, drag.button)
        self._after_ms(_STEP_MS, self._continue_drag)

    def _continue_drag(self) -> None:
        drag = self._action
        assert isinstance(drag, s.Drag)
        at = self._moves.popleft()
        self._send_mouse(QEvent.Type.MouseMove, at, drag.button)
        if self._moves:
            self._after_ms(_STEP_MS, self._continue_drag)
            return
        self._send_mouse(QEvent.Type.MouseButtonRelease, at, drag.button)
        self._finish()

    def _send_mouse(self, kind: QEvent.Type, at: QPointF, name: str) -> None:
        assert self._viewport is not None
        button = _BUTTONS[name]
        moving, releasing = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
        event = QMouseEvent(
            kind,
            at,
            self._viewport.mapToGlobal(at),
            Qt.MouseButton.NoButton if moving else button,
            Qt.MouseButton.NoButton if releasing else button,
            Qt.KeyboardModifier.NoModifier,
        )
        QGuiApplication.sendEvent(self._viewport, event)

    def _grab(self, name: str) -> None:
        self._out.mkdir(parents=True, exist_ok=True)
        grab_screen().save(str(self._out / f"{name}.png"))


def grab_screen() -> QPixmap:
    """The pixels of the primary screen, physical, as a QPixmap."""
    return QGuiApplication.primaryScreen().grabWindow(0)


def press_key(window: QWidget, name: str) -> None:
    """Press and release a key, by Qt's portable name, on the focused widget of a window."""
    sequence = QKeySequence.fromString(name, QKeySequence.SequenceFormat.PortableText)
    combination = sequence[0]  # type: ignore[index]  # missing in PySide6's stubs
    focused = cast("QWidget | None", window.focusWidget())
    target = window if focused is None else focused
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
