"""Choices stay as far as they can; figures are there or are dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.pictures.results import StudyResults
from app.results.viewmodel import ALL_READERS, ResultsState, figures, reading_name

if TYPE_CHECKING:
    from pathlib import Path


def test_choices_stay_as_far_as_they_can(analysed_once: Path) -> None:
    results = StudyResults(analysed_once / "derivatives")
    state = ResultsState(case_id="case-0009", session_id="session-0002").of(results)
    assert (state.case_id, state.session_id, state.problem) == ("case-0001", "session-0002", "")
    assert [r.reader_id for r in state.readings] == ["r1", "r2"]
    assert state.reading is None
    second = ResultsState(case_id="case-0001", readings=state.readings, reading_id="reading-000003")
    moved = second.with_case("case-0002", results)
    assert moved.reading is not None
    assert moved.reading.reader_id == "r2"
    assert state.with_case("case-0002", results).reading_id == ALL_READERS


def test_figures_of_a_reading_and_of_none(analysed_once: Path) -> None:
    results = StudyResults(analysed_once / "derivatives")
    said = dict(figures(results.reading_row("reading-000001")))
    assert said["Accuracy"] == "0.40°"
    assert said["Verdict"] == "usable"
    assert said["Drift"] == "–"
    assert figures({}) == ()
    reading = results.of_case("case-0001")[0]
    assert reading_name(reading) == "r1 · reading-000001"
