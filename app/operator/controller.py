"""Looks at the live gaze four times a second and tells how well it comes in."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.operator.viewmodel import LiveQuality, RecorderNote, quality_of

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.live_gaze import LiveGaze

EVERY_MS = 250
OVER_S = 2.0
DISK_EVERY = 8


class OperatorController(QObject):
    """Watches while it is active; reading needs no strip, so it rests then.

    Parameters
    ----------
    live : LiveGaze
        The gaze stream as it arrives, pulled on its own thread.
    folder : Path
        Where recordings go; its disk is watched.

    Signals
    -------
    quality_changed : LiveQuality
        At most four times a second, only when a figure changed.
    """

    quality_changed = Signal(object)

    def __init__(self, live: LiveGaze, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._folder = folder
        self._recorder = RecorderNote()
        self._quality = LiveQuality()
        self._free_bytes: int | None = None
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def quality(self) -> LiveQuality:
        """The last figures."""
        return self._quality

    def set_active(self, is_active: bool) -> None:
        """Watch, or rest."""
        if is_active and not self._timer.isActive():
            self._timer.start()
            self._on_tick()
        elif not is_active:
            self._timer.stop()

    def note_recorder(self, note: RecorderNote) -> None:
        """Take what the recorder says of itself; shown with the next figures."""
        self._recorder = note

    def _on_tick(self) -> None:
        if self._ticks % DISK_EVERY == 0:
            self._free_bytes = _free_bytes(self._folder)
        self._ticks += 1
        quality = quality_of(
            self._live.last(OVER_S), self._live.status(), self._recorder, self._free_bytes
        )
        if quality != self._quality:
            self._quality = quality
            self.quality_changed.emit(quality)


def _free_bytes(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
