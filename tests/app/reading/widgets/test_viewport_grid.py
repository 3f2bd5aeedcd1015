from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.reading.frame import FrameRenderer
from app.reading.page_layout import BORDER_PX
from app.reading.shown_case import ShownCase
from app.reading.viewports import Viewports
from app.reading.widgets.viewport_grid import ViewportGrid
from app.shared.theme import COLOURS
from gazecore.dicom import open_image
from gazecore.messages import FrameShown, ViewportChanged
from gazecore.processes import child_environment
from tests.app.conftest import gray_image, write_png
from tests.app.reading.widgets import recorded_frames
from tests.app.reading.widgets.geometry_loop import wheel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[4]
SCREENS = ROOT / "resources" / "screens"
RATIOS = ("1", "1.25", "1.5", "2")
BAR_PX = 0.1
"""Half of the bar of the gaze-to-image error, for what painting and finding add to it."""

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


def on_screens(loop: str, screens: str, ratio: str, steps: int) -> dict[str, Any]:
    """What a loop finds in a process of its own: Qt fixes screens and ratio when it starts."""
    finished = subprocess.run(
        [sys.executable, "-m", f"tests.app.reading.widgets.{loop}", str(steps)],
        env={
            **child_environment(),
            "QT_SCALE_FACTOR": ratio,
            "QT_QPA_PLATFORM": f"offscreen:configfile={SCREENS / screens}",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    found: dict[str, Any] = json.loads(finished.stdout)
    assert found["ratio"] == float(ratio)
    return found


def check_gaze(found: dict[str, Any], discs: int) -> None:
    """Gaze at every disc goes to the disc, in the viewport that it was seen in."""
    assert found["discs"] >= discs
    assert found["elsewhere"] == 0
    assert found["worst_px"] <= BAR_PX, found


def check_frames(found: dict[str, Any]) -> None:
    """Every frame was drawn again to the pixel; some were quick, some smooth, hardly any black."""
    assert found["differing"] == 0, found
    assert found["seen"] > 0.85 * found["frames"], found
    assert 0 < found["nearest"] < found["frames"]


@pytest.mark.parametrize("ratio", ["1.25"])
def test_gaze_is_right_in_every_viewport_on_a_screen_left_of_the_origin(ratio: str) -> None:
    found = on_screens("screen_loop", "offscreen-two-screens.json", ratio, 12)
    assert found["origin"] == [-1280, -200]
    assert found["viewports"] > 1
    check_gaze(found, 50)


@pytest.mark.long
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("screens", ["offscreen-1920x1080.json", "offscreen-two-screens.json"])
def test_gaze_is_right_over_every_manoeuvre_at_every_ratio(screens: str, ratio: str) -> None:
    found = on_screens("screen_loop", screens, ratio, 60)
    check_gaze(found, 400)
    assert found["orientations"] == 8
    assert found["viewports"] == 4


def test_frames_of_all_viewports_drawn_again_are_those_on_the_screen(
    qtbot: QtBot, tmp_path: Path
) -> None:
    del qtbot
    noise = open_image(recorded_frames.write_image(tmp_path))
    found = recorded_frames.measure(noise, 40)
    check_frames(found)
    assert 0 < found["beside_others"] < found["frames"]


@pytest.mark.parametrize("in_color", [False, True])
def test_colors_padding_and_overlays_are_drawn_again(
    qtbot: QtBot, tmp_path: Path, in_color: bool
) -> None:
    del qtbot
    image = recorded_frames.layered_image(tmp_path, in_color=in_color)
    found = recorded_frames.measure(image, 25)
    check_frames(found)
    assert 0 < found["overlaid"] < found["frames"]


@pytest.mark.parametrize(
    ("ratio", "states"),
    [("1.5", 25), *(pytest.param(ratio, 200, marks=pytest.mark.long) for ratio in RATIOS)],
)
def test_frames_of_other_device_pixel_ratios_are_drawn_again(ratio: str, states: int) -> None:
    check_frames(on_screens("recorded_frames", "offscreen-two-screens.json", ratio, states))
