"""Looks at the whole screen whenever the event loop is free, and keeps how bright it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QImage

if TYPE_CHECKING:
    from collections.abc import Callable

_LIGHT = (np.arange(256) / 255) ** 2.2
BRIGHT_LEVEL = 100


@dataclass(frozen=True, slots=True)
class Look:
    """One look: where the station was, mean luminance of white, share of bright pixels."""

    place: str
    mean: float
    bright: float


def measured(image: QImage, place: str = "") -> Look:
    """How bright a picture of the screen is."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), dtype=np.uint8).reshape(grey.height(), -1)
    counts = np.bincount(rows[:, : grey.width()].ravel(), minlength=256)
    shares = counts / counts.sum()
    return Look(place, float(_LIGHT @ shares), float(shares[BRIGHT_LEVEL + 1 :].sum()))


class LightMeter(QObject):
    """Looks at the screen from `start` to `stop`, and at each `look`."""

    def __init__(self, place: Callable[[], str]) -> None:
        super().__init__()
        self.looks: list[Look] = []
        self._place = place
        self._seen = QImage()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look from now on whenever nothing else is to be done."""
        self._timer.start(0)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> Look:
        """Look now; a picture that is as it was is not measured again."""
        screen = QGuiApplication.primaryScreen().grabWindow(0).toImage()
        if self.looks and screen == self._seen:
            look = replace(self.looks[-1], place=self._place())
        else:
            look = measured(screen, self._place())
        self._seen = screen
        self.looks.append(look)
        return look

    def brightest(self, *places: str) -> Look:
        """The brightest look at one of these places, or at any."""
        return max(
            (look for look in self.looks if not places or look.place in places),
            key=lambda look: look.mean,
        )
