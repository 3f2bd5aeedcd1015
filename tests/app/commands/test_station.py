from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from app.commands.station import _remote_hosts, choose_platform
from gazecore.errors import NoDisplayError, NotAStudyError
from gazecore.processes import child_environment, focusstation_command
from gazecore.study import Study
from gazecore.study.protocol import changed_protocol
from tests.app.conftest import gray_image, write_png

if TYPE_CHECKING:
    from pathlib import Path


def station(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {
        name: value
        for name, value in child_environment().items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        focusstation_command(*arguments),
        env={**known, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays are named on Linux")
def test_without_a_display_one_line_says_how_to_go_on() -> None:
    finished = station()
    assert finished.returncode == 2
    (line,) = finished.stderr.splitlines()
    assert "--offscreen" in line
    assert "DISPLAY" in line


def test_offscreen_has_a_screen_of_full_hd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    choose_platform(offscreen=True)
    platform, _, file = os.environ["QT_QPA_PLATFORM"].partition(":configfile=")
    assert platform == "offscreen"
    with open(file, encoding="utf-8") as described:
        (screen,) = json.load(described)["screens"]
    assert (screen["width"], screen["height"], screen["dpr"]) == (1920, 1080, 1)


def test_a_display_or_a_platform_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform.startswith("linux"):
        with pytest.raises(NoDisplayError):
            choose_platform(offscreen=False)
    monkeypatch.setenv("DISPLAY", ":0")
    choose_platform(offscreen=False)
    assert "QT_QPA_PLATFORM" not in os.environ


def test_a_missing_study_is_one_line_before_the_station_is_loaded(tmp_path: Path) -> None:
    finished = station(
        "--offscreen", "--study", str(tmp_path / "nowhere"), PYTHONPROFILEIMPORTTIME="1"
    )
    assert finished.returncode == 2
    lines = finished.stderr.splitlines()
    (said,) = (line for line in lines if not line.startswith("import time:"))
    assert "nowhere" in said
    loaded = {line.rpartition("|")[2].strip() for line in lines}
    assert "gazecore.errors" in loaded
    assert not loaded & {"PySide6.QtWidgets", "app.application"}


def test_a_pilot_leads_the_real_station_through_a_sitting(tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    for number in range(2):
        write_png(images / f"{number}.png", gray_image(number))
    with Study.create(tmp_path / "study", name="Piloted") as study:
        study.import_images([images], simulated=True)
    script = tmp_path / "script.json"
    actions = [{"do": "wait", "seconds": 0.2}, {"do": "key", "key": "2"}]
    script.write_text(
        json.dumps({"out": str(tmp_path / "out"), "calibrate": False, "default_case": actions})
    )
    finished = station(
        "--offscreen",
        "--study",
        str(tmp_path / "study"),
        "--reader",
        "reader-1",
        "--pilot",
        str(script),
    )
    assert finished.returncode == 0, finished.stderr
    with Study.open(tmp_path / "study") as study:
        assert [reading.answers for reading in study.readings()] == [{"grade": "2"}] * 2
        assert study.sessions()[0].recording_path.is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--tracker", "crystal-ball"), "one of simulated, pointer, replay, tobii"),
        (("--tracker-arguments", "'"), "words as in a shell"),
    ],
)
def test_a_wrong_tracker_is_one_line(arguments: tuple[str, ...], says: str) -> None:
    finished = station("--offscreen", *arguments)
    assert finished.returncode == 2
    (line,) = finished.stderr.splitlines()
    assert says in line


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_the_end_of_the_users_session_closes_the_study(small_study: Study) -> None:
    folder = small_study.path
    small_study.close()
    running = subprocess.Popen(
        focusstation_command("--offscreen", "--study", str(folder)), env=child_environment()
    )
    lock = folder / "study.lock"
    deadline = time.monotonic() + 30
    while not lock.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    running.terminate()
    assert running.wait(20) == 0
    assert not lock.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--tracker", "lsl"), "'focusstation devices' lists them"),
        (("--stream", "Tobii_gaze"), "--tracker lsl"),
        (("--tracker", "simulated", "--stream", "Tobii_gaze"), "--tracker lsl"),
        (("--tracker", "telepathy"), "lsl"),
    ],
)
def test_a_stream_of_another_program_is_named_with_its_tracker(
    arguments: tuple[str, ...], said: str
) -> None:
    finished = station("--offscreen", *arguments)
    assert finished.returncode == 2
    (line,) = finished.stderr.splitlines()
    assert said in line


def test_the_machines_a_study_names_are_known_before_the_bus_is_used(tmp_path: Path) -> None:
    protocol = changed_protocol(None, {"tracking.remote_hosts": "tracker-pc,10.0.0.7"})
    Study.create(tmp_path / "study", protocol=protocol).close()
    assert _remote_hosts(tmp_path / "study") == ("tracker-pc", "10.0.0.7")
    with pytest.raises(NotAStudyError):
        _remote_hosts(tmp_path)
