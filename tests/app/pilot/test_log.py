"""The log tells in which times the viewport stood still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.pilot.log import LoggedAction, StillInterval, append, read_log, still_intervals

if TYPE_CHECKING:
    from pathlib import Path


def _action(do: str, began_s: float, ended_s: float, case: str = "c", **more: Any) -> LoggedAction:
    return LoggedAction(case, {"do": do, **more}, began_s, ended_s)


def test_round_trip(tmp_path: Path) -> None:
    action = _action("grab", 1.0, 1.5, name="a")
    append(tmp_path / "log", action)
    append(tmp_path / "log", action)
    assert read_log(tmp_path / "log") == [action, action]


def test_still_time_lies_between_changes() -> None:
    actions = [
        _action("wait", 0.0, 1.0),
        _action("grab", 1.0, 1.1, name="fit"),
        _action("wheel", 2.0, 2.1),
        _action("wait", 2.1, 3.0),
        _action("grab", 3.0, 3.1, name="zoomed"),
        _action("key", 4.0, 4.1),
        _action("wait", 5.0, 6.0, case="next"),
        _action("key", 6.0, 6.1, case="next"),
    ]
    assert still_intervals(actions) == [
        StillInterval("fit", 0.0, 2.0),
        StillInterval("zoomed", 2.1, 4.0),
    ]


def test_a_grab_without_an_end_is_left_out() -> None:
    assert still_intervals([_action("wait", 0, 1), _action("grab", 1, 2, name="a")]) == []
