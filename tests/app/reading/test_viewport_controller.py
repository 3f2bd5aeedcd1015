"""Tools change what a viewport shows, or say why not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.reading.frame import FrameRenderer
from app.reading.viewport_controller import COLOR_HAS_NO_WINDOW
from app.reading.window_tools import CHANGE_BY_TOOL
from gazecore.dicom import Window, XrayHeader, XrayImage, open_image
from gazecore.messages import ViewportChanged
from tests.app.conftest import gray_image, write_frames, write_png
from tests.app.reading.opened_viewport import opened, overlaid_image, with_spacing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> XrayImage:
    return open_image(write_png(tmp_path / "a.png", gray_image(1)))


def test_every_change_has_the_next_serial_and_no_change_has_none(image: XrayImage) -> None:
    controller, said = opened(image)
    controller.zoom(2, (450.0, 300.0))
    controller.pan((10.0, -4.0))
    controller.drag_window(20.0, 5.0)
    controller.use("fit")
    controller.use("fit")
    assert [change.serial for change in said] == [0, 1, 2, 3, 4]
    assert [change.cause for change in said] == ["open", "zoom", "pan", "window", "fit"]


@pytest.mark.parametrize("tool", sorted(set(CHANGE_BY_TOOL) - {f"preset_{n}" for n in range(10)}))
def test_every_tool_changes_something_after_a_detour(image: XrayImage, tool: str) -> None:
    controller, said = opened(overlaid_image(image))
    controller.zoom(3, (100.0, 100.0))
    controller.drag_window(300.0, 90.0)
    count = len(said)
    controller.use(tool)
    assert len(said) == count + 1


@pytest.mark.parametrize(
    ("lock", "tools"),
    [
        ("window", ["auto_window", "default_window", "next_window", "window_wider", "preset_1"]),
        ("invert", ["invert"]),
        ("rotate", ["rotate_right", "rotate_left"]),
        ("flip", ["flip_horizontal", "flip_vertical"]),
        ("zoom", ["one_to_one", "zoom_in", "zoom_out", "true_size"]),
        ("pan", ["pan_left", "pan_right", "pan_up", "pan_down"]),
    ],
)
def test_locked_tools_do_nothing(image: XrayImage, lock: str, tools: list[str]) -> None:
    controller, said = opened(image, frozenset({lock}))
    for tool in tools:
        controller.use(tool)
    if lock == "window":
        controller.drag_window(50.0, 50.0)
        controller.window_region((300.0, 100.0), (500.0, 300.0))
        assert controller.type_window("30 40")
    if lock == "zoom":
        controller.zoom(1, (0.0, 0.0))
    if lock == "pan":
        controller.pan((5.0, 5.0))
    assert len(said) == 1


def test_a_drag_moves_the_window_in_proportion(image: XrayImage) -> None:
    controller, _ = opened(image)
    before = controller.state
    controller.drag_window(400.0, 40.0)
    after = controller.state
    assert before is not None
    assert after is not None
    assert after.window.width == pytest.approx(before.window.width * math.e)
    # down is darker: the centre rises
    assert after.window.center == pytest.approx(before.window.center + before.window.width / 10)


def test_a_drag_of_an_inverted_image_still_brightens_upwards(image: XrayImage) -> None:
    controller, _ = opened(image)
    controller.use("invert")
    before = controller.state
    controller.drag_window(0.0, -40.0)
    after = controller.state
    assert before is not None
    assert after is not None
    assert after.window.center > before.window.center


def test_at_true_size_a_millimetre_is_a_millimetre(image: XrayImage) -> None:
    controller, said = opened(with_spacing(image))
    controller.measure_screen(0.25)
    controller.use("rotate_right")
    controller.use("true_size")
    # half a millimetre per image pixel on screen pixels of a quarter
    assert controller.state is not None
    assert controller.state.zoom == pytest.approx(2.0)
    assert said[-1].cause == "zoom"
    assert math.hypot(*said[-1].transform[:2]) == pytest.approx(2.0)


@pytest.mark.parametrize("screen_mm_per_px", [None, 0.25])
def test_true_size_of_an_unknown_length_is_refused_in_words(
    image: XrayImage, screen_mm_per_px: float | None
) -> None:
    shown = image if screen_mm_per_px else with_spacing(image)
    controller, said = opened(shown)
    notices: list[str] = []
    controller.notice_made.connect(notices.append)
    controller.measure_screen(screen_mm_per_px)
    controller.use("true_size")
    assert len(said) == 1
    assert len(notices) == 1


def test_a_region_windows_to_what_it_holds_wherever_the_drag_began(image: XrayImage) -> None:
    controller, said = opened(image)
    # image pixels 40..80 x 20..60 lie at 2.5 times that, 225 to the right
    for corners in (((325.0, 50.0), (425.0, 150.0)), ((425.0, 50.0), (325.0, 150.0))):
        controller.use("restart")
        controller.window_region(*corners)
        assert said[-1].cause == "window"
        part = image.stored[20:60, 40:80]
        window = said[-1].window
        low, high = window.center - window.width / 2, window.center + window.width / 2
        assert low == pytest.approx(float(part.min()), abs=2.0)
        assert high == pytest.approx(float(part.max()), abs=2.0)


def test_a_region_beside_the_image_is_refused_in_words(image: XrayImage) -> None:
    controller, said = opened(image)
    notices: list[str] = []
    controller.notice_made.connect(notices.append)
    controller.window_region((1.0, 1.0), (90.0, 90.0))
    assert len(said) == 1
    assert notices == ["The region holds no image."]


def test_typed_numbers_become_the_window(image: XrayImage) -> None:
    controller, said = opened(image)
    controller.use("invert")
    assert controller.type_window(" 61.5  30 ")
    window = said[-1].window
    assert (window.center, window.width, window.invert) == (61.5, 30.0, True)
    assert not controller.type_window("dark")
    assert said[-1].window == window


def color_image() -> XrayImage:
    colors = np.random.default_rng(8).integers(0, 256, (30, 40, 3)).astype(np.uint8)
    header = XrayHeader(bits_stored=8, default_window=Window(128.0, 256.0), is_color=True)
    return XrayImage.from_header(header, colors.max(axis=2).astype(np.uint16), colors)


def test_window_tools_say_that_they_do_not_apply_to_color() -> None:
    controller, said = opened(color_image())
    notices: list[str] = []
    controller.notice_made.connect(notices.append)
    controller.drag_window(30.0, 5.0)
    controller.window_region((300.0, 200.0), (500.0, 400.0))
    assert controller.type_window("100 50")
    controller.use("auto_window")
    assert notices == [COLOR_HAS_NO_WINDOW] * 4
    assert len(said) == 1
    controller.use("invert")
    assert [change.cause for change in said] == ["open", "invert"]
    assert said[-1].window.invert


def test_overlay_planes_come_and_go_on_record(image: XrayImage) -> None:
    controller, said = opened(overlaid_image(image))
    controller.use("image_overlays")
    controller.use("image_overlays")
    changes = [each for each in said if isinstance(each, ViewportChanged)]
    assert [(each.cause, each.image_overlays) for each in changes] == [
        ("open", False),
        ("overlay", True),
        ("overlay", False),
    ]
    locked, said = opened(overlaid_image(image), frozenset({"overlays"}))
    locked.use("image_overlays")
    assert len(said) == 1


def frame_of(path: Path, frame: int) -> FrameRenderer:
    return FrameRenderer(open_image(path, frame=frame))


def test_another_frame_is_asked_for_and_shown_in_the_same_place(tmp_path: Path) -> None:
    path = write_frames(tmp_path / "frames.dcm", 4)
    controller, said = opened(open_image(path))
    wanted: list[int] = []
    controller.frame_wanted.connect(wanted.append)
    controller.zoom(2, (300.0, 200.0))
    for tool in ("next_frame", "next_frame", "last_frame", "next_frame"):
        controller.use(tool)
    assert wanted == [1, 2, 3]
    assert not controller.show_frame(frame_of(path, 1))
    assert controller.show_frame(frame_of(path, 3))
    first, zoomed, shown = said
    assert (shown.cause, shown.window.frame, shown.window.center) == ("frame", 3, 1300.0)
    assert shown.transform == zoomed.transform
    assert (first.window.frame, first.window.center) == (0, 1000.0)
    controller.use("first_frame")
    assert wanted[-1] == 0
    notices: list[str] = []
    controller.notice_made.connect(notices.append)
    controller.refuse_frame(0, "damaged")
    assert notices == ["Frame 1 cannot be shown: damaged"]
    controller.use("previous_frame")
    assert wanted[-1] == 2


def test_frames_can_be_locked_and_one_frame_says_so(image: XrayImage, tmp_path: Path) -> None:
    path = write_frames(tmp_path / "frames.dcm", 3)
    locked, _said = opened(open_image(path), frozenset({"frames"}))
    asked: list[int] = []
    locked.frame_wanted.connect(asked.append)
    locked.use("next_frame")
    assert asked == []
    single, _said = opened(image)
    notices: list[str] = []
    single.notice_made.connect(notices.append)
    single.use("next_frame")
    assert notices == ["This image has one frame."]


def test_a_frame_that_comes_when_the_viewport_has_left_is_not_shown(tmp_path: Path) -> None:
    path = write_frames(tmp_path / "frames.dcm", 2)
    controller, said = opened(open_image(path))
    controller.use("next_frame")
    controller.leave()
    assert not controller.show_frame(frame_of(path, 1))
    controller.come_back()
    assert [(change.cause, change.is_gone) for change in said] == [
        ("open", False),
        ("layout", True),
        ("layout", False),
    ]
    controller.use("next_frame")
    assert controller.show_frame(frame_of(path, 1))
    assert said[-1].window.frame == 1
