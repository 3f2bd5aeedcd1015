from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.screen_setup.controller import ScreenSetupController
from gazecore.live_gaze import LiveGaze
from gazecore.screens import ScreenFingerprint
from gazecore.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

SCREEN = ScreenFingerprint(
    name="DP-1", width_px=1920, height_px=1200, width_mm=480.0, height_mm=300.0, refresh_hz=60.0
)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """An empty study."""
    with Study.create(tmp_path / "study") as made:
        yield made


@pytest.fixture
def setup(study: Study, qtbot: QtBot) -> ScreenSetupController:
    """The setup of a screen that claims 480 x 300 mm, without gaze."""
    del qtbot
    return ScreenSetupController(study, lambda: SCREEN, LiveGaze("No gaze here"))
