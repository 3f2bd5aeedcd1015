"""A frame drawn again, by closed form; the closed loop with the screen is the viewport's test."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gazecore.dicom import Window, XrayHeader, XrayImage, display_table
from gazecore.dicom.drawn_overlays import LABEL_RGB, LINE
from gazecore.dicom.overlays import OverlayPlane
from gazecore.dicom.recorded_frame import (
    DrawableImage,
    recorded_window,
    render_frame,
    render_overlays,
    render_picture,
    viewport_shape,
    within_viewport,
)
from gazecore.dicom.shutter import Shutter
from gazecore.display.correction import DisplayCorrection
from gazecore.errors import DisplayCorrectionError, InvalidSettingError
from gazecore.geometry import Transform
from gazecore.messages import ViewportChanged, WindowState

WINDOW = Window(2048.0, 4096.0)
STORED = np.random.default_rng(5).integers(0, 4096, (6, 8)).astype(np.uint16)
IMAGE = XrayImage.from_header(XrayHeader(bits_stored=12, default_window=WINDOW), STORED)
LEVELS = display_table(IMAGE, WINDOW)[STORED]


def state(elements: tuple[float, ...], **changes: Any) -> ViewportChanged:
    """A viewport of 20 x 10 pixels whose corner lies at (100, 50) on the screen."""
    settings: dict[str, Any] = {
        "shown_screen_px": (100.0, 50.0, 20.0, 10.0),
        "window": WindowState(center=WINDOW.center, width=WINDOW.width),
        **changes,
    }
    return ViewportChanged(
        t_s=0.0,
        serial=0,
        reading_id="reading-000001",
        case_id="case-0001",
        cause="open",
        transform=elements,
        **settings,
    )


PLACED = (1.0, 0.0, 103.0, 0.0, 1.0, 52.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("smooth", [False, True])
def test_at_one_to_one_the_frame_is_the_table_of_the_stored_values(smooth: bool) -> None:
    frame = render_frame(IMAGE, state(PLACED, smooth=smooth))
    assert frame.shape == (10, 20)
    np.testing.assert_array_equal(frame[2:8, 3:11], LEVELS)
    frame[2:8, 3:11] = 0
    assert not frame.any()


def test_a_quick_frame_repeats_pixels_and_a_smooth_one_does_not() -> None:
    doubled = (2.0, 0.0, 100.0, 0.0, 2.0, 50.0, 0.0, 0.0, 1.0)
    twice = LEVELS.repeat(2, axis=0).repeat(2, axis=1)[:10]
    quick = render_frame(IMAGE, state(doubled, smooth=False))
    np.testing.assert_array_equal(quick[:, :16], twice)
    assert (render_frame(IMAGE, state(doubled))[:, :16] != twice).any()


def test_the_recorded_window_is_applied_through_json_too() -> None:
    steep = WindowState(center=1000.5, width=333.25, function="LINEAR_EXACT", invert=True)
    recorded = ViewportChanged.model_validate_json(state(PLACED, window=steep).to_json())
    expected = display_table(IMAGE, Window(1000.5, 333.25, "LINEAR_EXACT", invert=True))[STORED]
    np.testing.assert_array_equal(render_frame(IMAGE, recorded)[2:8, 3:11], expected)
    assert recorded_window(steep).invert


def test_an_image_made_drawable_once_gives_the_same_frames() -> None:
    drawable = DrawableImage(IMAGE)
    for scale in (0.4, 1.7):
        seen = state((scale, 0.0, 100.0, 0.0, scale, 50.0, 0.0, 0.0, 1.0))
        np.testing.assert_array_equal(render_frame(drawable, seen), render_frame(IMAGE, seen))


def test_what_the_shutter_hides_is_black() -> None:
    header = replace(IMAGE.header(), shutter=Shutter(rectangle=(2, 1, 4, 3)))
    frame = render_frame(XrayImage.from_header(header, STORED), state(PLACED))[2:8, 3:11]
    np.testing.assert_array_equal(frame[:3, 1:4], LEVELS[:3, 1:4])
    frame[:3, 1:4] = 0
    assert not frame.any()


def test_a_window_that_does_not_fit_the_image_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="VOI LUT index"):
        render_frame(IMAGE, state(PLACED, window=WindowState(center=1, width=2, voi_index=3)))
    with pytest.raises(InvalidSettingError, match="VOI LUT function"):
        recorded_window(WindowState(center=1, width=2, function="CUBIC"))


def test_the_viewport_has_its_own_corner_and_whole_pixels() -> None:
    placed = within_viewport(Transform(PLACED), (100.5, 50.0, 20.0, 10.0))
    assert placed.to_screen([[0.0, 0.0]]).tolist() == [[2.5, 2.0]]
    assert viewport_shape((0.0, 0.0, 876.25, 600.0000001)) == (600, 877)
    assert viewport_shape((0.0, 0.0, 0.0, 0.0)) == (1, 1)


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.7])
@pytest.mark.parametrize("invert", [False, True])
def test_padding_is_black_and_leaves_no_halo(scale: float, invert: bool) -> None:
    stored = np.full((40, 30), 3000, dtype=np.uint16)
    stored[:, 14:] = 0
    header = replace(IMAGE.header(), padding_range=(0, 0))
    window = WindowState(center=2048.0, width=4096.0, invert=invert)
    seen = state((scale, 0.0, 100.0, 0.0, scale, 50.0, 0.0, 0.0, 1.0), window=window)
    frame = render_frame(XrayImage.from_header(header, stored), seen)
    tissue = 68 if invert else 187
    edge = sum((column + 0.5) / scale < 14 for column in range(20))
    assert (frame[:, :edge] == tissue).all()
    assert not frame[:, edge:].any()


def test_tissue_whose_mean_falls_among_padding_values_is_no_padding() -> None:
    stored = np.array([[-100, 100, 0, 0]], dtype=np.int16).repeat(4, axis=0)
    window = Window(0.0, 256.0)
    header = XrayHeader(bits_stored=8, signed=True, default_window=window, padding_range=(0, 0))
    half = state(
        (0.5, 0.0, 100.0, 0.0, 0.5, 50.0, 0.0, 0.0, 1.0),
        window=WindowState(center=0.0, width=256.0),
    )
    frame = render_frame(XrayImage.from_header(header, stored), half)
    assert frame[:2, :3].tolist() == [[128, 0, 0]] * 2


CORRECTION = DisplayCorrection("bent", bytes(min(255, 2 * level) for level in range(256)))


def test_a_recorded_correction_and_dimming_are_applied() -> None:
    plain = render_frame(IMAGE, state(PLACED))
    seen = state(PLACED).model_copy(update={"correction": CORRECTION.sha256, "white_level": 100})
    again = ViewportChanged.model_validate_json(seen.to_json())
    frame = render_frame(IMAGE, again, CORRECTION)
    expected = np.minimum(255, 2 * np.floor(plain.astype(int) * 100 / 255 + 0.5))
    np.testing.assert_array_equal(frame, expected)


@pytest.mark.parametrize(
    ("recorded", "given"),
    [("", CORRECTION), (CORRECTION.sha256, None), ("f" * 64, CORRECTION)],
)
def test_another_correction_than_the_recorded_one_is_told(
    recorded: str, given: DisplayCorrection | None
) -> None:
    seen = state(PLACED).model_copy(update={"correction": recorded})
    with pytest.raises(DisplayCorrectionError, match="not the one on record"):
        render_frame(IMAGE, seen, given)


@pytest.mark.parametrize("smooth", [False, True])
def test_colors_are_drawn_as_they_are(smooth: bool) -> None:
    colors = np.random.default_rng(6).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    shutter = Shutter(rectangle=(1, 1, 7, 6))
    header = replace(IMAGE.header(), is_color=True, shutter=shutter)
    image = XrayImage.from_header(header, STORED, colors)
    narrow = WindowState(center=9.0, width=2.0)
    for invert in (False, True):
        window = narrow.model_copy(update={"invert": invert})
        frame = render_frame(image, state(PLACED, smooth=smooth, window=window))
        assert frame.shape == (10, 20, 3)
        expected = 255 - colors if invert else colors
        np.testing.assert_array_equal(frame[2:8, 3:10], expected[:, :7])
        frame[2:8, 3:10] = 0
        assert not frame.any()


def test_each_channel_is_interpolated_alike() -> None:
    colors = np.random.default_rng(6).integers(0, 256, (6, 8, 3)).astype(np.uint8)
    header = replace(IMAGE.header(), is_color=True)
    zoomed = state((2.3, 0.0, 100.0, 0.0, 2.3, 50.0, 0.0, 0.0, 1.0))
    frame = render_frame(XrayImage.from_header(header, STORED, colors), zoomed)
    grey = XrayHeader(bits_stored=8, default_window=Window(128.0, 256.0))
    plain = zoomed.model_copy(update={"window": WindowState(center=128.0, width=256.0)})
    for channel in range(3):
        plane = XrayImage.from_header(grey, colors[..., channel].astype(np.uint16))
        np.testing.assert_array_equal(frame[..., channel], render_frame(plane, plain))


def test_overlay_planes_lie_over_the_frame_where_the_state_shows_them() -> None:
    bits = np.zeros((6, 8), dtype=bool)
    bits[2, 3:5] = True
    plane = OverlayPlane(
        group=0x6000,
        kind="G",
        rows=6,
        columns=8,
        origin_px=(0, 0),
        deflated=zlib.compress(np.packbits(bits, bitorder="little").tobytes()),
    )
    image = XrayImage.from_header(replace(IMAGE.header(), overlays=(plane,)), STORED)
    hidden, shown = state(PLACED), state(PLACED, image_overlays=True)
    np.testing.assert_array_equal(render_frame(image, shown), render_frame(IMAGE, hidden))
    assert not render_overlays(image, hidden).any()
    assert not render_overlays(IMAGE, shown).any()
    labels = render_overlays(image, shown)
    np.testing.assert_array_equal(labels[2:8, 3:11] == LINE, bits)
    picture = render_picture(image, shown)
    assert (picture[4, 6:8] == LABEL_RGB[LINE]).all()
    untouched = labels == 0
    grey = render_frame(image, hidden)[untouched]
    np.testing.assert_array_equal(picture[untouched], np.stack([grey] * 3, axis=-1))


def test_another_frame_than_the_recorded_one_is_told() -> None:
    second = state(PLACED, window=WindowState(center=2048.0, width=4096.0, frame=1))
    with pytest.raises(InvalidSettingError, match="frame"):
        render_frame(IMAGE, second)
    header = replace(IMAGE.header(), frame=1, frames=2)
    frame = render_frame(XrayImage.from_header(header, STORED), second)
    np.testing.assert_array_equal(frame[2:8, 3:11], LEVELS)
