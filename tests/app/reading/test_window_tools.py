from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.reading.viewport_state import ViewportState
from app.reading.window_tools import (
    CHANGE_BY_TOOL,
    FRAME_STEPS,
    MOST_MODALITY,
    DragManner,
    dragged,
    region_window,
    true_size_zoom,
    typed_window,
    window_figures,
    window_on_frame,
)
from gazecore.dicom import Window, XrayImage, open_image
from gazecore.dicom.image import NamedWindow
from gazecore.study.tool_keys import TOOLS
from tests.app.conftest import write_frames

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.dicom.image import VoiFunction

WINDOW = Window(1000.0, 400.0)
PRESETS = (NamedWindow("soft", Window(500.0, 300.0)), NamedWindow("hard", Window(700.0, 90.0)))


def an_image(**changes: object) -> XrayImage:
    stored = np.arange(100 * 80, dtype=np.uint16).reshape(100, 80)
    values: dict[str, object] = {
        "bits_stored": 16,
        "default_window": PRESETS[0].window,
        "windows": PRESETS,
    }
    return XrayImage(stored=stored, **{**values, **changes})  # type: ignore[arg-type]


def a_state() -> ViewportState:
    return ViewportState(80, 100, (10.0, 20.0, 800.0, 400.0), WINDOW, WINDOW).fitted()


def used(tool: str, state: ViewportState, image: XrayImage) -> ViewportState:
    return CHANGE_BY_TOOL[tool][1](state, image)


@pytest.mark.parametrize(
    ("manner", "center", "width"),
    [
        (DragManner(), 1000 + 400 * 0.1, 400 * math.exp(0.2)),
        (DragManner(speed=0.25), 1000 + 400 * 0.025, 400 * math.exp(0.05)),
        (DragManner(speed=4.0), 1000 + 400 * 0.4, 400 * math.exp(0.8)),
        (DragManner(is_up_brighter=False), 1000 - 400 * 0.1, 400 * math.exp(0.2)),
        # the centre follows the drag to the right, which is brighter as upwards is
        (DragManner(is_width_across=False), 1000 - 400 * 0.2, 400 * math.exp(0.1)),
    ],
)
def test_a_drag_in_closed_form(manner: DragManner, center: float, width: float) -> None:
    after = dragged(WINDOW, "MONOCHROME2", (80.0, 40.0), manner)
    assert (after.center, after.width) == pytest.approx((center, width))


@pytest.mark.parametrize("function", ["LINEAR", "SIGMOID"])
@pytest.mark.parametrize("far_px", [-1e9, 1e9])
def test_no_drag_and_no_typed_number_goes_beyond_what_can_be_told(
    function: VoiFunction, far_px: float
) -> None:
    window = Window(1e300, 1e300, function)
    for _ in range(3):
        window = dragged(window, "MONOCHROME2", (far_px, far_px))
        assert abs(window.center) <= MOST_MODALITY
        assert Window.least_width(function) <= window.width <= MOST_MODALITY
    assert typed_window("1e308 1e308", WINDOW) is None
    assert typed_window("0 1e13", WINDOW) is None
    assert typed_window("-1e12 1e12", WINDOW) == Window(-1e12, 1e12)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("invert", [False, True])
def test_up_is_brighter_whatever_the_polarity(photometric: str, invert: bool) -> None:
    shown = Window(1000.0, 400.0, invert=invert)
    after = dragged(shown, photometric, (0.0, -40.0))
    is_lower_brighter = (photometric == "MONOCHROME2") != invert
    assert (after.center < shown.center) == is_lower_brighter


def test_a_drag_leaves_a_lut_and_never_a_window_of_no_width() -> None:
    lut = Window(1000.0, 400.0, voi_index=0)
    assert dragged(lut, "MONOCHROME2", (1.0, 0.0)).voi_index is None
    assert dragged(WINDOW, "MONOCHROME2", (-1e5, 0.0)).width == 1.0


