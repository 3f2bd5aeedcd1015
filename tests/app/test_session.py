from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.acquisition.controller import AcquisitionController
from app.acquisition.viewmodel import TrackerChoice
from app.reading.controller import ReadingController
from app.session import SERIALS_PER_READING, SessionClosed, SessionFlow, Step
from gazecore.messages import ScreenState
from gazecore.recording import part_paths, read, read_parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Study

WAIT_MS = 45_000
SCREEN = ScreenState(width_px=1920, height_px=1080, width_mm=600, height_mm=340, distance_mm=650)


@pytest.fixture
def acquisition(tmp_path: Path, lsl_session: str, qtbot: QtBot) -> Iterator[AcquisitionController]:
    del lsl_session, qtbot
    choice = TrackerChoice(arguments=("--rate", "60"), stream_name="Session test gaze")
    controller = AcquisitionController(tmp_path / ".runtime", "session-test", choice)
    yield controller
    controller.close()


def test_steps_of_a_sitting_that_is_stopped(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder, acquisition: AcquisitionController
) -> None:
    reading = ReadingController(small_study, shared_decoder)
    flow = SessionFlow(small_study, acquisition, reading, calibrates=True)
    steps: list[Step] = []
    flow.step_changed.connect(steps.append)
    with qtbot.waitSignal(flow.calibration_requested, timeout=WAIT_MS) as requested:
        flow.start("reader-1", SCREEN)
        flow.start("reader-1", SCREEN)
    assert requested.args == ["session-0001"]
    with qtbot.waitSignal(reading.case_opened, timeout=WAIT_MS):
        flow.begin_reading()
    flow.begin_reading()
    flow.resume_reading()
    flow.begin_check()
    flow.resume_reading()
    flow.begin_check()
    with qtbot.waitSignal(flow.session_ended, timeout=WAIT_MS) as ended:
        flow.stop()
    assert ended.args is not None
    closed = ended.args[0]
    assert isinstance(closed, SessionClosed)
    assert not closed.summary.is_finished
    assert steps == [
        Step.PREPARING,
        Step.CALIBRATING,
        Step.READING,
        Step.DRIFT_CHECK,
        Step.READING,
        Step.DRIFT_CHECK,
        Step.CLOSING,
        Step.IDLE,
    ]
    (session,) = small_study.sessions()
    assert session.end_reason == "stopped"
    flow.stop()
    assert flow.step is Step.IDLE


def test_a_recorder_that_dies_is_followed_by_another(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder, acquisition: AcquisitionController
) -> None:
    reading = ReadingController(small_study, shared_decoder)
    reading.marker_made.connect(acquisition.publish)
    flow = SessionFlow(small_study, acquisition, reading, calibrates=False)
    with qtbot.waitSignal(reading.case_opened, timeout=WAIT_MS):
        flow.start("reader-1", SCREEN)
    process = acquisition._recorder._process
    assert process is not None
    with qtbot.waitSignal(acquisition.child_died, timeout=WAIT_MS) as died:
        process.kill()
    assert died.args is not None
    assert not died.args[0].is_final
    with qtbot.waitSignal(acquisition.child_revived, timeout=WAIT_MS):
        reading.press_key("3")
    with qtbot.waitSignal(flow.session_ended, timeout=WAIT_MS) as ended:
        flow.stop()
    assert ended.args is not None
    assert ended.args[0].parts == 2
    assert ended.args[0].is_verified
    (session,) = small_study.sessions()
    assert len(part_paths(session.recording_path)) == 2
    assert not read(session.recording_path).damage.closed
    answers = [m for m in read_parts(session.recording_path).markers() if m.kind == "answer"]
    assert len(answers) == 1


def test_serials_of_a_resumed_session_cannot_meet_the_earlier_ones() -> None:
    assert SERIALS_PER_READING > 100 * 60 * 60
