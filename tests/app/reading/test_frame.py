from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.reading.frame import BLACK, FrameRenderer
from app.reading.viewport_state import ViewportState
from gazecore.dicom import Window, XrayHeader, XrayImage, display_table, open_image
from gazecore.dicom.overlays import OverlayPlane
from gazecore.dicom.shutter import Shutter
from gazecore.display.correction import DisplayCorrection
from tests.app.conftest import gray_image, write_png

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> XrayImage:
    return open_image(write_png(tmp_path / "a.png", gray_image(1, (40, 30))))


def a_state(image: XrayImage, width_px: float, height_px: float) -> ViewportState:
    rows, columns = image.stored.shape
    return ViewportState(
        columns, rows, (0.0, 0.0, width_px, height_px), image.default_window, image.default_window
    ).fitted()


def levels_of(image: XrayImage, state: ViewportState) -> np.ndarray:
    return display_table(image, state.window)[image.stored.view(np.uint16)]


def shown_by(renderer: FrameRenderer, state: ViewportState, *, smooth: bool) -> np.ndarray:
    """The grey levels of the whole viewport, from the pixels that the screen is given."""
    frame = renderer.render(state, smooth=smooth)
    whole = np.full(state.shape_px, BLACK, dtype=np.uint32)
    rows, columns = frame.pixels.shape
    whole[frame.top_px : frame.top_px + rows, frame.left_px : frame.left_px + columns] = (
        frame.pixels
    )
    levels = (whole & 0xFF).astype(np.uint8)
    assert np.array_equal(whole, BLACK + levels * np.uint32(0x010101))
    return levels


def test_at_one_to_one_every_pixel_is_the_table_of_its_stored_value(image: XrayImage) -> None:
    state = a_state(image, 30, 40)
    assert state.zoom == 1.0
    for smooth in (False, True):
        shown = shown_by(FrameRenderer(image), state, smooth=smooth)
        assert np.array_equal(shown, levels_of(image, state))


def test_a_shutter_stays_black_through_every_window(image: XrayImage) -> None:
    shuttered = XrayImage.from_header(
        replace(image.header(), shutter=Shutter(rectangle=(5, 3, 20, 30))), image.stored
    )
    state = a_state(image, 30, 40)
    renderer = FrameRenderer(shuttered)
    for each in (state, state.inverted()):
        expected = levels_of(image, each)
        expected[:2] = expected[30:] = 0
        expected[:, :4] = expected[:, 20:] = 0
        assert np.array_equal(shown_by(renderer, each, smooth=True), expected)


def test_a_window_step_only_changes_the_table(image: XrayImage) -> None:
    renderer = FrameRenderer(image)
    state = a_state(image, 30, 40)
    first = renderer.render(state, smooth=True).pixels.copy()
    steeper = state.windowed(replace(state.window, width=state.window.width / 3))
    assert np.array_equal(shown_by(renderer, steeper, smooth=True), levels_of(image, steeper))
    assert np.array_equal(renderer.render(state, smooth=True).pixels, first)


def test_turned_pixels_are_exact(image: XrayImage) -> None:
    state = a_state(image, 40, 30).rotated(1)
    assert state.zoom == 1.0
    shown = shown_by(FrameRenderer(image), state, smooth=False)
    assert np.array_equal(shown, np.rot90(levels_of(image, state), -1))
    flipped = state.flipped(across_x=True)
    shown = shown_by(FrameRenderer(image), flipped, smooth=False)
    assert np.array_equal(shown, np.rot90(levels_of(image, state), -1)[:, ::-1])


def test_outside_is_black_and_not_part_of_the_frame(image: XrayImage) -> None:
    state = a_state(image, 51, 40)
    shown = shown_by(FrameRenderer(image), state, smooth=False)
    assert shown.shape == (40, 51)
    assert not shown[:, :10].any()
    assert not shown[:, 40:].any()
    assert FrameRenderer(image).render(state, smooth=False).pixels.shape == (40, 30)


