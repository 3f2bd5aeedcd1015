from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.reading.controller import ReadingController
from app.reading.viewmodel import SessionPlan, SessionSummary
from gazecore.messages import (
    AnswerGiven,
    CaseClosed,
    CaseOpened,
    FaultFound,
    KeyPressed,
    Marker,
    ViewportChanged,
)
from gazecore.study import Protocol
from gazecore.study.protocol import Breaks
from tests.app.conftest import write_frames

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Study

WAIT_MS = 20_000


class Sitting:
    """A controller with a session of its own; keeps everything that it said."""

    def __init__(self, study: Study, decoder: Decoder) -> None:
        self.study = study
        self.controller = ReadingController(study, decoder)
        self.markers: list[Marker] = []
        self.ends: list[SessionSummary] = []
        self.controller.marker_made.connect(self.markers.append)
        self.controller.reading_ended.connect(self.ends.append)
        session = study.start_session("reader-1")
        self.plan = SessionPlan(
            session.session_id, "reader-1", tuple(study.unread_cases("reader-1"))
        )

    def begin(self, qtbot: QtBot) -> None:
        with qtbot.waitSignal(self.controller.case_opened, timeout=WAIT_MS):
            self.controller.begin(self.plan)

    def answer(self, qtbot: QtBot, key: str, *, last: bool = False) -> None:
        signal = self.controller.reading_ended if last else self.controller.case_opened
        with qtbot.waitSignal(signal, timeout=WAIT_MS):
            assert self.controller.press_key(key)

    def kinds(self) -> list[str]:
        return [str(marker.kind) for marker in self.markers if not isinstance(marker, KeyPressed)]  # type: ignore[attr-defined]


@pytest.fixture
def sitting(qtbot: QtBot, small_study: Study, shared_decoder: Decoder) -> Sitting:
    del qtbot
    return Sitting(small_study, shared_decoder)


def test_one_key_saves_and_goes_on_to_the_end(qtbot: QtBot, sitting: Sitting) -> None:
    sitting.begin(qtbot)
    sitting.answer(qtbot, "2")
    sitting.answer(qtbot, "Return")
    sitting.answer(qtbot, "4", last=True)
    readings = sitting.study.readings()
    assert [reading.case_id for reading in readings] == list(sitting.plan.case_ids)
    assert [reading.answers for reading in readings] == [
        {"grade": "2"},
        {"grade": "0"},
        {"grade": "4"},
    ]
    assert {reading.state for reading in readings} == {"answered"}
    assert sitting.ends == [SessionSummary(sitting.plan.session_id, 3, 3, True)]
    assert sitting.controller.progress is None


def test_markers_come_in_order_and_agree(qtbot: QtBot, sitting: Sitting) -> None:
    sitting.begin(qtbot)
    sitting.answer(qtbot, "2")
    assert sitting.kinds() == [
        "case_opened",
        "viewport_changed",
        "answer",
        "case_closed",
        "case_opened",
        "viewport_changed",
    ]
    opened, change, answer, closed = sitting.markers[:2] + sitting.markers[3:5]
    assert isinstance(opened, CaseOpened)
    assert isinstance(change, ViewportChanged)
    assert isinstance(answer, AnswerGiven)
    assert isinstance(closed, CaseClosed)
    assert (opened.image_width_px, opened.image_height_px, opened.position) == (180, 240, 0)
    assert opened.reading_id == change.reading_id == answer.reading_id == closed.reading_id
    assert closed.reason == "answered"
    assert [marker.t_s for marker in sitting.markers] == sorted(m.t_s for m in sitting.markers)
    keys = [marker.key for marker in sitting.markers if isinstance(marker, KeyPressed)]
    assert keys == ["2"]


def test_tools_by_key_change_the_viewport(qtbot: QtBot, sitting: Sitting) -> None:
    sitting.begin(qtbot)
    assert sitting.controller.press_key("R")
    assert sitting.controller.press_key("I")
    assert not sitting.controller.press_key("Ctrl+Q")
    causes = [m.cause for m in sitting.markers if isinstance(m, ViewportChanged)]
    assert causes == ["open", "rotate", "invert"]


