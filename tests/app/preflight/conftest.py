from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.preflight.controller import PreflightController, PreflightPlan
from gazecore.marker_outlet import MarkerOutlet
from gazecore.preflight import ScreenFound, SittingPlan
from tests.gazecore.test_preflight_probe import sending

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def controller(qtbot: QtBot, lsl_session: str) -> Iterator[PreflightController]:
    """A controller whose markers are on the bus, and gaze called ``Preflight gaze``."""
    del qtbot, lsl_session
    with MarkerOutlet("preflight-test") as outlet, sending("Preflight gaze"):
        made = PreflightController(outlet.repeat_state)
        yield made
        made.close()


@pytest.fixture
def plan(tmp_path: Path) -> PreflightPlan:
    """A plan that nothing is in the way of."""
    return PreflightPlan(
        stream="Preflight gaze",
        source_id="preflight-test",
        folder=tmp_path,
        plan=SittingPlan(3, reserve_bytes=0),
        screen=ScreenFound("the test's screen", is_sized=True),
    )
