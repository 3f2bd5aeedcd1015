"""Pictures are dark, texts come out, files are whole or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from app.pictures.canvas import badge, frame, painting, write, write_png
from app.shared.theme import COLOURS
from gazecore.errors import UnwritablePathError
from tests.app.pictures.pixels import rgb, share_of

if TYPE_CHECKING:
    from pathlib import Path


def test_a_picture_is_dark_and_shows_its_texts() -> None:
    with painting(200, 100) as (image, painter):
        assert share_of(image, COLOURS["ground"], 0) == 1.0
        frame(painter, QRectF(5, 5, 190, 90))
        one = write(painter, QRectF(10, 10, 180, 80), "a line", colour="strong")
        two = write(painter, QRectF(10, 40, 60, 80), "two lines of text", align="right")
        badge(painter, 195, 60, "SIMULATED")
    assert 0 < one < two
    assert share_of(image, COLOURS["amber"], 60) > 0.005
    assert rgb(image).max() < 230


def test_a_file_is_a_png(tmp_path: Path) -> None:
    with painting(8, 6) as (image, _painter):
        pass
    write_png(image, tmp_path / "new" / "a.png")
    assert QImage(str(tmp_path / "new" / "a.png")).size() == image.size()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.png"]


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnwritablePathError, match=r"a\.png"):
        write_png(QImage(), tmp_path / "a.png")
    assert not list(tmp_path.iterdir())