def test_a_key_held_down_goes_on_by_steps_and_answers_nothing(
    qtbot: QtBot, sitting: Sitting
) -> None:
    sitting.begin(qtbot)
    count = len(sitting.markers)
    assert sitting.controller.repeat_key("+")
    assert sitting.controller.repeat_key("Left")
    assert sitting.controller.repeat_key("Ctrl+Up")
    for key in ("2", "Return", "Esc", "Space", "I", "R", "Tab", "F2", "Ctrl+Q"):
        assert not sitting.controller.repeat_key(key)
    told = sitting.markers[count:]
    keys = [(m.key, m.repeated) for m in told if isinstance(m, KeyPressed)]
    assert keys == [("+", True), ("Left", True), ("Ctrl+Up", True)]
    assert [m.cause for m in told if isinstance(m, ViewportChanged)] == ["zoom", "pan", "window"]
    sitting.controller.press_key("Esc")
    assert not sitting.controller.repeat_key("+")
    sitting.controller.press_key("Esc")
    assert not sitting.controller.repeat_key("+")


def test_a_layout_by_key_is_on_record(qtbot: QtBot, sitting: Sitting) -> None:
    sitting.begin(qtbot)
    for key in ("F2", "Tab", "I", "F2"):
        assert sitting.controller.press_key(key)
    told = [m for m in sitting.markers if isinstance(m, ViewportChanged)]
    assert [(m.viewport, m.cause) for m in told] == [
        (0, "open"),
        (1, "open"),
        (1, "invert"),
        (0, "layout"),
    ]
    assert [m.serial for m in told] == [0, 1, 2, 3]
    assert sitting.controller.viewport.index == 1


def test_esc_asks_and_only_a_second_esc_ends(qtbot: QtBot, sitting: Sitting) -> None:
    sitting.begin(qtbot)
    asked: list[bool] = []
    sitting.controller.stop_asked.connect(asked.append)
    sitting.controller.press_key("Esc")
    sitting.controller.press_key("2")
    assert asked == [True, False]
    assert sitting.study.readings()[0].answers == {}
    sitting.controller.press_key("Esc")
    sitting.controller.press_key("Esc")
    assert sitting.ends == [SessionSummary(sitting.plan.session_id, 0, 3, False)]
    assert sitting.study.readings()[0].state == "stopped"
    closed = [m for m in sitting.markers if isinstance(m, CaseClosed)]
    assert [marker.reason for marker in closed] == ["stopped"]
    assert sitting.controller.viewport.state is None
    assert not sitting.controller.press_key("2")


def test_a_case_that_cannot_be_shown_is_left_out_and_said(qtbot: QtBot, sitting: Sitting) -> None:
    broken = next(
        case for case in sitting.study.cases() if case.case_id == sitting.plan.case_ids[0]
    )
    broken.path.chmod(0o600)
    broken.path.write_bytes(b"\x89PNG\r\n\x1a\n, but not really")
    with qtbot.waitSignal(sitting.controller.problem_found, timeout=WAIT_MS) as problem:
        sitting.controller.begin(sitting.plan)
    assert problem.args is not None
    assert broken.case_id in problem.args[0]
    assert "\n" not in problem.args[0]
    qtbot.waitUntil(lambda: "case_opened" in sitting.kinds(), timeout=WAIT_MS)
    assert any(isinstance(marker, FaultFound) for marker in sitting.markers)
    assert sitting.study.readings()[0].case_id == sitting.plan.case_ids[1]
    sitting.controller.stop()


def test_breaks_come_between_cases_and_end_by_key(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder
) -> None:
    small_study.set_protocol(Protocol(breaks=Breaks(every_cases=1, minutes=2.0)))
    sitting = Sitting(small_study, shared_decoder)
    sitting.begin(qtbot)
    with qtbot.waitSignal(sitting.controller.break_due) as due:
        sitting.controller.press_key("1")
    assert due.args == [2.0]
    assert sitting.controller.viewport.state is None
    assert not sitting.controller.press_key("1")
    with qtbot.waitSignal(sitting.controller.case_opened, timeout=WAIT_MS):
        sitting.controller.press_key("Space")
    assert [reading.answers.get("grade") for reading in small_study.readings()] == ["1", None]
    sitting.controller.stop()


