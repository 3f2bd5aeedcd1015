from __future__ import annotations

import pytest

from app.preflight.viewmodel import CALM_S, WARNED_S, PreflightState
from gazecore.preflight import CheckResult, Level


@pytest.mark.parametrize(
    ("level", "may_go_on", "pause_s", "title"),
    [
        ("ok", True, CALM_S, "Ready"),
        ("warn", True, WARNED_S, "Ready, with remarks"),
        ("stop", False, CALM_S, "Not ready"),
    ],
)
def test_only_a_stop_keeps_the_sitting_from_starting(
    level: Level, may_go_on: bool, pause_s: float, title: str
) -> None:
    state = PreflightState().found((CheckResult("Disk", level, "x"),))
    assert state.may_go_on is may_go_on
    assert state.title() == title
    if may_go_on:
        assert state.pause_s == pause_s


def test_nothing_starts_while_looking_or_twice() -> None:
    looking = PreflightState()
    assert not looking.may_go_on
    assert not looking.found(()).gone_on().may_go_on
    hints = {looking.hint(), looking.found(()).hint(), looking.found(()).gone_on().hint()}
    assert len(hints) == 3
