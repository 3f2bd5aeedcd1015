from __future__ import annotations

import math
from dataclasses import replace

import pytest

from gazecore.screens import ScreenFingerprint, size_difference

SCREEN = ScreenFingerprint(
    name="DP-1",
    manufacturer="Dell",
    model="U2720Q",
    serial_number="X1",
    width_px=3840,
    height_px=2160,
    width_mm=597.0,
    height_mm=336.0,
    device_pixel_ratio=2.0,
    refresh_hz=60.0,
    x=-1920,
    y=0,
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"width_px": 2560.0, "height_px": 1440.0}, "resolution 2560 x 1440, was 3840 x 2160"),
        ({"device_pixel_ratio": 1.5}, "ratio 1.5, was 2"),
        ({"serial_number": "X2"}, "serial number X2, was X1"),
        ({"name": ""}, "name unknown, was DP-1"),
        ({"width_mm": 520.0}, "size 520 x 336, was 597 x 336"),
    ],
)
def test_another_display_or_mode_is_another_identity(change: dict[str, object], words: str) -> None:
    other = replace(SCREEN, **change)  # type: ignore[arg-type]
    assert other.identity != SCREEN.identity
    assert other.changes_from(SCREEN) == (words,)


def test_place_and_refresh_are_told_but_are_the_same_display() -> None:
    moved = replace(SCREEN, x=0, refresh_hz=75.0)
    assert moved.identity == SCREEN.identity
    assert moved.changes_from(SCREEN) == (
        "place (0, 0), was (-1920, 0)",
        "refresh 75 Hz, was 60 Hz",
    )
    assert replace(SCREEN, refresh_hz=59.95).changes_from(SCREEN) == ()


def test_one_line_says_all() -> None:
    line = SCREEN.describe()
    for part in ("DP-1 (Dell U2720Q)", "3840 x 2160 px", "597 x 336 mm", "60 Hz", "(-1920, 0)"):
        assert part in line
    unknown = ScreenFingerprint().describe()
    assert "size unknown" in unknown
    assert "refresh unknown" in unknown


def test_differences_of_sizes() -> None:
    assert size_difference(600, 340, (600, 340)) == 0.0
    assert size_difference(600, 306, (600, 340)) == pytest.approx(-0.1)
    assert math.isnan(size_difference(0, 0, (600, 340)))
