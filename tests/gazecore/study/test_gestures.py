from __future__ import annotations

import pytest
from pydantic import ValidationError

from gazecore.study.gestures import GESTURES, Gestures, bound_gestures, gesture_name
from gazecore.study.tool_keys import TOOLS


def test_each_gesture_has_a_default_of_its_own() -> None:
    assert bound_gestures(Gestures()) == {
        "Left": "window_drag",
        "Ctrl+Shift+Left": "region_drag",
        "Middle": "pan_drag",
        "Wheel": "zoom_wheel",
        "Shift+Wheel": "frame_wheel",
    }


def test_gestures_name_tools_of_their_own_group() -> None:
    for gesture in GESTURES.values():
        assert all(TOOLS[name].lock == gesture.lock for name in gesture.same_as)


def test_keys_held_have_one_order() -> None:
    assert gesture_name({"Alt", "Shift", "Ctrl"}, "Wheel") == "Ctrl+Shift+Alt+Wheel"
    assert Gestures(pan_drag=("Shift+Ctrl+Right",)).pan_drag == ("Ctrl+Shift+Right",)
    assert Gestures(pan_drag=("Ctrl+Ctrl+Right",)).pan_drag == ("Ctrl+Right",)


def test_none_takes_a_gesture_away() -> None:
    assert "pan_drag" not in bound_gestures(Gestures(pan_drag=())).values()


@pytest.mark.parametrize(
    "wrong",
    [{"pan_drag": ("Wheel",)}, {"zoom_wheel": ("Left",)}, {"window_drag": ("left",)}, {"x": ()}],
)
def test_what_is_no_button_is_refused(wrong: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValidationError):
        Gestures.model_validate(wrong)


def test_a_button_with_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="button for pan_drag: Left is that of window_drag"):
        bound_gestures(Gestures(pan_drag=("Left",)))
