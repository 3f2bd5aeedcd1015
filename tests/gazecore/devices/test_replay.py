"""A recording sent once more: its intervals, its values, its end; real files from a recorder."""

from __future__ import annotations

import subprocess
import uuid
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.devices.driver import DeviceSample, EyeChannels
from gazecore.devices.foreign_outlet import ForeignFormat
from gazecore.devices.outlet_profiles import outlet_profile
from gazecore.devices.pointer import PointerDriver
from gazecore.devices.replay import ReplayDriver
from gazecore.errors import FocusStationError, InvalidSettingError
from gazecore.lsl import gaze_stream_info
from gazecore.processes import child_environment, focusstation_command
from gazecore.recording import read
from gazecore.recording.description import header_for_recording
from gazecore.recording.writer import XdfWriter
from gazecore.samples import GAZE_CHANNELS, GazeSamples, gaze_point

if TYPE_CHECKING:
    from pathlib import Path


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


def test_stamps_that_step_back_keep_their_order_and_their_stamps() -> None:
    driver = ReplayDriver(np.array([5.0, 5.25, 5.0, 5.5]), channels(4))
    driver.start(100.0)
    assert [s.t_s for s in driver.read(100.2)] == [100.0]
    assert [s.t_s for s in driver.read(100.3)] == [100.25, 100.0]
    assert [s.t_s for s in driver.read(101.0)] == [100.5]
    assert driver.rate_hz == pytest.approx(1 / 0.375)


def test_samples_without_a_time_are_left_out() -> None:
    driver = ReplayDriver(np.array([np.nan, 5.0, np.inf, 5.25]), channels(4))
    driver.start(100.0)
    assert [s.t_s for s in driver.read(200.0)] == [100.0, 100.25]
    assert driver.finished


Sent = tuple[np.ndarray, np.ndarray]


def write(path: Path, *streams: tuple[str, int, Sent]) -> Path:
    """A recording of streams given by header, segment, times and values."""
    writer = XdfWriter(path, lambda: 0.0)
    for number, (xml, segment, (t_s, values)) in enumerate(streams, 1):
        writer.add_stream(number, header_for_recording(xml, segment))
        if len(t_s):
            writer.add_numeric(number, t_s, values)
        writer.flush()
    writer.close()
    return path


def ours(name: str = "FocusStation gaze") -> str:
    return str(gaze_stream_info(name, 4.0, f"id {name}", simulated=True).as_xml())


def test_segments_follow_each_other_and_the_gap_stays(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r.xdf",
        (ours(), 1, (TIMES_S, channels(5))),
        (ours(), 2, (TIMES_S + 10.0, channels(5))),
    )
    driver = ReplayDriver.open(path)
    driver.start(0.0)
    times = [s.t_s for s in driver.read(100.0)]
    assert times == pytest.approx([*(TIMES_S - 5), *(TIMES_S + 5)])


def test_of_several_streams_one_is_chosen_by_name(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r.xdf",
        (ours("first"), 1, (TIMES_S, channels(5))),
        (ours("second"), 1, (TIMES_S[:2], channels(5)[:2])),
    )
    counts = {}
    for name in ("", "first", "second"):
        driver = ReplayDriver.open(path, name)
        driver.start(0.0)
        counts[name] = len(driver.read(100.0))
    assert counts == {"": 5, "first": 5, "second": 2}
    with pytest.raises(InvalidSettingError, match="first, second"):
        ReplayDriver.open(path, "third")


def test_a_foreign_stream_is_replayed_by_its_profile(tmp_path: Path) -> None:
    profile, driver = outlet_profile("app-tobiipro"), PointerDriver(120.0)
    form = ForeignFormat(profile, driver)
    seen = EyeChannels(gaze_x=0.25, gaze_y=0.75, gaze_valid=1.0, pupil_diameter=3.0)
    samples = [DeviceSample(5.0 + k / 4, 0.0, 0.0, seen, seen) for k in range(3)]
    rows = list(form.rows([*samples, DeviceSample(5.75, 0.0, 0.0)], 6.0))
    sent = np.array([r.t_s for r in rows]), np.array([r.values for r in rows], np.float32)
    info = form.info(profile.stream_name, driver)
    path = write(tmp_path / "r.xdf", (info.as_xml(), 1, sent))
    replay = ReplayDriver.open(path)
    replay.start(0.0)
    first, *_, last = replay.read(10.0)
    assert (first.left.gaze_x, first.right.gaze_y) == (0.25, 0.75)
    assert (first.left.pupil_diameter, first.left.pupil_valid) == (3.0, 1.0)
    assert (first.left.gaze_valid, first.left.origin_valid) == (1.0, 0.0)
    assert last.is_lost
    assert "Tobii" in replay.details["source"]


def test_a_recording_without_a_sample_of_gaze_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "r.xdf", (ours(), 1, (np.empty(0), np.empty((0, 27)))))
    with pytest.raises(FocusStationError, match=r"r\.xdf"):
        ReplayDriver.open(path)


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
    assert driver.details["source"] == f"r.xdf, {name}"
    np.testing.assert_allclose(np.diff([s.t_s for s in replayed]), np.diff(recorded.t_s), atol=1e-9)
    np.testing.assert_array_equal([s.left.gaze_x for s in replayed], recorded.left_xy_norm[:, 0])
