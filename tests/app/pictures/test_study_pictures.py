"""A study drawn whole: a picture for every reading, case and session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app.pictures.canvas import SHEET_PX
from app.pictures.study_pictures import about_reading, last_window, write_pictures
from gazecore.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from app.pictures.results import StudyResults


def test_every_reading_case_and_session_is_drawn(analysed: Path) -> None:
    next((analysed / "cases").glob("case-0002.*")).write_bytes(b"no image")
    steps: list[tuple[int, int, str]] = []
    with Study.open(analysed, read_only=True) as study:
        written, problems = write_pictures(study, lambda *step: steps.append(step))
    folder = analysed / "derivatives" / "pictures"
    assert {path.name for path in folder.iterdir()} == {
        *(f"reading-00000{n}-{what}.png" for n in (1, 3) for what in ("scanpath", "attention")),
        "case-case-0001-attention.png",
        *(f"session-000{n}-quality.png" for n in (1, 2)),
    }
    assert written == 7
    assert [problem.partition(":")[0] for problem in problems] == ["case-0002"]
    assert [step[:2] for step in steps] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    for path in folder.iterdir():
        assert QImage(str(path)).size().toTuple() == SHEET_PX


def test_a_reading_is_drawn_through_the_window_it_ended_with(results: StudyResults) -> None:
    reading = results.of_case("case-0001")[0]
    window = last_window(results, reading)
    assert window is not None
    assert (window.center, window.width) == (128, 256)
    about = about_reading("Scanpath", reading, window)
    assert about.simulated
    assert about.facts == ("case-0001 · r1", "reading-000001, session-0001")
