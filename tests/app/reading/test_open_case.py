"""A case comes on the screen and goes again, each time in the study and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.reading.open_case import OpenCase
from app.reading.viewmodel import Answer, ReadingProgress, SessionPlan
from gazecore.messages import CaseClosed, CaseOpened, FaultFound, Marker, ViewportChanged

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.dicom.decoder import Decoder
    from gazecore.study import Study

WAIT_MS = 20_000


@pytest.fixture
def progress(small_study: Study) -> ReadingProgress:
    session = small_study.start_session("reader-1")
    cases = tuple(small_study.unread_cases("reader-1"))
    return ReadingProgress(SessionPlan(session.session_id, "reader-1", cases))


@pytest.fixture
def case(qtbot: QtBot, small_study: Study, shared_decoder: Decoder) -> OpenCase:
    del qtbot
    case = OpenCase(small_study, shared_decoder)
    case.learn_cases()
    return case


def said_by(case: OpenCase) -> list[Marker]:
    said: list[Marker] = []
    case.marker_made.connect(said.append)
    return said


def test_a_case_is_opened_answered_and_closed(
    qtbot: QtBot, small_study: Study, case: OpenCase, progress: ReadingProgress
) -> None:
    said = said_by(case)
    with qtbot.waitSignal(case.opened, timeout=WAIT_MS):
        case.want(progress)
    assert case.viewports.active.state is not None
    field = small_study.protocol.form[0]
    given = case.save(Answer(field.name, field.choices[0].value))
    assert given is not None
    assert (given.reading_id, given.case_id) == (case.reading_id, progress.case_id)
    case.close("answered")
    assert case.reading_id is None
    assert case.viewports.active.state is None
    assert [type(marker) for marker in said] == [CaseOpened, ViewportChanged, CaseClosed]
    (reading,) = small_study.readings()
    assert (reading.case_id, reading.state) == (progress.case_id, "answered")
    case.forget()


def test_nothing_is_stored_or_closed_without_a_case(case: OpenCase, small_study: Study) -> None:
    said = said_by(case)
    assert case.save(Answer("finding", "no")) is None
    case.close("stopped")
    assert said == []
    assert small_study.readings() == []


def test_an_answer_that_cannot_be_stored_is_reported(
    qtbot: QtBot, case: OpenCase, progress: ReadingProgress
) -> None:
    with qtbot.waitSignal(case.opened, timeout=WAIT_MS):
        case.want(progress)
    said = said_by(case)
    with qtbot.waitSignal(case.problem_found) as problem:
        assert case.save(Answer("no such field", "no")) is None
    assert problem.args is not None
    assert [type(marker) for marker in said] == [FaultFound]
    case.close("stopped")
    case.forget()


def test_a_case_that_is_not_wanted_any_more_does_not_open(
    qtbot: QtBot, case: OpenCase, progress: ReadingProgress
) -> None:
    said = said_by(case)
    case.want(progress)
    case.forget()
    with qtbot.waitSignal(case.opened, timeout=WAIT_MS):
        case.want(progress.advanced())
    opened = [marker for marker in said if isinstance(marker, CaseOpened)]
    assert [marker.case_id for marker in opened] == [progress.next_case_id]
    case.close("stopped")
    case.forget()
