"""What crosses to the station about eyes and device."""

from __future__ import annotations

import json

from gazecore.devices.traits import DeviceTraits, EyePosition, EyePositions


def test_an_eye_that_is_seen_says_where() -> None:
    eye = EyePosition(0.4, 0.5, 0.6, valid=True)
    assert eye.answer() == {"x": 0.4, "y": 0.5, "z": 0.6, "valid": True}


def test_an_eye_that_is_not_seen_is_null_and_sound_json() -> None:
    for eye in (EyePosition(), EyePosition(0.1, 0.2, 0.3), EyePositions().left):
        answer = eye.answer()
        assert answer == {"x": None, "y": None, "z": None, "valid": False}
        assert json.dumps(answer, allow_nan=False)


def test_a_device_that_tells_nothing_has_empty_traits() -> None:
    assert DeviceTraits() == DeviceTraits("", "", (), (), "", ())
