"""Pixels of pictures as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage


def rgb(image: QImage) -> npt.NDArray[np.uint8]:
    """(h, w, 3) levels of a picture."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    pixels: npt.NDArray[np.uint8] = rows[:, : 3 * plain.width()].copy()
    return pixels.reshape(plain.height(), plain.width(), 3)


def levels_of(colour: str) -> npt.NDArray[np.int64]:
    """Red, green and blue of a named colour."""
    made = QColor(colour)
    return np.array([made.red(), made.green(), made.blue()])


def share_of(image: QImage, colour: str, tolerance: int = 30) -> float:
    """Share of the pixels near a colour."""
    return float(
        (np.abs(rgb(image).astype(int) - levels_of(colour)).max(axis=2) <= tolerance).mean()
    )
