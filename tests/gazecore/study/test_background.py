"""The grey that belongs to a study's cases is kept until the cases change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gazecore.display.screen_light import ScreenLight
from gazecore.study.background import (
    BACKGROUND_FILE,
    background_level,
    covered_share,
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


ROOM_PX = (1600.0, 1000.0)
PLAIN = ScreenLight()


@pytest.mark.parametrize(
    ("size_px", "share"), [((800, 500), 1.0), ((500, 500), 0.625), ((1600, 100), 0.1)]
)
def test_a_case_covers_a_share_of_the_viewport(size_px: tuple[int, int], share: float) -> None:
    case = Case("case-0001", Path("x"), *size_px, "0" * 64)
    assert covered_share(case, ROOM_PX) == pytest.approx(share)


def test_the_level_has_the_mean_light_of_the_screen() -> None:
    """Squares cover 0.625 of it; the rest is black."""
    one, two = cases(2)
    light = (0.2 + 0.4) / 2 * 0.625
    found = background_level({one: 0.2, two: 0.4}, ROOM_PX, PLAIN)
    assert found == pytest.approx(255 * light ** (1 / 2.2), abs=0.01)


def test_cases_count_as_they_are_dimmed_and_as_the_screen_shows_them() -> None:
    one, two = cases(2)
    found = background_level({one: 0.9, two: 0.2}, (100.0, 100.0), ScreenLight(0.4))
    assert found == pytest.approx(255 * 0.3 ** (1 / 2.2), abs=0.01)
    linear = ScreenLight(1.0, None, np.arange(256) / 255)
    assert background_level({one: 0.5}, (100.0, 100.0), linear) == pytest.approx(127.5)


def test_the_level_holds_for_these_cases_on_this_screen_only(tmp_path: Path) -> None:
    derivatives = tmp_path / "derivatives"
    assert read_background(derivatives, cases(3), ROOM_PX, PLAIN) is None
    write_background(derivatives, cases(3), ROOM_PX, PLAIN, 50.0, 2)
    assert read_background(derivatives, list(reversed(cases(3))), ROOM_PX, PLAIN) == 50.0
    assert read_background(derivatives, cases(4), ROOM_PX, PLAIN) is None
    assert read_background(derivatives, cases(3), (1600.0, 900.0), PLAIN) is None
    assert read_background(derivatives, cases(3), ROOM_PX, ScreenLight(0.3)) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 9}', "null"])
def test_a_file_that_is_not_one_is_taken_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / BACKGROUND_FILE).write_text(text)
    assert read_background(tmp_path, cases(3), ROOM_PX, PLAIN) is None