@pytest.mark.parametrize("text", ["", "5", "a b", "1 2 3", "5 0", "5 -3", "nan 5", "5 inf"])
def test_what_is_no_window_is_refused(text: str) -> None:
    assert typed_window(text, WINDOW) is None


def test_typed_numbers_are_centre_and_width() -> None:
    shown = Window(0.0, 10.0, "SIGMOID", invert=True)
    assert typed_window("-20  35.5", shown) == Window(-20.0, 35.5, "SIGMOID", invert=True)
    assert typed_window("5; 6", Window(0.0, 9.0, voi_index=1)) == Window(5.0, 6.0)
    assert typed_window("12,5 300", Window(0.0, 9.0)) == Window(12.5, 300.0)


@pytest.mark.parametrize(
    ("center", "width", "shown"),
    [
        (1900.4, 3200.0, ("1900", "3200")),
        (0.25, 1.5, ("0.2", "1.5")),
        (5.0, 6.0, ("5", "6")),
        (12.5, 20.0, ("12", "20")),
    ],
)
def test_numbers_of_a_narrow_window_have_a_decimal(
    center: float, width: float, shown: tuple[str, str]
) -> None:
    assert window_figures(center, width) == shown


def test_a_region_spans_its_values() -> None:
    window = region_window(an_image(), Window(0.0, 9.0, invert=True), (10.0, 50.0, 30.0, 51.0))
    assert window is not None
    # row 50, columns 10 to 29: 4010 ... 4029
    assert (window.center - window.width / 2, window.center + window.width / 2) == (4010.0, 4030.0)
    assert window.invert
    assert region_window(an_image(), WINDOW, (90.0, 0.0, 95.0, 5.0)) is None
    assert region_window(an_image(), WINDOW, (5.0, 5.0, 5.2, 50.0)) is None


def test_true_size_needs_both_sizes() -> None:
    spaced = an_image(spacing_mm=(0.4, 0.2), pixel_aspect=2.0)
    assert true_size_zoom(spaced, 0.1) == pytest.approx(2.0)
    assert true_size_zoom(spaced, None) is None
    assert true_size_zoom(an_image(), 0.1) is None


def test_presets_are_the_images_own_windows() -> None:
    image, state = an_image(), a_state()
    assert used("preset_2", state, image).window == PRESETS[1].window
    assert used("preset_3", state, image) == state
    assert used("next_window", state, image).window == PRESETS[0].window


def test_keys_move_and_zoom_about_the_centre() -> None:
    image, state = an_image(), a_state()
    by = used("pan_left", state, image).transform.to_screen([[0, 0]])
    assert np.allclose(by - state.transform.to_screen([[0, 0]]), [[-100, 0]])
    closer = used("zoom_in", state, image)
    assert closer.zoom == pytest.approx(1.15 * state.zoom)
    assert closer.centre_image_px == pytest.approx(state.centre_image_px)
    assert used("zoom_out", closer, image).zoom == pytest.approx(state.zoom)


def test_every_tool_of_the_table_does_something() -> None:
    of_the_page = {name for name, tool in TOOLS.items() if tool.lock == "layout"}
    others = set(TOOLS) - set(CHANGE_BY_TOOL) - set(FRAME_STEPS) - of_the_page
    assert others == {"true_size", "window_entry", "key_sheet"}
    assert set(CHANGE_BY_TOOL) <= set(TOOLS)


def test_a_window_on_another_frame(tmp_path: Path) -> None:
    path = write_frames(tmp_path / "frames.dcm", 3)
    was, now = open_image(path, frame=0), open_image(path, frame=2)
    inverted = replace(was.default_window, invert=True)
    assert window_on_frame(was.default_window, was, now) == now.default_window
    assert window_on_frame(inverted, was, now) == replace(now.default_window, invert=True)
    own = Window(700.0, 300.0, invert=True)
    assert window_on_frame(own, was, now) == replace(own, frame=2)
    lut = Window(700.0, 300.0, voi_index=4)
    assert window_on_frame(lut, was, now) == now.default_window
