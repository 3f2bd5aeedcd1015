"""A sitting's markers say how it ended, and no more than the schema allows."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from gazecore.messages import (
    AnswerGiven,
    CaseClosed,
    KeyPressed,
    SessionEnded,
    SessionStarted,
    parse_marker,
)
from tests.gazecore.messages.example_markers import SCREEN


def test_a_sitting_crosses_with_its_screen() -> None:
    started = SessionStarted(
        t_s=0.0, session_id="session-0001", study_id="s", reader_id="r1", screen=SCREEN
    )
    assert parse_marker(started.to_json()) == started
    assert not started.simulated


@pytest.mark.parametrize("kind", ["session_ended", "case_closed"])
def test_an_end_for_no_known_reason_is_refused(kind: str) -> None:
    ended = SessionEnded(t_s=0.0, session_id="session-0001", reason="finished")
    closed = CaseClosed(t_s=0.0, reading_id="r", case_id="c")
    fields = json.loads((ended if kind == "session_ended" else closed).to_json())
    assert parse_marker(json.dumps(fields)) in (ended, closed)
    with pytest.raises(ValidationError):
        parse_marker(json.dumps({**fields, "reason": "bored"}))


def test_keys_and_answers_keep_their_texts() -> None:
    answer = AnswerGiven(t_s=0.0, reading_id="r", case_id="c", field="finding", value='\u00fc\n"')
    for marker in (answer, KeyPressed(t_s=0.0, key="Ctrl+F", repeated=True)):
        assert parse_marker(marker.to_json()) == marker
