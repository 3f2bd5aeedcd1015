from __future__ import annotations

import pytest

from app.reading.viewmodel import (
    ReadingProgress,
    SessionPlan,
    answer_for_key,
    is_complete,
    key_sheet,
)
from gazecore.study import AnswerField, Choice, Protocol

KNEE = Protocol()
TWO_QUESTIONS = Protocol(
    form=(
        AnswerField(name="grade", choices=(Choice(value="0", keys=("0",)),)),
        AnswerField(
            name="sure",
            choices=(Choice(value="yes", keys=("Y",)), Choice(value="no", keys=("I",))),
        ),
    )
)


def test_progress_walks_through_the_plan() -> None:
    progress = ReadingProgress(SessionPlan("session-0001", "r", ("a", "b")))
    assert (progress.case_id, progress.next_case_id, progress.is_finished) == ("a", "b", False)
    progress = progress.answered("grade", "2")
    assert progress.answers == {"grade": "2"}
    progress = progress.advanced()
    assert (progress.case_id, progress.next_case_id, progress.answers) == ("b", None, {})
    progress = progress.advanced()
    assert (progress.case_id, progress.is_finished) == (None, True)


def test_an_empty_plan_is_finished() -> None:
    assert ReadingProgress(SessionPlan("s", "r", ())).is_finished


@pytest.mark.parametrize(
    ("key", "grade"),
    [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("Return", "0"), ("Enter", "0")],
)
def test_keys_give_the_grades_of_the_paper(key: str, grade: str) -> None:
    answer = answer_for_key(KNEE, {}, key)
    assert answer is not None
    assert (answer.field, answer.value) == ("grade", grade)
    assert is_complete(KNEE, {answer.field: answer.value})


@pytest.mark.parametrize("key", ["5", "0", "F", "Space", ""])
def test_other_keys_answer_nothing(key: str) -> None:
    assert answer_for_key(KNEE, {}, key) is None


def test_a_form_of_two_questions_asks_one_after_the_other() -> None:
    assert answer_for_key(TWO_QUESTIONS, {}, "Y") is None
    first = answer_for_key(TWO_QUESTIONS, {}, "0")
    assert first is not None
    answers = {first.field: first.value}
    assert not is_complete(TWO_QUESTIONS, answers)
    second = answer_for_key(TWO_QUESTIONS, answers, "Y")
    assert second is not None
    assert is_complete(TWO_QUESTIONS, {**answers, second.field: second.value})


def test_every_tool_of_a_radiologist_has_its_key() -> None:
    assert {"F", "O", "I", "R", "L", "H", "V", "Space", "0", "D"} <= set(KNEE.tool_keys())


def test_the_key_sheet_leaves_out_what_is_locked_or_taken() -> None:
    answers, tools = key_sheet(KNEE)
    assert answers == (
        ("Enter", "none"),
        ("1", "doubtful"),
        ("2", "minimal"),
        ("3", "moderate"),
        ("4", "severe"),
        ("F1", "all keys"),
        ("Esc", "end"),
    )
    assert ("F", "fit") in tools
    locked = KNEE.model_copy(update={"locked_tools": ("window", "rotate")})
    assert {key for key, _ in key_sheet(locked)[1]} == {"F", "O", "T", "I", "H", "V", "Space"}
    assert "0" not in {key for key, _ in key_sheet(TWO_QUESTIONS)[1]}
