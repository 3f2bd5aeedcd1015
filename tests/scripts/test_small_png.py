from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from scripts.small_png import reduced, rgb_of, write_small_png

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


def picture(pixels: npt.NDArray[np.uint8]) -> QImage:
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.copy()


def test_few_colours_come_back_as_they_are(tmp_path: Path) -> None:
    colours = np.array([[0, 0, 0], [12, 14, 16], [90, 167, 160], [200, 155, 85]], dtype=np.uint8)
    pixels = colours[np.random.default_rng(1).integers(0, 4, (40, 61))]
    size = write_small_png(picture(pixels), tmp_path / "a.png")
    back = QImage(str(tmp_path / "a.png"))
    assert back.format() == QImage.Format.Format_Indexed8
    assert np.array_equal(rgb_of(back), pixels)
    assert size == (tmp_path / "a.png").stat().st_size


def test_every_grey_is_at_most_half_a_step_off() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    for bits, most in ((6, 2), (5, 4), (4, 8)):
        levels, palette = reduced(ramp, bits)
        assert len(palette) == 2**bits
        assert np.abs(palette[levels].astype(int) - ramp).max() <= most


def test_the_palette_is_as_coarse_as_the_size_asks_for(tmp_path: Path) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (60, 60, 1), dtype=np.uint8)
    image = picture(np.repeat(noise, 3, axis=2))
    fine = write_small_png(image, tmp_path / "fine.png")
    coarse = write_small_png(image, tmp_path / "coarse.png", most_bytes=10)
    assert coarse < 0.8 * fine
