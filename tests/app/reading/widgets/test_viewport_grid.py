from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.reading.frame import FrameRenderer
from app.reading.page_layout import BORDER_PX
from app.reading.viewport_controller import ShownCase
from app.reading.viewports import Viewports
from app.reading.widgets.viewport_grid import ViewportGrid
from app.shared.theme import COLOURS
from gazecore.dicom import open_image
from gazecore.messages import FrameShown, ViewportChanged
from tests.app.conftest import gray_image, write_png
from tests.app.reading.widgets.geometry_loop import wheel

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

Shown = tuple[ViewportGrid, Viewports, list[object]]


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Shown:
    viewports = Viewports()
    said: list[object] = []
    viewports.viewport_changed.connect(said.append)
    viewports.frame_shown.connect(said.append)
    grid = ViewportGrid(viewports)
    qtbot.addWidget(grid)
    grid.resize(601, 400)
    with qtbot.waitExposed(grid):
        grid.show()
    image = open_image(write_png(tmp_path / "a.png", gray_image(3, (300, 400))))
    viewports.begin_session(frozenset())
    viewports.open((ShownCase(FrameRenderer(image), "reading-000001", "case-0001"),))
    return grid, viewports, said


def border_colours(grid: ViewportGrid, index: int) -> set[str]:
    """Every colour right around a viewport, half of the room for its border away."""
    image = grid.grab().toImage()
    around = grid.shown[index].geometry().adjusted(-2, -2, 2, 2)
    points = [(x, y) for x in (around.left(), around.right()) for y in range(around.top(), 120)]
    return {QColor(image.pixel(*point)).name() for point in points}


def test_one_viewport_fills_the_page_without_a_border(shown: Shown) -> None:
    grid, viewports, _ = shown
    assert [each.geometry() for each in grid.shown] == [grid.rect()]
    assert viewports.active.state is not None
    assert viewports.active.state.shown_screen_px[2:] == (601.0, 400.0)


def test_every_viewport_tells_its_place_and_is_painted(qtbot: QtBot, shown: Shown) -> None:
    grid, viewports, said = shown
    qtbot.waitUntil(lambda: any(isinstance(marker, FrameShown) for marker in said))
    said.clear()
    viewports.use("four_viewports")
    changes = [marker for marker in said if isinstance(marker, ViewportChanged)]
    assert [(c.viewport, c.cause) for c in changes] == [
        (0, "resize"),
        (1, "open"),
        (2, "open"),
        (3, "open"),
    ]
    for change, viewport in zip(changes, grid.shown, strict=True):
        place = viewport.geometry()
        corner = grid.mapToGlobal(place.topLeft())
        assert change.shown_screen_px == (
            corner.x(),
            corner.y(),
            place.width(),
            place.height(),
        )

    def painted() -> set[int]:
        return {marker.serial for marker in said if isinstance(marker, FrameShown)}

    qtbot.waitUntil(lambda: painted() == {change.serial for change in changes})
    viewports.use("one_viewport")
    gone = [m.serial for m in said if isinstance(m, ViewportChanged) and m.is_gone]
    assert len(gone) == 3
    qtbot.waitUntil(lambda: painted() >= {*gone, viewports.active.serial})


def test_the_active_viewport_has_the_calm_border(shown: Shown) -> None:
    grid, viewports, _ = shown
    viewports.use("side_by_side")
    active, other = COLOURS["accent_line"], COLOURS["raised"]
    assert border_colours(grid, 0) == {active}
    assert border_colours(grid, 1) == {other}
    viewports.use("next_viewport")
    assert border_colours(grid, 0) == {other}
    assert border_colours(grid, 1) == {active}


def test_a_border_moves_no_image_and_paints_none(qtbot: QtBot, shown: Shown) -> None:
    grid, viewports, said = shown
    viewports.use("side_by_side")
    qtbot.wait(30)
    before = grid.shown[0].grab().toImage()
    said.clear()
    viewports.use("next_viewport")
    qtbot.wait(30)
    assert said == []
    assert grid.shown[0].grab().toImage() == before
    edge = grid.shown[0].geometry().left()
    assert edge == BORDER_PX


@pytest.mark.parametrize("gesture", ["click", "wheel"])
def test_working_in_a_viewport_makes_it_active(shown: Shown, gesture: str) -> None:
    grid, viewports, said = shown
    viewports.use("side_by_side")
    count = len([m for m in said if isinstance(m, ViewportChanged)])
    if gesture == "click":
        QTest.mouseClick(grid.shown[1], Qt.MouseButton.LeftButton)
    else:
        wheel(grid.shown[1], 1, QPointF(20, 20))
    assert viewports.active.index == 1
    changes = [m for m in said if isinstance(m, ViewportChanged)][count:]
    assert [change.viewport for change in changes] == ([] if gesture == "click" else [1])


def test_what_lies_over_each_viewport_follows_it(shown: Shown) -> None:
    grid, viewports, _ = shown
    viewports.use("four_viewports")
    grid.show_layers(("corners",))
    for viewport in grid.shown:
        overlay = viewport.findChild(type(grid.active.overlay))
        assert overlay is not None
        assert overlay.size() == viewport.size()


def test_padding_between_viewports_is_black(shown: Shown) -> None:
    grid, viewports, _ = shown
    viewports.use("side_by_side")
    image = grid.grab().toImage()
    levels = [QColor(image.pixel(x, 200)).value() for x in range(image.width())]
    gap = levels[grid.shown[0].geometry().right() + 1 : grid.shown[1].geometry().left()]
    assert len(gap) >= 2 * BORDER_PX
    assert np.max(gap) <= QColor(COLOURS["accent_line"]).value()
