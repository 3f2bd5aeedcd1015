"""A recording sent once more: its intervals, its values, its end; real files from a recorder."""

from __future__ import annotations

import subprocess
import uuid
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.devices.replay import ReplayDriver
from gazecore.errors import FocusStationError
from gazecore.processes import child_environment, focusstation_command
from gazecore.recording import read
from gazecore.samples import GAZE_CHANNELS, GazeSamples, gaze_point

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.devices.driver import DeviceSample


def channels(n: int) -> np.ndarray:
    values = np.random.default_rng(0).random((n, len(GAZE_CHANNELS)))
    values[:, 5] = values[:, 17] = 1.0
    return values


TIMES_S = np.array([5.0, 5.25, 5.5, 7.0, 7.25])


def test_intervals_are_kept_and_holes_too() -> None:
    driver = ReplayDriver(TIMES_S, channels(5))
    driver.start(100.0)
    samples: list[DeviceSample] = []
    for now_s in np.arange(100.0, 103.0, 0.125).tolist():
        assert not driver.finished or len(samples) == 5
        new = driver.read(now_s)
        assert all(s.t_s <= now_s for s in new)
        samples += new
    assert [s.t_s for s in samples] == [100.0, 100.25, 100.5, 102.0, 102.25]
    assert driver.finished
    assert driver.rate_hz == 4.0


def test_values_are_kept_and_the_sequence_is_new() -> None:
    values = channels(5)
    driver = ReplayDriver(TIMES_S, values)
    driver.start(100.0)
    rows = np.array([s.channels(k) for k, s in enumerate(driver.read(200.0))])
    assert rows[:, 0].tolist() == [0, 1, 2, 3, 4]
    assert (rows[:, 1] == values[:, 1]).all()
    assert (rows[:, 3:] == values[:, 3:]).all()


def test_the_truth_is_the_gaze_point_of_the_recording() -> None:
    values = channels(5)
    driver = ReplayDriver(TIMES_S, values)
    driver.start(0.0)
    points, _ = gaze_point(GazeSamples.from_channels(TIMES_S, values))
    truth = [s.truth for s in driver.read(10.0)]
    assert [(t.x_norm, t.y_norm) for t in truth if t] == [tuple(p) for p in points.tolist()]


def test_one_sample_alone_is_replayed() -> None:
    driver = ReplayDriver(TIMES_S[:1], channels(1))
    driver.start(0.0)
    assert driver.rate_hz == 0.0
    assert len(driver.read(0.0)) == 1
    assert driver.finished
    driver.close()


@pytest.mark.parametrize("text", [None, "", "plain text"])
def test_what_is_no_recording_is_refused_by_name(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "bad.xdf"
    if text is not None:
        path.write_text(text)
    with pytest.raises(FocusStationError, match="bad"):
        ReplayDriver.open(path)


def test_a_recording_of_the_recorder_is_replayed(tmp_path: Path) -> None:
    name, out = f"gaze {uuid.uuid4().hex[:8]}", tmp_path / "r.xdf"
    tracker = subprocess.Popen(
        focusstation_command("tracker", "simulated", "--name", name, "--seconds", "60"),
        env=child_environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        finished = subprocess.run(
            focusstation_command("record", "--out", str(out), "--stream", name, "--seconds", "1"),
            env=child_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        tracker.terminate()
        assert tracker.wait(15) == 0
    assert finished.returncode == 0, finished.stderr
    recorded = read(out).gaze()
    driver = ReplayDriver.open(out)
    driver.start(1000.0)
    replayed = driver.read(2000.0)
    assert len(replayed) == len(recorded) > 60
    assert driver.rate_hz == pytest.approx(120.0, rel=1e-3)
    assert driver.details["source"] == "r.xdf"
    np.testing.assert_allclose(np.diff([s.t_s for s in replayed]), np.diff(recorded.t_s), atol=1e-9)
    np.testing.assert_array_equal([s.left.gaze_x for s in replayed], recorded.left_xy_norm[:, 0])
