from __future__ import annotations

from typing import TYPE_CHECKING

from app.worklist.controller import WorklistController

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.study import Study


def test_signing_in_shows_the_readers_own_order(qtbot: QtBot, small_study: Study) -> None:
    controller = WorklistController(small_study)
    with qtbot.waitSignals([controller.reader_signed_in, controller.worklist_changed]):
        controller.sign_in(" reader-1 ")
    assert controller.reader_id == "reader-1"
    order = [row.case_id for row in controller.worklist().rows]
    assert order == small_study.case_order("reader-1")


def test_a_new_reader_is_added(qtbot: QtBot, small_study: Study) -> None:
    controller = WorklistController(small_study)
    with qtbot.waitSignal(controller.reader_signed_in):
        controller.sign_in("reader-2")
    assert "reader-2" in {reader.reader_id for reader in small_study.readers()}
    with qtbot.waitSignal(controller.reader_signed_out):
        controller.sign_out()
    assert controller.reader_id is None


def test_what_cannot_be_is_said_in_one_line(qtbot: QtBot, small_study: Study) -> None:
    controller = WorklistController(small_study)
    said: list[str] = []
    controller.problem_found.connect(said.append)
    controller.sign_in("  ")
    controller.request_reading()
    controller.sign_in("../../etc/passwd")
    assert len(said) == 3
    assert all("\n" not in line for line in said)
    assert controller.reader_id is None
    with qtbot.assertNotEmitted(controller.reading_requested):
        controller.request_reading()


def test_reading_is_requested_while_cases_are_left(qtbot: QtBot, small_study: Study) -> None:
    controller = WorklistController(small_study)
    controller.sign_in("reader-1")
    with qtbot.waitSignal(controller.reading_requested) as requested:
        controller.request_reading()
    assert requested.args == ["reader-1"]
    session = small_study.start_session("reader-1")
    for case in small_study.cases():
        reading = small_study.start_reading(session.session_id, case.case_id)
        small_study.save_answer(reading.reading_id, "grade", "1")
        small_study.finish_reading(reading.reading_id, "answered")
    with qtbot.assertNotEmitted(controller.reading_requested):
        controller.request_reading()
