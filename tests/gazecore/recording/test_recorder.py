from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pylsl
import pytest
import pyxdf

from gazecore import lsl
from gazecore.errors import NoStreamError, TargetExistsError, UnwritablePathError
from gazecore.messages import FaultFound, GapFound, StateRepeated, StreamJoined
from gazecore.recording import read
from gazecore.recording.plan import RecorderSettings
from gazecore.recording.recorder import Recorder
from tests.gazecore.recording.test_inlet import resolved, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gazecore.recording.material import Sender

SETTINGS = RecorderSettings(
    boundary_s=0.3, clock_offset_s=0.5, least_free_bytes=0, warn_free_bytes=0
)


def test_what_is_sent_is_in_the_file_bit_by_bit(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    sender = make_sender()
    markers = pylsl.StreamOutlet(lsl.marker_stream_info("station"))
    recorder = Recorder(tmp_path / "r.xdf", SETTINGS)
    assert recorder.status()["state"] == "waiting"
    recorder.start([resolved("FocusStation gaze"), resolved("FocusStation markers")])
    assert not recorder.status()["markers_acknowledged"]
    sent_s = lsl.clock_s()
    markers.push_sample([StateRepeated(t_s=sent_s).to_json()], sent_s)
    wait_until(lambda: bool(recorder.status()["markers_acknowledged"]))
    time.sleep(1.5)
    status = recorder.status()
    sender.finish()
    time.sleep(0.4)
    start_s = time.monotonic()
    outcome = recorder.stop()
    assert time.monotonic() - start_s < 2.0
    assert outcome.verified
    assert outcome.error is None
    assert status["state"] == "recording"
    assert status["streams"]["FocusStation gaze"]["rate_hz"] == pytest.approx(300, rel=0.5)
    recording = read(tmp_path / "r.xdf")
    gaze = recording.streams["FocusStation gaze"]
    sent = sender.sent[int(recording.gaze().sequence[0]) :]
    assert len(gaze) == outcome.samples["FocusStation gaze"] > 300
    assert gaze.t_sender_s.tobytes() == np.array([t for t, _ in sent]).tobytes()
    assert np.asarray(gaze.values).tobytes() == np.array([v for _, v in sent]).tobytes()
    (state,) = recording.markers()
    assert state.t_s == pytest.approx(sent_s, abs=1e-3)
    assert recording.damage.sound
    assert not [m for m in recording.faults() if isinstance(m, GapFound)]


def test_times_of_a_real_recording_equal_those_of_pyxdf(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    make_sender()
    recorder = Recorder(tmp_path / "r.xdf", SETTINGS)
    recorder.start([resolved("FocusStation gaze")])
    offsets: set[float] = set()

    def measured_twice() -> bool:
        offset_s = recorder.status()["streams"]["FocusStation gaze"]["clock_offset_s"]
        offsets.update(() if offset_s is None else (offset_s,))
        return len(offsets) == 2

    wait_until(measured_twice, 30)
    recorder.stop()
    ours = read(tmp_path / "r.xdf").streams
    for stream in pyxdf.load_xdf(tmp_path / "r.xdf")[0]:
        name = stream["info"]["name"][0]
        assert np.abs(stream["time_stamps"] - ours[name].t_s).max() < 5e-5
        if name == "FocusStation gaze":
            assert len(stream["clock_times"]) >= 2


def test_a_tracker_that_dies_and_returns_is_two_segments_and_a_fault(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    first = make_sender("mortal", "same")
    recorder = Recorder(tmp_path / "r.xdf", SETTINGS)
    recorder.start([resolved("mortal")])
    time.sleep(0.3)
    first.vanish()
    wait_until(lambda: any("gone" in fault for fault in recorder.status()["faults"]))
    make_sender("mortal", "same", first=1000)
    wait_until(lambda: any("segment 2" in fault for fault in recorder.status()["faults"]))
    time.sleep(0.3)
    outcome = recorder.stop()
    recording = read(tmp_path / "r.xdf")
    assert outcome.verified
    sequence = recording.gaze().sequence
    assert set(recording.streams) >= {"mortal", "mortal #2"}
    assert recording.streams["mortal"].uid != recording.streams["mortal #2"].uid
    assert sequence.min() < 1000 <= sequence.max()
    assert len(sequence) == outcome.samples["mortal"]
    kinds = [type(marker) for marker in recording.faults()]
    assert kinds.count(StreamJoined) == 2
    assert kinds.count(FaultFound) >= 2


@pytest.mark.parametrize(
    ("channel_format", "dtype"), [("float32", np.float32), ("int64", np.int64), ("int8", np.int8)]
)
def test_a_foreign_stream_with_a_declared_rate_keeps_its_times(
    lsl_session: str, tmp_path: Path, channel_format: str, dtype: type[np.generic]
) -> None:
    del lsl_session
    info = pylsl.StreamInfo("Tobii", "Gaze", 3, 600, channel_format, "foreign")
    outlet = pylsl.StreamOutlet(info)
    recorder = Recorder(tmp_path / "r.xdf", SETTINGS)
    recorder.start([resolved("Tobii")])
    start_s = lsl.clock_s()
    t_s = start_s + np.concatenate([np.arange(300), np.arange(2000, 2300)]) / 600  # a hole
    values = np.arange(1800).reshape(600, 3).astype(dtype)
    for time_s, row in zip(t_s.tolist(), values.tolist(), strict=True):
        outlet.push_sample(row, time_s)
    wait_until(lambda: recorder.status()["streams"]["Tobii"]["samples"] == 600)
    outcome = recorder.stop()
    del outlet
    stream = read(tmp_path / "r.xdf").streams["Tobii"]
    assert stream.t_sender_s.tobytes() == t_s.tobytes()
    assert np.asarray(stream.values).tobytes() == values.tobytes()
    assert stream.true_rate_hz == 600
    assert outcome.gaps == 1
    (theirs,) = (s for s in pyxdf.load_xdf(tmp_path / "r.xdf")[0] if s["info"]["name"] == ["Tobii"])
    assert np.abs(theirs["time_stamps"] - stream.t_s).max() < 5e-5
    assert np.abs(stream.t_s - t_s).max() < 1e-3


def test_a_restarted_station_is_acknowledged_anew(lsl_session: str, tmp_path: Path) -> None:
    del lsl_session
    outlet = pylsl.StreamOutlet(lsl.marker_stream_info("station"))
    recorder = Recorder(tmp_path / "r.xdf", SETTINGS)
    recorder.start([resolved("FocusStation markers")])

    def acknowledged() -> bool:
        return bool(recorder.status()["markers_acknowledged"])

    text = StateRepeated(t_s=1.0).to_json()
    outlet.push_sample([text], 1.0)
    wait_until(acknowledged)
    del outlet
    wait_until(lambda: not acknowledged())
    outlet = pylsl.StreamOutlet(lsl.marker_stream_info("station"))
    wait_until(lambda: any("segment 2" in fault for fault in recorder.status()["faults"]))
    assert not acknowledged()
    outlet.push_sample([text], 2.0)
    wait_until(acknowledged)
    recorder.stop()
    assert [m.t_s for m in read(tmp_path / "r.xdf").markers()] == pytest.approx([1, 2], abs=0.01)
    del outlet


def test_an_outlet_gone_leaves_no_file(lsl_session: str, tmp_path: Path) -> None:
    del lsl_session
    outlet = pylsl.StreamOutlet(lsl.gaze_stream_info("gone", 60, "g", simulated=True))
    info = resolved("gone")
    del outlet
    with pytest.raises(NoStreamError):
        Recorder(tmp_path / "r.xdf", SETTINGS).start([info])
    assert not list(tmp_path.iterdir())


def test_an_existing_file_stays(make_sender: Callable[..., Sender], tmp_path: Path) -> None:
    make_sender("any")
    (tmp_path / "r.xdf").write_bytes(b"precious")
    with pytest.raises(TargetExistsError):
        Recorder(tmp_path / "r.xdf", SETTINGS).start([resolved("any")])
    assert (tmp_path / "r.xdf").read_bytes() == b"precious"


def test_too_little_space_is_refused_at_the_start(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    make_sender("any")
    settings = replace(SETTINGS, least_free_bytes=10**18)
    with pytest.raises(UnwritablePathError):
        Recorder(tmp_path / "r.xdf", settings).start([resolved("any")])
    assert not list(tmp_path.iterdir())


def test_a_note_is_in_the_file_and_in_the_status(
    make_sender: Callable[..., Sender], tmp_path: Path
) -> None:
    make_sender("noted")
    recorder = Recorder(tmp_path / "r.xdf", SETTINGS)
    recorder.start([resolved("noted")])
    recorder.note("something happened", "me")
    wait_until(lambda: "me: something happened" in recorder.status()["faults"])
    recorder.stop()
    faults = [m for m in read(tmp_path / "r.xdf").faults() if isinstance(m, FaultFound)]
    assert [(f.source, f.detail) for f in faults] == [("me", "something happened")]
