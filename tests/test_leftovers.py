from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtWidgets import QLabel

from tests import leftovers

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class OwnTimer(QTimer):
    pass


def test_a_running_timer_is_found_and_a_stopped_one_is_not(qtbot: QtBot) -> None:
    del qtbot
    timer = QTimer()
    assert leftovers.active_qt() == []
    timer.start(60_000)
    assert [text.split()[0] for text in leftovers.active_qt()] == ["active"]
    timer.stop()
    assert leftovers.active_qt() == []


def test_a_timer_that_only_its_parent_and_a_cycle_hold_is_found(qtbot: QtBot) -> None:
    del qtbot
    parent = QObject()
    timer = OwnTimer(parent)
    timer.circle = timer  # type: ignore[attr-defined]
    timer.start(60_000)
    del timer
    (text,) = leftovers.active_qt()
    assert "OwnTimer" in text
    parent.deleteLater()
    for child in parent.children():
        assert isinstance(child, QTimer)
        child.stop()


def test_a_running_thread_of_qt_is_found(qtbot: QtBot) -> None:
    del qtbot
    thread = QThread()
    thread.start()
    try:
        assert [text.split()[0] for text in leftovers.active_qt()] == ["running"]
    finally:
        thread.quit()
        thread.wait()
    assert leftovers.active_qt() == []


def test_a_visible_window_is_found(qtbot: QtBot) -> None:
    label = QLabel("seen")
    qtbot.addWidget(label)
    label.show()
    assert [text.split()[0] for text in leftovers.active_qt()] == ["widget"]
    label.hide()
    assert leftovers.active_qt() == []


def test_new_threads_and_processes_are_found_until_they_end() -> None:
    before = leftovers.threads(), leftovers.children()
    released = threading.Event()
    thread = threading.Thread(target=released.wait, name="left over")
    thread.start()
    code = "import sys; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        assert set(leftovers.alive_since(*before)) == {
            "thread left over",
            f"process {process.pid}",
        }
    released.set()
    thread.join()
    assert leftovers.alive_since(*before) == []
