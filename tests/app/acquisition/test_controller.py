from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.acquisition.controller import AcquisitionController
from app.acquisition.viewmodel import TrackerChoice
from gazecore.lsl import clock_s
from gazecore.messages import KeyPressed, SessionStarted, TargetShown
from gazecore.recording import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 30_000
CHOICE = TrackerChoice(arguments=("--rate", "120"), stream_name="Acquisition test gaze")


@pytest.fixture
def acquisition(tmp_path: Path, lsl_session: str, qtbot: QtBot) -> Iterator[AcquisitionController]:
    del lsl_session, qtbot
    controller = AcquisitionController(tmp_path / ".runtime", "acquisition-test", CHOICE)
    yield controller
    controller.close()


def record(qtbot: QtBot, acquisition: AcquisitionController, file: Path) -> None:
    with qtbot.waitSignal(acquisition.tracker_started, timeout=WAIT_MS):
        acquisition.start_tracker()
    with qtbot.waitSignal(acquisition.recording_started, timeout=WAIT_MS):
        acquisition.start_recording(file)


def test_markers_and_gaze_reach_the_file(
    qtbot: QtBot, acquisition: AcquisitionController, tmp_path: Path
) -> None:
    file = tmp_path / "session-0001.xdf"
    record(qtbot, acquisition, file)
    assert acquisition.is_recording
    sent = KeyPressed(t_s=clock_s(), key="F")
    acquisition.publish(sent)
    with qtbot.waitSignal(acquisition.status_changed, timeout=WAIT_MS) as changed:
        pass
    assert changed.args is not None
    status = changed.args[0]
    assert status.problem == ""
    assert status.tracker.is_simulated
    assert status.recorder.streams[CHOICE.stream_name].samples > 0
    with qtbot.waitSignal(acquisition.recording_closed, timeout=WAIT_MS) as closed:
        acquisition.stop_recording()
    assert closed.args is not None
    assert closed.args[0].is_verified
    recording = read(file)
    keys = [marker for marker in recording.markers() if isinstance(marker, KeyPressed)]
    assert [marker.key for marker in keys] == ["F"]
    assert abs(keys[0].t_s - sent.t_s) < 0.001
    assert len(recording.gaze()) > 20  # it lasted less than half a second


def test_a_new_station_finds_the_recorder_and_the_recording_goes_on(
    qtbot: QtBot, tmp_path: Path, lsl_session: str
) -> None:
    del lsl_session
    file = tmp_path / "session-0001.xdf"
    first = AcquisitionController(tmp_path / ".runtime", "acquisition-test", CHOICE)
    record(qtbot, first, file)
    first.publish(KeyPressed(t_s=clock_s(), key="1"))
    processes = [first._recorder._process, first._tracker._process]
    first.close(leave_running=True)
    second = AcquisitionController(tmp_path / ".runtime", "acquisition-test", CHOICE)
    found: list[str] = []
    second.find_recorder(found.append)
    qtbot.waitUntil(lambda: found == [str(file)], timeout=WAIT_MS)
    record(qtbot, second, file)
    second.publish(KeyPressed(t_s=clock_s(), key="2"))
    with qtbot.waitSignal(second.recording_closed, timeout=WAIT_MS):
        second.stop_recording()
    second.close()
    for process in processes:
        assert process is not None
        process.wait(20)
    keys = [m.key for m in read(file).markers() if isinstance(m, KeyPressed)]
    assert keys == ["1", "2"]


def test_a_tracker_that_cannot_start_is_said(
    qtbot: QtBot, tmp_path: Path, lsl_session: str
) -> None:
    del lsl_session
    controller = AcquisitionController(tmp_path, "acquisition-test", TrackerChoice("telepathy"))
    with qtbot.waitSignal(controller.acquisition_failed, timeout=WAIT_MS) as failed:
        controller.start_tracker()
    assert failed.args is not None
    assert "telepathy" in failed.args[0]
    controller.close()


def test_the_state_is_repeated_each_second(
    qtbot: QtBot, acquisition: AcquisitionController, tmp_path: Path
) -> None:
    from gazecore.messages import ScreenState, StateRepeated

    file = tmp_path / "repeated.xdf"
    record(qtbot, acquisition, file)
    screen = ScreenState(
        width_px=1920, height_px=1080, width_mm=600, height_mm=340, distance_mm=650
    )
    acquisition.publish(
        SessionStarted(t_s=clock_s(), session_id="s", study_id="x", reader_id="r", screen=screen)
    )
    qtbot.wait(2300)
    with qtbot.waitSignal(acquisition.recording_closed, timeout=WAIT_MS):
        acquisition.stop_recording()
    repeated = [
        marker
        for marker in read(file).markers()
        if isinstance(marker, StateRepeated) and marker.session is not None
    ]
    assert len(repeated) >= 2
    assert repeated[-1].session is not None
    assert repeated[-1].session.session_id == "s"


def test_a_tracker_that_died_is_started_anew(
    qtbot: QtBot, acquisition: AcquisitionController
) -> None:
    with qtbot.waitSignal(acquisition.tracker_started, timeout=WAIT_MS):
        acquisition.start_tracker()
    process = acquisition._tracker._process
    assert process is not None
    process.kill()
    process.wait(10)
    with qtbot.waitSignal(acquisition.tracker_started, timeout=WAIT_MS) as started:
        acquisition.start_tracker()
    assert started.args is not None
    assert started.args[0].is_simulated


def test_a_tracker_that_is_started_again_gets_its_calibration_back(
    qtbot: QtBot, acquisition: AcquisitionController
) -> None:
    with qtbot.waitSignal(acquisition.tracker_started, timeout=WAIT_MS):
        acquisition.start_tracker()
    acquisition.call_tracker("calibration_start").result(30)
    for x, y in ((0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.1, 0.9), (0.9, 0.9)):
        acquisition.publish(TargetShown(t_s=clock_s(), purpose="calibration", x_norm=x, y_norm=y))
        qtbot.wait(500)
        acquisition.call_tracker("calibration_collect", x_norm=x, y_norm=y).result(30)
    assert acquisition.call_tracker("calibration_compute").result(30)["succeeded"]
    acquisition.call_tracker("calibration_leave").result(30)
    before = acquisition.call_tracker("calibration_data").result(30)["data"]
    assert before
    process = acquisition._tracker._process
    assert process is not None
    with qtbot.waitSignal(acquisition.child_revived, timeout=WAIT_MS) as revived:
        process.kill()
    assert revived.args is not None
    assert revived.args[0].restored == "; its calibration was applied again"
    assert acquisition.tracker_trouble == ""
    assert acquisition.call_tracker("calibration_data").result(30)["data"] == before
