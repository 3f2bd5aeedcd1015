from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import InvalidSettingError, StudyError, UnknownRecordError
from gazecore.study import Quality

if TYPE_CHECKING:
    from gazecore.study import Study


def test_a_sitting_from_start_to_end(filled: Study) -> None:
    session = filled.start_session("r1")
    assert session.session_id == "session-0001"
    assert session.recording_path == filled.path / "recordings" / "session-0001.xdf"
    first = filled.start_reading(session.session_id, "case-0002")
    second = filled.start_reading(session.session_id, "case-0001")
    assert (first.reading_id, first.position) == ("reading-000001", 0)
    assert (second.reading_id, second.position) == ("reading-000002", 1)
    filled.save_answer(first.reading_id, "grade", "1")
    filled.save_answer(first.reading_id, "grade", "3")
    done = filled.finish_reading(first.reading_id, "answered")
    assert (done.state, done.answers, done.reader_id) == ("answered", {"grade": "3"}, "r1")
    ended = filled.end_session(session.session_id, "finished")
    assert ended.end_reason == "finished"
    assert [reading.state for reading in filled.readings()] == ["answered", "stopped"]
    assert filled.sessions() == [ended]
    actions = [entry.action for entry in filled.audit()]
    assert actions.count("answer") == 2  # the first answer stays in the history


def test_what_has_ended_stays_as_it_is(filled: Study) -> None:
    session_id = filled.start_session("r1").session_id
    reading_id = filled.start_reading(session_id, "case-0001").reading_id
    filled.finish_reading(reading_id, "skipped")
    with pytest.raises(StudyError, match="ended already"):
        filled.finish_reading(reading_id, "answered")
    filled.end_session(session_id, "stopped")
    with pytest.raises(StudyError, match="ended already"):
        filled.end_session(session_id, "finished")
    with pytest.raises(StudyError, match="start a new session"):
        filled.start_reading(session_id, "case-0001")


def test_a_number_is_never_used_twice(filled: Study) -> None:
    (filled.recordings / "session-0007.xdf").write_bytes(b"left by another program")
    assert filled.start_session("r1").session_id == "session-0008"
    assert filled.start_session("r1").session_id == "session-0009"


def test_unknown_names_are_said(filled: Study) -> None:
    session_id = filled.start_session("r1").session_id
    for call in (
        lambda: filled.start_session("r2"),
        lambda: filled.end_session("session-9999", "finished"),
        lambda: filled.start_reading("session-9999", "case-0001"),
        lambda: filled.start_reading(session_id, "case-9999"),
        lambda: filled.finish_reading("reading-999999", "answered"),
        lambda: filled.save_answer("reading-999999", "grade", "1"),
        lambda: filled.save_quality(Quality("session-9999", "validation")),
    ):
        with pytest.raises(UnknownRecordError, match="in this study"):
            call()
    with pytest.raises(InvalidSettingError, match="finished, stopped, fault"):
        filled.end_session(session_id, "bored")  # type: ignore[arg-type]
    with pytest.raises(InvalidSettingError, match="answered, stopped, skipped"):
        filled.finish_reading("reading-000001", "open")  # type: ignore[arg-type]


def test_quality_is_kept_as_measured(filled: Study) -> None:
    session_id = filled.start_session("r1").session_id
    reading_id = filled.start_reading(session_id, "case-0001").reading_id
    whole = Quality(session_id, "validation", None, 0.41, 0.05, 0.1, 0.02, True, "4 targets", "now")
    bare = Quality(session_id, "reading", reading_id, data_loss=1.0, passed=False)
    filled.save_quality(whole)
    filled.save_quality(bare)
    stored = filled.quality()
    assert stored[0] == whole
    assert (stored[1].accuracy_deg, stored[1].passed) == (None, False)
    assert stored[1].measured_utc != ""
    with pytest.raises(InvalidSettingError, match="kind of quality"):
        filled.save_quality(Quality(session_id, "mood"))  # type: ignore[arg-type]