def test_a_session_that_goes_on_counts_its_states_further(qtbot: QtBot, sitting: Sitting) -> None:
    plan = SessionPlan(
        sitting.plan.session_id, "reader-1", sitting.plan.case_ids, first_serial=1_000_000
    )
    with qtbot.waitSignal(sitting.controller.case_opened, timeout=WAIT_MS):
        sitting.controller.begin(plan)
    assert sitting.controller.viewport.serial == 1_000_000
    sitting.controller.stop()


def test_a_question_waits_for_the_end_of_the_case(qtbot: QtBot, sitting: Sitting) -> None:
    sitting.begin(qtbot)
    asked: list[str] = []
    sitting.controller.question_asked.connect(asked.append)
    sitting.controller.ask_before_next("Ready?")
    assert asked == []
    assert sitting.controller.press_key("1")
    assert asked == ["Ready?"]
    assert sitting.controller.reading_id is None
    assert not sitting.controller.press_key("2")
    with qtbot.waitSignal(sitting.controller.case_opened, timeout=WAIT_MS):
        assert sitting.controller.press_key("Space")
    assert asked == ["Ready?", ""]
    sitting.controller.ask_before_next("Ready again?")
    sitting.controller.press_key("1")
    with qtbot.waitSignal(sitting.controller.reading_ended, timeout=WAIT_MS):
        assert sitting.controller.press_key("Return")
    assert sitting.ends == [SessionSummary(sitting.plan.session_id, 2, 3, False)]


def test_a_question_that_is_taken_back_is_not_asked(qtbot: QtBot, sitting: Sitting) -> None:
    sitting.begin(qtbot)
    sitting.controller.ask_before_next("Ready?")
    sitting.controller.ask_before_next("")
    sitting.answer(qtbot, "1")


def test_a_case_can_wait_until_something_is_done(qtbot: QtBot, sitting: Sitting) -> None:
    asked: list[int] = []
    controller = sitting.controller

    def waits() -> bool:
        asked.append(len(sitting.study.readings()))
        return len(asked) == 1

    controller.wait_between_cases(waits)
    sitting.begin(qtbot)
    assert asked == []
    controller.press_key("2")
    qtbot.wait(200)
    assert sitting.kinds()[-1] == "case_closed"
    assert [r.answers for r in sitting.study.readings()] == [{"grade": "2"}]
    controller.press_key("3")
    assert len(sitting.study.readings()) == 1
    with qtbot.waitSignal(controller.case_opened, timeout=WAIT_MS):
        controller.resume()
    controller.resume()
    sitting.answer(qtbot, "3")
    assert len(asked) == 2
    controller.stop()
    assert not sitting.ends[0].is_finished


def test_a_sitting_can_end_while_a_case_waits(qtbot: QtBot, sitting: Sitting) -> None:
    sitting.controller.wait_between_cases(lambda: True)
    sitting.begin(qtbot)
    sitting.controller.press_key("2")
    sitting.controller.stop()
    sitting.controller.resume()
    assert sitting.ends[0].read_count == 1
    assert sitting.kinds()[-1] == "case_closed"


def test_frames_by_key_are_on_record(
    qtbot: QtBot, small_study: Study, shared_decoder: Decoder, tmp_path: Path
) -> None:
    small_study.import_images([write_frames(tmp_path / "frames.dcm", 4)])
    sitting = Sitting(small_study, shared_decoder)
    cine = small_study.cases()[-1].case_id
    sitting.plan = replace(sitting.plan, case_ids=(cine,))
    sitting.begin(qtbot)
    opened = next(marker for marker in sitting.markers if isinstance(marker, CaseOpened))
    assert opened.frames == 4

    def frames() -> list[int]:
        return [m.window.frame for m in sitting.markers if isinstance(m, ViewportChanged)]

    shown = [0]

    for key, frame in ((".", 1), ("End", 3), (",", 2), ("Home", 0)):
        assert sitting.controller.press_key(key)
        shown.append(frame)
        qtbot.waitUntil(lambda: frames() == shown, timeout=WAIT_MS)
    sitting.controller.stop()
