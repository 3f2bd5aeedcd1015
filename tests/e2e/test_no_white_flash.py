"""The real program on a real X screen, watched from outside from before it begins."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.pilot.script import Key, PilotScript, Wait, Wheel, write_script
from gazecore.processes import child_environment, focusstation_command
from gazecore.study import Study
from tests.app.conftest import write_png

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
DARK, LIMIT = 0.03, 0.4
WAIT_S = 60

pytestmark = pytest.mark.skipif(
    shutil.which("Xvfb") is None, reason="Xvfb is not installed: no X screen to look at"
)


@pytest.fixture
def display() -> Iterator[dict[str, str]]:
    """A black X screen; the environment of what shall draw on it."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-br"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield {**child_environment(), "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    server.terminate()
    server.wait(WAIT_S)


class Watcher:
    """Looks at the screen beside the station."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "tests.e2e.screen_watcher"]
        self._process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self.before = self.next_look()

    def next_look(self) -> float:
        """Wait for what it tells next."""
        assert self._process.stdout is not None
        return float(json.loads(self._process.stdout.readline()))

    def stop(self) -> dict[str, float]:
        """End it; how often it looked, and the brightest look."""
        self._process.send_signal(signal.SIGTERM)
        text, _ = self._process.communicate(timeout=WAIT_S)
        told: dict[str, float] = json.loads(text.splitlines()[-1])
        return told


def test_the_program_begins_dark(display: dict[str, str]) -> None:
    watcher = Watcher(display)
    assert watcher.before == 0
    station = subprocess.Popen(focusstation_command(), env=display, cwd=ROOT)
    assert 0 < watcher.next_look() < DARK, "the first frame"
    station.send_signal(signal.SIGTERM)
    station.wait(WAIT_S)
    assert watcher.stop()["brightest"] < DARK


@pytest.mark.long
def test_a_sitting_and_the_next_never_flash(display: dict[str, str], tmp_path: Path) -> None:
    """White images, inverted and close up, read to the end by the pilot; then started again."""
    images = tmp_path / "images"
    images.mkdir()
    noise = np.random.default_rng(0).integers(0, 11, (300, 340))
    for number, base in enumerate((245, 0, 244)):
        write_png(images / f"{number}.png", (base + noise).astype(np.uint8))
    with Study.create(tmp_path / "study", name="White") as study:
        study.import_images([images], simulated=True)
        study.add_reader("reader-1")
    inverted = (Key(key="I"), Wait(seconds=0.3), Wheel(notches=4), Wait(seconds=0.3))
    actions = (Wait(seconds=0.3), *inverted, *inverted, Key(key="1"))
    script = PilotScript(out=str(tmp_path / "out"), calibrate=False, default_case=actions)
    write_script(tmp_path / "pilot.json", script)
    watcher = Watcher(display)
    study_options = ("--study", str(tmp_path / "study"), "--reader", "reader-1")
    led = focusstation_command(*study_options, "--pilot", str(tmp_path / "pilot.json"))
    assert subprocess.run(led, env=display, cwd=ROOT, check=False, timeout=180).returncode == 0
    seen = watcher.stop()
    assert 0.3 < seen["brightest"] <= LIMIT, "the white images were seen, and dimmed"
    again = Watcher(display)
    station = subprocess.Popen(focusstation_command(*study_options), env=display, cwd=ROOT)
    assert 0 < again.next_look() < DARK
    station.send_signal(signal.SIGTERM)
    station.wait(WAIT_S)
    assert again.stop()["brightest"] < DARK
