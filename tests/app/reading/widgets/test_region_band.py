from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from app.reading.widgets.region_band import RegionBand
from tests.app.reading.widgets.geometry_loop import pixels_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("level", [0, 120, 255])
def test_it_is_an_outline_that_is_seen_on_every_grey(qtbot: QtBot, level: int) -> None:
    image = QWidget()
    image.setPalette(QPalette(QColor(level, level, level)))
    qtbot.addWidget(image)
    band = RegionBand(image)
    image.resize(200, 150)
    with qtbot.waitExposed(image):
        image.show()
    plain = pixels_of(image)
    band.show_box(QRect(40, 30, 100, 80))
    changed = pixels_of(image) != plain
    rows, columns = np.nonzero(changed)
    assert (columns.min(), rows.min(), columns.max(), rows.max())[:2] in ((39, 29), (40, 30))
    assert not changed[34:105, 44:135].any()
    assert changed[30, 60:100].all() or changed[31, 60:100].all()
    assert image.childAt(60, 60) is None
