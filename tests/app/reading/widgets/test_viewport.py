from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from app.reading.frame import FrameRenderer
from app.reading.shown_case import ShownCase
from app.reading.viewport_controller import ViewportController
from app.reading.widgets.viewport import Viewport
from gazecore.dicom import auto_window, display_table, open_image
from gazecore.messages import FrameShown, ViewportChanged
from gazecore.study.gestures import Gestures, bound_gestures
from tests.app.conftest import gray_image, write_frames, write_png
from tests.app.reading.widgets import geometry_loop

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

BAR_PX = 0.1
"""A fifth of the bar of the gaze-to-image error, for what painting and finding add to it."""


def check(results: dict[str, dict[str, float]]) -> None:
    """Every manoeuvre shows discs, and where the transform says."""
    seen = {name: result for name, result in results.items() if name != "screen"}
    assert all(result["discs"] >= 1 for result in seen.values()), results
    assert sum(result["discs"] for result in seen.values()) >= 20
    assert max(result["worst_px"] for result in seen.values()) <= BAR_PX, results


def test_painted_discs_lie_where_the_transform_says(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    check(geometry_loop.measure(tmp_path))


def test_a_quick_frame_is_followed_by_a_smooth_one_at_rest(
    qtbot: QtBot, shown: tuple[Viewport, ViewportController, list[object]]
) -> None:
    viewport, controller, said = shown
    geometry_loop.wheel(viewport, 1, QPointF(20, 20))
    assert not controller.smooth
    qtbot.waitUntil(lambda: controller.smooth)
    changes = [marker for marker in said if isinstance(marker, ViewportChanged)]
    assert [(c.cause, c.smooth) for c in changes] == [
        ("open", True),
        ("zoom", False),
        ("repeat", True),
    ]
    assert changes[1].transform == changes[2].transform


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> tuple[Viewport, ViewportController, list[object]]:
    controller = ViewportController()
    said: list[object] = []
    controller.viewport_changed.connect(said.append)
    controller.frame_shown.connect(said.append)
    viewport = Viewport(controller)
    qtbot.addWidget(viewport)
    viewport.resize(400, 300)
    with qtbot.waitExposed(viewport):
        viewport.show()
    qtbot.wait(20)
    controller.begin_session(frozenset())
    image = open_image(write_png(tmp_path / "a.png", gray_image(3, (300, 400))))
    controller.open(ShownCase(FrameRenderer(image), "reading-000001", "case-0001"))
    return viewport, controller, said


def test_every_painted_pixel_is_the_display_tables(
    shown: tuple[Viewport, ViewportController, list[object]],
) -> None:
    viewport, controller, _ = shown
    assert controller.state is not None
    assert controller.image is not None
    assert controller.state.zoom == 1.0
    table = display_table(controller.image, controller.state.window)
    expected = table[controller.image.stored.view(np.uint16)]
    assert np.array_equal(geometry_loop.pixels_of(viewport), expected)


def test_a_frame_is_told_after_each_change(
    qtbot: QtBot, shown: tuple[Viewport, ViewportController, list[object]]
) -> None:
    viewport, _, said = shown
    geometry_loop.wheel(viewport, 1, QPointF(20, 20))
    geometry_loop.drag(viewport, Qt.MouseButton.LeftButton, QPointF(9, 9), QPointF(99, 39))
    changes = [marker.serial for marker in said if isinstance(marker, ViewportChanged)]
    assert changes == [0, 1, 2, 3, 4]

    def is_painted() -> bool:
        return any(isinstance(marker, FrameShown) and marker.serial == 4 for marker in said)

    qtbot.waitUntil(is_painted)
    frames = [marker for marker in said if isinstance(marker, FrameShown)]
    change = next(m for m in said if isinstance(m, ViewportChanged) and m.serial == 4)
    assert frames[-1].t_s >= change.t_s


def test_buttons_do_their_work(
    shown: tuple[Viewport, ViewportController, list[object]],
) -> None:
    viewport, controller, said = shown
    assert controller.state is not None
    start = controller.state
    geometry_loop.drag(viewport, Qt.MouseButton.RightButton, QPointF(9, 9), QPointF(99, 39))
    assert controller.state == start
    geometry_loop.drag(viewport, Qt.MouseButton.MiddleButton, QPointF(9, 9), QPointF(39, 69))
    moved = controller.state.transform.to_screen([[0, 0]]) - start.transform.to_screen([[0, 0]])
    assert np.allclose(moved, [[30, 60]])
    assert {marker.cause for marker in said if isinstance(marker, ViewportChanged)} == {
        "open",
        "pan",
    }


@pytest.mark.parametrize(
    ("modifier", "factor"),
    [(Qt.KeyboardModifier.ShiftModifier, 4.0), (Qt.KeyboardModifier.ControlModifier, 0.25)],
)
def test_shift_windows_coarsely_and_ctrl_finely(
    shown: tuple[Viewport, ViewportController, list[object]],
    modifier: Qt.KeyboardModifier,
    factor: float,
) -> None:
    viewport, controller, _ = shown
    assert controller.state is not None
    before = controller.state.window.width
    left = Qt.MouseButton.LeftButton
    geometry_loop.drag(viewport, left, QPointF(9, 9), QPointF(49, 9), modifier)
    assert controller.state.window.width == pytest.approx(before * np.exp(factor * 40 / 400))


def test_a_drag_with_both_windows_to_a_region(
    shown: tuple[Viewport, ViewportController, list[object]],
) -> None:
    viewport, controller, said = shown
    left = Qt.MouseButton.LeftButton
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    geometry_loop.drag(viewport, left, QPointF(300, 200), QPointF(100, 50), both)
    changes = [marker for marker in said if isinstance(marker, ViewportChanged)]
    assert [change.cause for change in changes] == ["open", "window"]
    assert controller.image is not None
    expected = auto_window(controller.image, (100.0, 50.0, 300.0, 200.0))
    assert (changes[-1].window.center, changes[-1].window.width) == (
        expected.center,
        expected.width,
    )
    controller.begin_session(frozenset({"window"}))
    geometry_loop.drag(viewport, left, QPointF(10, 10), QPointF(100, 50), both)
    assert len([marker for marker in said if isinstance(marker, ViewportChanged)]) == 2


def causes(said: list[object]) -> list[str]:
    return [marker.cause for marker in said if isinstance(marker, ViewportChanged)]


LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize(
    ("lock", "left"),
    [
        ("region_drag", {"window", "pan", "zoom"}),
        ("window_drag", {"window", "pan", "zoom"}),  # from a region
        ("window_wider", {"window", "pan", "zoom"}),
        ("window", {"pan", "zoom"}),
        ("pan_up", {"window", "zoom"}),
        ("pan", {"window", "zoom"}),
        ("zoom_out", {"window", "pan"}),
        ("zoom_wheel", {"window", "pan"}),
        ("invert", {"window", "pan", "zoom"}),
    ],
)
def test_a_locked_tool_has_no_gesture_and_nothing_happens_instead(
    shown: tuple[Viewport, ViewportController, list[object]], lock: str, left: set[str]
) -> None:
    viewport, controller, said = shown
    controller.begin_session(frozenset({lock}))
    here, there = QPointF(90, 90), QPointF(300, 200)
    geometry_loop.drag(viewport, LEFT, here, there, CTRL_SHIFT)
    by_region = causes(said).count("window")
    assert by_region == (0 if lock in ("region_drag", "window") else 1)
    geometry_loop.drag(viewport, LEFT, here, there)
    by_drag = causes(said).count("window") - by_region
    assert (by_drag > 0) == (lock not in ("window_drag", "window_wider", "window"))
    geometry_loop.drag(viewport, MIDDLE, here, there)
    geometry_loop.wheel(viewport, 1, here)
    assert set(causes(said)) - {"open", "repeat"} == left


def test_gestures_can_have_other_buttons(
    shown: tuple[Viewport, ViewportController, list[object]],
) -> None:
    viewport, controller, said = shown
    mine = Gestures(window_drag=("Shift+Right",), pan_drag=("Left",), zoom_wheel=("Ctrl+Wheel",))
    viewport.set_gestures(bound_gestures(mine))
    geometry_loop.wheel(viewport, 1, QPointF(50, 50))
    geometry_loop.drag(viewport, MIDDLE, QPointF(9, 9), QPointF(99, 39))
    geometry_loop.drag(viewport, Qt.MouseButton.RightButton, QPointF(9, 9), QPointF(99, 39))
    assert causes(said) == ["open"]
    geometry_loop.drag(viewport, LEFT, QPointF(9, 9), QPointF(99, 39))
    assert set(causes(said)) == {"open", "pan"}
    assert controller.state is not None
    before = controller.state.window.width
    shift = Qt.KeyboardModifier.ShiftModifier  # its own key makes the drag no coarser
    right = Qt.MouseButton.RightButton
    geometry_loop.drag(viewport, right, QPointF(9, 9), QPointF(49, 9), shift)
    assert controller.state.window.width == pytest.approx(before * np.exp(40 / 400))


def test_a_cleared_viewport_is_black(
    shown: tuple[Viewport, ViewportController, list[object]],
) -> None:
    viewport, controller, said = shown
    assert geometry_loop.pixels_of(viewport).any()
    controller.clear()
    frames = len(said)
    assert not geometry_loop.pixels_of(viewport).any()
    assert len(said) == frames


def test_a_moved_window_changes_the_place(
    qtbot: QtBot, shown: tuple[Viewport, ViewportController, list[object]]
) -> None:
    viewport, controller, _ = shown
    viewport.move(157, 131)
    qtbot.waitUntil(lambda: viewport.geometry().x() > 150)

    def is_followed() -> bool:
        corner = viewport.geometry().topLeft()
        assert controller.state is not None
        return controller.state.shown_screen_px[:2] == (corner.x(), corner.y())

    qtbot.waitUntil(is_followed)


def test_shift_and_wheel_step_through_frames(qtbot: QtBot, tmp_path: Path) -> None:
    controller = ViewportController()
    viewport = Viewport(controller)
    qtbot.addWidget(viewport)
    viewport.resize(200, 160)
    viewport.show()
    path = write_frames(tmp_path / "frames.dcm", 5)
    controller.begin_session(frozenset())
    controller.open(ShownCase(FrameRenderer(open_image(path)), "reading-1", "case-1"))
    wanted: list[int] = []
    controller.frame_wanted.connect(wanted.append)
    assert controller.state is not None
    zoom = controller.state.zoom
    shift = Qt.KeyboardModifier.ShiftModifier
    for notches in (-1, -2, 1):
        geometry_loop.wheel(viewport, notches, QPointF(20, 20), shift)
    geometry_loop.wheel(viewport, -1, QPointF(20, 20), shift, step=60)
    assert wanted == [1, 2, 3, 2]
    geometry_loop.wheel(viewport, -1, QPointF(20, 20), shift, step=60)
    assert wanted == [1, 2, 3, 2, 3]
    assert controller.state.zoom == zoom
