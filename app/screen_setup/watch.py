"""Watches the screen of a window: another monitor, mode, ratio or place, or one unplugged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.shared.tracked_screen import fingerprint_of, must_fill_screen

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen
    from PySide6.QtWidgets import QWidget  # noqa: TID251 - only its type

    from gazecore.screens import ScreenFingerprint

LOOK_EVERY_MS = 1000
"""Signals tell of every change we know; a look now and then catches what a platform keeps quiet."""
NOT_FULL_SCREEN = "the window must fill the screen here, and does not"

_EVENTS = frozenset(
    {
        QEvent.Type.Show,
        QEvent.Type.Move,
        QEvent.Type.WindowStateChange,
        QEvent.Type.DevicePixelRatioChange,
        QEvent.Type.ScreenChangeInternal,
    }
)


@dataclass(frozen=True, slots=True)
class ScreenSeen:
    """The screen a window is on, and how it differs from the one that was kept (empty: not)."""

    fingerprint: ScreenFingerprint
    differences: tuple[str, ...]


class ScreenWatch(QObject):
    """Compares the window's screen with the one it was on when `keep` was called.

    Signals
    -------
    screen_changed : `ScreenSeen`
        It differs in another way than before; without differences: it is the old one again.
    """

    screen_changed = Signal(object)

    def __init__(
        self, window: QWidget, parent: QObject | None = None, *, platform: str = ""
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._must_fill = must_fill_screen(platform or QGuiApplication.platformName())
        self._is_filling = False
        self._kept: ScreenFingerprint | None = None
        self._differences: tuple[str, ...] = ()
        self._screen: QScreen | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        window.installEventFilter(self)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self.look)
            application.screenAdded.connect(self.look)
            application.primaryScreenChanged.connect(self.look)
        self._follow(window.screen())

    @property
    def fingerprint(self) -> ScreenFingerprint:
        """The screen the window is on now."""
        return fingerprint_of(self._window.screen())

    @property
    def differences(self) -> tuple[str, ...]:
        """How it differs from the one that was kept; empty if it does not, or none was."""
        return self._differences

    def keep(self) -> None:
        """From now on this screen is the one that counts."""
        self._kept, self._differences = self.fingerprint, ()
        self._is_filling = False
        self._timer.start()

    def expect_full_screen(self) -> None:
        """The window was told to fill the screen: where it must, leaving that is a change."""
        self._is_filling = True

    def forget(self) -> None:
        """No screen counts any more."""
        self._kept, self._differences = None, ()
        self._timer.stop()

    def close(self) -> None:
        """Rest for ever."""
        self.forget()
        self._window.removeEventFilter(self)

    def look(self, *_told: object) -> None:
        """Compare now."""
        self._follow(self._window.screen())
        if self._kept is None:
            return
        now = self.fingerprint
        differences = now.changes_from(self._kept)
        if self._must_fill and self._is_filling and not self._window.isFullScreen():
            differences = (*differences, NOT_FULL_SCREEN)
        if differences != self._differences:
            self._differences = differences
            self.screen_changed.emit(ScreenSeen(now, differences))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look when the window moved, went to another screen, or left the full screen."""
        if watched is self._window and event.type() in _EVENTS:
            QTimer.singleShot(0, self, self.look)
        return super().eventFilter(watched, event)

    def _follow(self, screen: QScreen) -> None:
        if screen is self._screen:
            return
        self._screen = screen
        for signal in (
            screen.geometryChanged,
            screen.logicalDotsPerInchChanged,
            screen.physicalDotsPerInchChanged,
            screen.physicalSizeChanged,
            screen.refreshRateChanged,
        ):
            signal.connect(self.look)
