"""What crosses to the station about eyes and device."""

from __future__ import annotations

import json

import pytest

from gazecore.devices.traits import DeviceTraits, EyePosition, EyePositions, display_mismatch


def test_an_eye_that_is_seen_says_where() -> None:
    eye = EyePosition(0.4, 0.5, 0.6, valid=True)
    assert eye.answer() == {"x": 0.4, "y": 0.5, "z": 0.6, "valid": True}


def test_an_eye_that_is_not_seen_is_null_and_sound_json() -> None:
    for eye in (EyePosition(), EyePosition(0.1, 0.2, 0.3), EyePositions().left):
        answer = eye.answer()
        assert answer == {"x": None, "y": None, "z": None, "valid": False}
        assert json.dumps(answer, allow_nan=False)


def test_a_device_that_tells_nothing_has_empty_traits() -> None:
    assert DeviceTraits() == DeviceTraits("", "", (), (), "", (), None)


@pytest.mark.parametrize(
    ("screen_mm", "is_said"),
    [
        ((527.0, 296.0), False),
        ((527.0 / 1.04, 296.0), False),
        ((527.0 / 1.06, 296.0), True),
        ((527.0, 296.0 * 1.06), True),
        ((0.0, 0.0), False),
    ],
)
def test_a_display_area_unlike_the_screen_is_said(
    screen_mm: tuple[float, float], is_said: bool
) -> None:
    said = display_mismatch((527.0, 296.0), screen_mm)
    assert (said is not None) is is_said
    assert said is None or "527 x 296 mm" in said
