from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QColor

from app.reading.frame import FrameRenderer
from app.reading.shown_case import ShownCase
from app.reading.viewport_controller import ViewportController
from app.reading.widgets.overlay import Overlay
from app.reading.widgets.viewport import Viewport
from app.shared.theme import COLOURS
from gazecore.dicom import XrayImage, open_image
from gazecore.study.protocol import OVERLAYS
from tests.app.conftest import gray_image, write_png
from tests.app.reading.widgets.geometry_loop import drag, pixels_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SIDES_PX = 180
"""The image is fitted in the middle of 800 x 500: 375 wide, black beside it."""


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> tuple[Viewport, ViewportController, Overlay]:
    controller = ViewportController()
    viewport = Viewport(controller)
    overlay = Overlay(controller, viewport)
    qtbot.addWidget(viewport)
    viewport.resize(800, 500)
    with qtbot.waitExposed(viewport):
        viewport.show()
    qtbot.wait(20)
    controller.begin_session(frozenset())
    image = open_image(write_png(tmp_path / "a.png", gray_image(3)))
    header = replace(image.header(), patient_orientation=("L", "F"), laterality="R", simulated=True)
    image = XrayImage.from_header(header, image.stored)
    controller.open(ShownCase(FrameRenderer(image), "reading-000001", "case-0001"))
    return viewport, controller, overlay


def sides(viewport: Viewport) -> np.ndarray:
    pixels = pixels_of(viewport)
    return np.hstack([pixels[:, :SIDES_PX], pixels[:, -SIDES_PX:]])


def test_nothing_is_written_that_the_protocol_hides(
    shown: tuple[Viewport, ViewportController, Overlay],
) -> None:
    viewport, _, overlay = shown
    overlay.show_layers(())
    bare = pixels_of(viewport)
    assert not sides(viewport).any()
    seen = []
    for layer in OVERLAYS:
        overlay.show_layers((layer,))
        changed = pixels_of(viewport) != bare
        assert changed.any(), layer
        seen.append(changed)
    for number, one in enumerate(seen):
        for other in seen[number + 1 :]:
            assert not (one & other).any()  # no layer is written over another


def test_no_pixel_outside_the_image_is_brighter_than_the_themes_text(
    shown: tuple[Viewport, ViewportController, Overlay],
) -> None:
    viewport, controller, overlay = shown
    overlay.show_layers(OVERLAYS)
    brightest = max(QColor(COLOURS[name]).value() for name in ("text", "amber"))
    assert 0 < sides(viewport).max() <= brightest
    controller.use("invert")
    assert sides(viewport).max() <= brightest
    controller.clear()
    assert not pixels_of(viewport).any()


def test_letters_move_with_the_image(shown: tuple[Viewport, ViewportController, Overlay]) -> None:
    viewport, controller, overlay = shown
    overlay.show_layers(("orientation",))
    before = sides(viewport)
    controller.use("flip_horizontal")
    after = sides(viewport)
    assert before.any()
    assert not np.array_equal(before, after)
    controller.use("flip_horizontal")
    assert np.array_equal(sides(viewport), before)


def test_a_notice_stays_until_the_next_change(
    shown: tuple[Viewport, ViewportController, Overlay],
) -> None:
    viewport, controller, overlay = shown
    overlay.show_layers(())
    bare = pixels_of(viewport)
    controller.use("true_size")
    assert not np.array_equal(pixels_of(viewport), bare)
    controller.use("flip_vertical")
    controller.use("flip_vertical")
    assert np.array_equal(pixels_of(viewport), bare)


def test_a_notice_goes_by_itself(
    qtbot: QtBot, shown: tuple[Viewport, ViewportController, Overlay]
) -> None:
    viewport, controller, overlay = shown
    overlay.show_layers(())
    bare = pixels_of(viewport)
    overlay.findChildren(QTimer)[0].setInterval(50)
    controller.use("preset_9")
    assert not np.array_equal(pixels_of(viewport), bare)
    qtbot.waitUntil(lambda: np.array_equal(pixels_of(viewport), bare))


def test_the_mouse_goes_through(shown: tuple[Viewport, ViewportController, Overlay]) -> None:
    viewport, controller, overlay = shown
    overlay.show_layers(OVERLAYS)
    assert overlay.size() == viewport.size()
    before = controller.state
    assert viewport.childAt(10, 10) is None
    drag(viewport, Qt.MouseButton.LeftButton, QPointF(20, 20), QPointF(80, 80))
    assert controller.state != before


def test_a_change_is_painted_once_with_all_that_lies_over_it(
    qtbot: QtBot, shown: tuple[Viewport, ViewportController, Overlay]
) -> None:
    _, controller, overlay = shown
    overlay.show_layers(OVERLAYS)
    qtbot.wait(20)
    painted: list[int] = []
    controller.frame_shown.connect(lambda frame: painted.append(frame.serial))
    expected = []
    for pans in (True, False):
        if pans:
            controller.pan((9.0, 5.0))
        else:
            controller.drag_window(5.0, 5.0)
        expected.append(controller.serial)
        qtbot.waitUntil(lambda: painted[-1:] == [controller.serial])
        qtbot.wait(30)
    assert painted == expected


def test_what_is_painted_in_parts_is_what_is_painted_at_once(
    qtbot: QtBot, shown: tuple[Viewport, ViewportController, Overlay]
) -> None:
    viewport, controller, overlay = shown
    overlay.show_layers(OVERLAYS)
    controller.use("fit")
    controller.drag_window(40.0, 25.0)
    qtbot.wait(50)
    on_screen = viewport.screen().grabWindow(viewport.winId()).toImage()
    at_once = viewport.grab().toImage()
    assert on_screen.convertToFormat(at_once.format()) == at_once


@pytest.mark.parametrize(("width", "is_below"), [(800, False), (420, True)])
def test_badges_leave_the_upper_letter_alone_in_a_narrow_viewport(
    qtbot: QtBot,
    shown: tuple[Viewport, ViewportController, Overlay],
    width: int,
    is_below: bool,
) -> None:
    viewport, _, overlay = shown
    viewport.resize(width, 500)
    qtbot.waitUntil(lambda: overlay.width() == width)
    overlay.show_layers(())
    bare = pixels_of(viewport)
    rows = {}
    for layer in ("orientation", "badges"):
        overlay.show_layers((layer,))
        part = slice(width // 3, None) if layer == "badges" else slice(width // 3, 2 * width // 3)
        changed = (pixels_of(viewport) != bare)[:250, part]
        rows[layer] = np.flatnonzero(changed.any(axis=1))
    assert rows["orientation"].size
    assert rows["badges"].size
    assert bool(rows["badges"].min() > rows["orientation"].max()) == is_below
