"""Qt for drawing where there is no display."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.commands.station import choose_platform


def gui_application() -> QGuiApplication:
    """Qt for drawing alone: the one that runs, else one that needs no display."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    choose_platform(offscreen=True)
    return QGuiApplication(["focusstation"])
