from __future__ import annotations

import pytest

from gazecore.study.gestures import GESTURES
from gazecore.study.tool_keys import TOOLS
from gazecore.study.tool_locks import GROUPS, LOCKS, checked_lock, locked_names


def test_every_tool_and_gesture_can_be_locked_alone() -> None:
    assert set(LOCKS) == {*GROUPS, *TOOLS, *GESTURES}
    for name in TOOLS:
        if name not in GROUPS:
            assert locked_names({name}) & set(TOOLS) == {name}
    for name in GESTURES:
        assert locked_names({name}) == {name}


def test_a_group_takes_its_tools_and_gestures() -> None:
    assert locked_names({"pan"}) == {"pan_left", "pan_right", "pan_up", "pan_down", "pan_drag"}
    assert locked_names({"invert"}) == {"invert"}
    assert locked_names({"measure"}) == frozenset()
    every = locked_names(GROUPS)
    assert {*TOOLS, *GESTURES} - every == {"fit", "restart", "key_sheet"}


def test_a_gesture_goes_with_any_tool_whose_work_it_does() -> None:
    assert locked_names({"zoom_in"}) == {"zoom_in", "zoom_wheel"}
    assert locked_names({"window_darker"}) == {"window_darker", "window_drag"}
    assert locked_names({"auto_window"}) == {"auto_window"}


def test_other_names_are_refused_with_the_groups() -> None:
    assert checked_lock("preset_3") == "preset_3"
    with pytest.raises(ValueError, match="zoom, pan, window"):
        checked_lock("teleport")
