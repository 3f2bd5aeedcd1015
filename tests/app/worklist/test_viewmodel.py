from __future__ import annotations

from pathlib import Path

from app.worklist.viewmodel import Worklist, rows_of_reader
from gazecore.study import Case, Reading


def a_case(case_id: str, *, simulated: bool = False) -> Case:
    return Case(case_id, Path("x"), 10, 10, "0" * 64, simulated=simulated)


def a_reading(case_id: str, state: str, reader_id: str = "r1", grade: str = "2") -> Reading:
    answers = {"grade": grade} if state == "answered" else {}
    return Reading(
        "reading-000001",
        "session-0001",
        reader_id,
        case_id,
        0,
        "2026-01-01",
        state=state,  # type: ignore[arg-type]
        answers=answers,
    )


CASES = [a_case("a"), a_case("b", simulated=True), a_case("c"), a_case("d")]


def test_states_of_this_reader_in_this_order() -> None:
    readings = [
        a_reading("a", "answered"),
        a_reading("b", "stopped"),
        a_reading("c", "answered", reader_id="other"),
        a_reading("d", "skipped"),
    ]
    rows = rows_of_reader(["d", "c", "b", "a"], CASES, readings, "r1")
    assert [(row.position, row.case_id, row.state, row.answer) for row in rows] == [
        (1, "d", "skipped", ""),
        (2, "c", "unread", ""),
        (3, "b", "interrupted", ""),
        (4, "a", "read", "2"),
    ]
    assert [row.is_simulated for row in rows] == [False, False, True, False]


def test_an_answer_is_never_undone_and_a_later_one_of_an_interrupted_case_counts() -> None:
    readings = [
        a_reading("a", "answered", grade="3"),
        a_reading("a", "stopped"),
        a_reading("b", "stopped"),
        a_reading("b", "answered", grade="1"),
    ]
    rows = rows_of_reader(["a", "b"], CASES, readings, "r1")
    assert [(row.state, row.answer) for row in rows] == [("read", "3"), ("read", "1")]


def test_counts() -> None:
    rows = rows_of_reader(["a", "b"], CASES, [a_reading("a", "answered")], "r1")
    worklist = Worklist("s", ("r1",), "r1", rows)
    assert worklist.read_count == 1
    assert worklist.unread == ("b",)
    assert worklist.is_begun
    fresh = Worklist("s", (), None, rows_of_reader(["a"], CASES, [], None))
    assert not fresh.is_begun
    assert fresh.unread == ("a",)
