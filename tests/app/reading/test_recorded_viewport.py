"""No change of a viewport goes without a marker, and no marker without a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.reading.frame import FrameRenderer
from app.reading.shown_case import ShownCase
from gazecore.dicom import XrayImage, open_image
from gazecore.dicom.recorded_frame import render_frame
from gazecore.display.correction import DisplayCorrection
from gazecore.display.screen_light import ScreenLight
from gazecore.lsl import clock_s
from gazecore.messages import FrameShown, ViewportChanged
from tests.app.conftest import gray_image, write_png
from tests.app.reading.opened_viewport import PLACE, opened

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> XrayImage:
    return open_image(write_png(tmp_path / "a.png", gray_image(1)))


def test_opening_tells_the_full_state(image: XrayImage) -> None:
    before_s = clock_s()
    controller, said = opened(image)
    (change,) = said
    assert isinstance(change, ViewportChanged)
    assert (change.serial, change.cause, change.case_id) == (0, "open", "case-0001")
    assert before_s <= change.t_s <= clock_s()
    assert change.shown_screen_px == PLACE
    assert controller.state is not None
    assert change.transform == controller.state.transform.elements
    assert change.window.center == image.default_window.center
    assert change.transform == pytest.approx((2.5, 0, 225, 0, 2.5, 0, 0, 0, 1))


def test_a_moved_viewport_is_a_change(image: XrayImage) -> None:
    controller, said = opened(image)
    controller.place(PLACE, 1.0)
    assert len(said) == 1
    controller.place((10.0, 0.0, 900.0, 600.0), 1.0)
    assert said[-1].cause == "resize"
    assert said[-1].shown_screen_px[0] == 10.0


def test_frames_count_only_with_a_case_open(image: XrayImage) -> None:
    controller, said = opened(image)
    controller.note_painted(controller.serial)
    assert isinstance(said[-1], FrameShown)
    assert said[-1].serial == 0
    controller.clear()
    controller.note_painted(controller.serial)
    assert len(said) == 2
    assert controller.state is None
    controller.zoom(1, (0.0, 0.0))
    assert len(said) == 2


def test_serials_rise_over_cases_and_restart_with_a_session(image: XrayImage) -> None:
    controller, said = opened(image)
    controller.clear()
    controller.open(ShownCase(FrameRenderer(image), "reading-000002", "case-0002"))
    assert said[-1].serial == 1
    controller.begin_session(frozenset())
    controller.open(ShownCase(FrameRenderer(image), "reading-000003", "case-0003"))
    assert said[-1].serial == 0


def test_what_moves_is_drawn_quickly_and_at_rest_once_more_smoothly(image: XrayImage) -> None:
    controller, said = opened(image)
    controller.come_to_rest()
    assert len(said) == 1
    controller.begin_moving()
    controller.pan((3.0, 0.0))
    controller.pan((3.0, 0.0))
    controller.come_to_rest()
    controller.come_to_rest()
    assert [(change.cause, change.smooth) for change in said] == [
        ("open", True),
        ("pan", False),
        ("pan", False),
        ("repeat", True),
    ]
    assert (said[-1].image_width_px, said[-1].image_height_px) == (180, 240)


def test_a_case_opened_during_a_drag_is_smooth(image: XrayImage) -> None:
    controller, said = opened(image)
    controller.begin_moving()
    controller.open(ShownCase(FrameRenderer(image), "reading-000002", "case-0002"))
    assert said[-1].smooth
    controller.clear()
    controller.begin_moving()
    controller.come_to_rest()
    assert len(said) == 2


def light_of(frame: np.ndarray) -> float:
    return float(((frame / 255) ** 2.2).mean())


def test_a_bright_picture_is_dimmed_whatever_the_reader_does(tmp_path: Path) -> None:
    """Nearly white, then inverted, zoomed, panned and windowed: never over the limit."""
    bright = np.clip(gray_image(2).astype(int) + 130, 0, 255).astype(np.uint8)
    image = open_image(write_png(tmp_path / "bright.png", bright))
    controller, said = opened(image)
    assert light_of(render_frame(image, said[0])) > 0.15
    controller.use_light(ScreenLight(0.15))
    tools = ("invert", "one_to_one", "pan_right", "invert", "auto_window", "invert", "fit")
    for tool in tools:
        controller.use(tool)
    for _ in range(6):
        controller.zoom(3, (450.0, 300.0))
        controller.drag_window(30.0, -60.0)
    states = said[1:]
    assert len(states) >= 19
    assert {state.white_level for state in states} > {255}  # the dark ones are left as they are
    for state in states:
        light = light_of(render_frame(image, state))
        assert light <= 0.15
        assert state.white_level == 255 or light > 0.135


def test_what_the_screen_does_is_on_record_and_changes_at_once(image: XrayImage) -> None:
    correction = DisplayCorrection("bent", bytes(min(255, 2 * level) for level in range(256)))
    controller, said = opened(image)
    plain = render_frame(image, said[0])
    controller.use_light(ScreenLight(1.0, correction))
    change = said[-1]
    assert (change.cause, change.serial, change.white_level) == ("screen", 1, 255)
    assert change.correction == correction.sha256
    corrected = render_frame(image, change, correction)
    assert np.array_equal(corrected, correction.driving_levels[plain])
    controller.use("invert")
    assert said[-1].correction == correction.sha256
    controller.use_light(ScreenLight())
    assert said[-1].correction == ""


def test_a_viewport_that_left_does_nothing_until_it_is_back(image: XrayImage) -> None:
    controller, said = opened(image)
    controller.use("invert")
    controller.leave()
    controller.leave()
    controller.use("rotate_left")
    controller.begin_moving()
    controller.come_to_rest()
    controller.place((10.0, 0.0, 450.0, 600.0), 1.0)
    assert [(change.cause, change.is_gone) for change in said[2:]] == [("layout", True)]
    controller.come_back()
    controller.come_back()
    assert [(change.cause, change.is_gone) for change in said[3:]] == [("layout", False)]
    assert said[-1].window.invert
    assert said[-1].shown_screen_px == (10.0, 0.0, 450.0, 600.0)
    assert controller.state is not None
    assert controller.state == controller.state.fitted()
