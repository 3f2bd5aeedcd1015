"""Drawing needs no display."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.pictures.offscreen import gui_application


def test_the_application_that_runs_is_taken(gui: object) -> None:
    assert gui_application() is gui


@pytest.mark.long
def test_without_a_display_it_draws_to_memory() -> None:
    code = "from app.pictures.offscreen import gui_application as gui\nprint(gui().platformName())"
    environment = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == "offscreen"
