"""The grey that belongs to a study's cases is kept until the cases change."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazecore.study.background import (
    BACKGROUND_FILE,
    read_background,
    sampled_cases,
    write_background,
)
from gazecore.study.records import Case


def cases(count: int) -> list[Case]:
    return [Case(f"case-{n:04d}", Path("x.dcm"), 10, 10, f"{n:064x}") for n in range(count)]


def test_cases_are_spread_evenly() -> None:
    assert [case.case_id for case in sampled_cases(cases(9), 3)] == [
        "case-0000",
        "case-0003",
        "case-0006",
    ]
    assert len(sampled_cases(cases(5))) == 5
    assert sampled_cases([]) == ()


def test_the_level_holds_for_these_cases_only(tmp_path: Path) -> None:
    derivatives = tmp_path / "derivatives"
    assert read_background(derivatives, cases(3)) is None
    assert write_background(derivatives, cases(3), [40.0, 60.0]) == 50.0
    assert read_background(derivatives, list(reversed(cases(3)))) == 50.0
    assert read_background(derivatives, cases(4)) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 9}', "null"])
def test_a_file_that_is_not_one_is_taken_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / BACKGROUND_FILE).write_text(text)
    assert read_background(tmp_path, cases(3)) is None
