"""The hands send real events: keys, wheel notches, drags along a line, pictures of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.pilot.hands import Hands
from app.pilot.script import AnyAction, Drag, Grab, Key, Wait, Wheel

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
    from pytestqt.qtbot import QtBot


class Seen(QWidget):
    """Remembers what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[int] = []
        self.turns: list[int] = []
        self.places: list[tuple[str, float, float, Qt.MouseButton]] = []
        self.resize(201, 101)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys.append(event.key())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.turns.append(event.angleDelta().y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._note("press", event, event.button())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        assert event.button() == Qt.MouseButton.NoButton
        self._note("move", event, event.buttons())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        assert event.buttons() == Qt.MouseButton.NoButton
        self._note("release", event, event.button())

    def _note(self, kind: str, event: QMouseEvent, button: Qt.MouseButton) -> None:
        self.places.append((kind, event.position().x(), event.position().y(), button))


@pytest.fixture
def seen(qtbot: QtBot) -> Seen:
    widget = Seen()
    qtbot.addWidget(widget)
    widget.show()
    widget.setFocus()
    return widget


def _play(qtbot: QtBot, seen: Seen, out: Path, *actions: AnyAction) -> list[tuple[float, float]]:
    hands = Hands(out)
    times: list[tuple[float, float]] = []
    hands.action_done.connect(lambda _action, began, ended: times.append((began, ended)))
    with qtbot.waitSignal(hands.all_done, timeout=5000):
        hands.play(seen, actions)
    return times


def test_keys_and_wheel_in_order(
    qtbot: QtBot, seen: Seen, tmp_path: Path, lsl_session: str
) -> None:
    times = _play(qtbot, seen, tmp_path, Key(key="3"), Wheel(notches=-2), Key(key="Return"))
    assert seen.keys == [Qt.Key.Key_3, Qt.Key.Key_Return]
    assert seen.turns == [-120, -120]
    assert len(times) == 3
    assert times == sorted(times)


def test_a_drag_is_a_line_from_press_to_release(
    qtbot: QtBot, seen: Seen, tmp_path: Path, lsl_session: str
) -> None:
    drag = Drag(button="middle", from_x=0, from_y=0.5, to_x=1, to_y=0.5, steps=4)
    _play(qtbot, seen, tmp_path, drag)
    assert [p[0] for p in seen.places] == ["press", *["move"] * 4, "release"]
    assert [p[1] for p in seen.places] == [0, 50, 100, 150, 200, 200]
    assert {p[3] for p in seen.places} == {Qt.MouseButton.MiddleButton}


def test_waits_take_their_time_and_grabs_show_the_screen(
    qtbot: QtBot, seen: Seen, tmp_path: Path, lsl_session: str
) -> None:
    times = _play(qtbot, seen, tmp_path / "new", Wait(seconds=0.2), Grab(name="now"))
    assert times[0][1] - times[0][0] >= 0.185  # Qt's timers are off by up to 5 %
    assert (tmp_path / "new" / "now.png").stat().st_size > 0


def test_stop_drops_what_is_left(
    qtbot: QtBot, seen: Seen, tmp_path: Path, lsl_session: str
) -> None:
    hands = Hands(tmp_path)
    hands.play(seen, [Wait(seconds=0.05), Key(key="1")])
    hands.stop()
    qtbot.wait(150)
    assert seen.keys == []
