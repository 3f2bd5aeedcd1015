"""The installed PySide6 keeps None's reference count; 6.12.0 on Python 3.11 did not."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

class Sender(QObject):
    sent = Signal(int)

app = QApplication(["test", "-platform", "offscreen"])
widget, sender = QWidget(), Sender()
for number in range(20_000):
    widget.update()
    sender.sent.emit(number)
print("sound")
"""


def test_void_calls_do_not_wear_none_out() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False
    )
    assert finished.stdout.strip() == "sound", finished.stderr