def test_covered_is_where_image_may_be(image: XrayImage) -> None:
    renderer = FrameRenderer(image)
    assert renderer.covered == (slice(0, 0), slice(0, 0))
    state = a_state(image, 51, 40)
    renderer.render(state, smooth=True)
    assert renderer.covered == (slice(0, 40), slice(10, 40))
    away = renderer.render(state.panned((500.0, 0.0)), smooth=True)
    assert renderer.covered == (slice(0, 0), slice(0, 0))
    assert away.pixels.shape == (0, 0)


def test_the_correction_and_a_lower_white_come_after_the_window(image: XrayImage) -> None:
    correction = DisplayCorrection("bent", bytes(255 - level for level in range(256)))
    renderer = FrameRenderer(image)
    state = a_state(image, 30, 40)
    shown_as = replace(state, white_level=90, correction=correction)
    grey = levels_of(image, state)
    expected = 255 - np.floor(grey.astype(int) * 90 / 255 + 0.5)
    for _ in range(2):
        assert np.array_equal(shown_by(renderer, shown_as, smooth=True), expected)
        assert np.array_equal(shown_by(renderer, state, smooth=True), grey)


def test_shares_are_those_of_the_picture_before_it_is_dimmed(image: XrayImage) -> None:
    state = a_state(image, 60, 40)
    shares = FrameRenderer(image).shares(replace(state, white_level=10))
    light = np.arange(256) / 255
    assert shares.sum() == pytest.approx(1)
    expected = light[levels_of(image, state)].mean() / 2
    assert shares @ light == pytest.approx(expected, abs=0.01)


def test_colors_are_given_to_the_screen_as_they_are() -> None:
    colors = np.random.default_rng(4).integers(0, 256, (40, 30, 3)).astype(np.uint8)
    whole = Window(128.0, 256.0)
    header = XrayHeader(bits_stored=8, default_window=whole, is_color=True)
    image = XrayImage.from_header(header, colors.max(axis=2).astype(np.uint16), colors)
    renderer = FrameRenderer(image)
    state = a_state(image, 30, 40)
    dimmed = replace(state, white_level=100)
    as_dimmed = np.floor(colors.astype(int) * 100 / 255 + 0.5)
    for each, expected in (
        (state, colors),
        (state.inverted(), 255 - colors),
        (state.windowed(Window(9.0, 2.0)), colors),
        (dimmed, as_dimmed),
    ):
        pixels = renderer.render(each, smooth=True).pixels
        rgb = np.stack([(pixels >> shift) & 0xFF for shift in (16, 8, 0)], axis=-1)
        np.testing.assert_array_equal(rgb, expected)
        assert (pixels >> 24 == 0xFF).all()


def test_overlay_planes_are_given_cropped_and_only_where_shown(image: XrayImage) -> None:
    bits = np.zeros((40, 30), dtype=bool)
    bits[10:12, 5:9] = True
    plane = OverlayPlane(
        group=0x6000,
        kind="G",
        rows=40,
        columns=30,
        origin_px=(2, 3),
        deflated=zlib.compress(np.packbits(bits, bitorder="little").tobytes()),
    )
    renderer = FrameRenderer(
        XrayImage.from_header(replace(image.header(), overlays=(plane,)), image.stored)
    )
    state = a_state(image, 30, 40)
    assert renderer.overlays(state) is None
    drawn = renderer.overlays(state.overlaid())
    assert drawn is not None
    assert (drawn.top_px, drawn.left_px, drawn.pixels.shape) == (12, 6, (4, 6))
    assert len(np.unique(drawn.pixels[1:3, 1:5])) == 1
    assert renderer.overlays(state.overlaid()) is drawn
    away = renderer.overlays(state.overlaid().panned((500.0, 0.0)))
    assert away is None
    assert FrameRenderer(image).overlays(state.overlaid()) is None
