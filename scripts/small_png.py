"""Screenshots as small PNG files: a palette of their own colours, few enough to fit a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

MOST_BYTES = 150_000
COLOURS = 256


def write_small_png(image: QImage, path: Path, *, most_bytes: int = MOST_BYTES) -> int:
    """Write an image with the finest palette whose file is at most so large; returns its size.

    Parameters
    ----------
    image : QImage
        A screenshot.
    path : Path
        The PNG file.
    most_bytes : int
        Its largest size; with the coarsest palette it may be larger.
    """
    pixels = rgb_of(image)
    size = 0
    for bits in (6, 5, 4):
        levels, palette = reduced(pixels, bits)
        size = _write(levels, palette, path)
        if size <= most_bytes:
            break
    return size


def rgb_of(image: QImage) -> npt.NDArray[np.uint8]:
    """The pixels of an image, (h, w, 3) uint8."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), -1)
    pixels = rows[:, : 3 * plain.width()].reshape(plain.height(), -1, 3)
    copied: npt.NDArray[np.uint8] = pixels.copy()
    return copied


def reduced(
    pixels: npt.NDArray[np.uint8], bits: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Pixels as indices (h, w) into a palette (n, 3) of at most 256 colours.

    Colours that agree in their first `bits` are one, as they are on the mean; of those the most
    frequent are kept, and the others take the nearest one.
    """
    flat = pixels.reshape(-1, 3)
    coarse = (flat >> (8 - bits)).astype(np.int64)
    keys = (coarse[:, 0] << 16) | (coarse[:, 1] << 8) | coarse[:, 2]
    _, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    sums = [np.bincount(where, weights=flat[:, band]) for band in range(3)]
    means = np.stack(sums, axis=1) / counts[:, None]
    kept = np.argsort(-counts)[:COLOURS]
    _, nearest = cKDTree(means[kept]).query(means)
    palette: npt.NDArray[np.uint8] = np.round(means[kept]).astype(np.uint8)
    levels: npt.NDArray[np.uint8] = nearest.astype(np.uint8)[where].reshape(pixels.shape[:2])
    return levels, palette


def _write(levels: npt.NDArray[np.uint8], palette: npt.NDArray[np.uint8], path: Path) -> int:
    height, width = levels.shape
    rows = np.ascontiguousarray(levels)
    picture = QImage(rows.data, width, height, width, QImage.Format.Format_Indexed8)
    picture.setColorTable([0xFF000000 | (r << 16) | (g << 8) | b for r, g, b in palette.tolist()])
    picture.save(str(path), "PNG", 0)  # type: ignore[call-overload]  # the stubs want bytes
    return path.stat().st_size
