"""ScanMatch in closed form, and against the recurrence written as a loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazecore.errors import InvalidSettingError
from gazecore.scanpaths import ScanMatchGrid, Scanpath, scanmatch

SIZE_PX = (1200.0, 800.0)  # cells of 100 px


def path(cells: list[tuple[float, float]], duration_s: float = 0.05) -> Scanpath:
    """Fixations in the middles of cells."""
    xy_px = 100 * np.array(cells, dtype=float).reshape(-1, 2) + 50
    return Scanpath(xy_px, np.full(len(cells), duration_s))


def by_loop(one: Scanpath, two: Scanpath, grid: ScanMatchGrid) -> float:
    """Needleman and Wunsch's recurrence over words of letters."""
    words = []
    for scanpath in (one, two):
        word: list[tuple[int, int]] = []
        for (x, y), duration_s in zip(scanpath.xy_px, scanpath.duration_s, strict=True):
            cell = (int(x * grid.columns // SIZE_PX[0]), int(y * grid.rows // SIZE_PX[1]))
            word += [cell] * int(np.floor(duration_s / grid.letter_s + 0.5))
        words.append(word)
    a, b = words
    score = np.zeros((len(a) + 1, len(b) + 1))
    score[:, 0], score[0] = grid.gap * np.arange(len(a) + 1), grid.gap * np.arange(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            apart = np.hypot(a[i - 1][0] - b[j - 1][0], a[i - 1][1] - b[j - 1][1])
            score[i, j] = max(
                score[i - 1, j - 1] + grid.threshold - apart,
                score[i - 1, j] + grid.gap,
                score[i, j - 1] + grid.gap,
            )
    return float(score[-1, -1] / (grid.threshold * max(len(a), len(b))))


@pytest.mark.parametrize("gap", [0.0, -0.7, -5.0])
def test_equals_the_loop(gap: float) -> None:
    random = np.random.default_rng(0)
    grid = ScanMatchGrid(gap=gap, letter_s=0.1)
    for n, m in ((1, 1), (3, 8), (12, 5), (20, 20)):
        one, two = (
            Scanpath(random.uniform((0, 0), SIZE_PX, (k, 2)), random.uniform(0.05, 0.6, k))
            for k in (n, m)
        )
        assert scanmatch(one, two, SIZE_PX, grid) == pytest.approx(by_loop(one, two, grid))


def test_the_same_word_is_one_and_a_far_one_nothing() -> None:
    one = path([(0, 0), (5, 3), (11, 7)])
    assert scanmatch(one, one, SIZE_PX) == pytest.approx(1)
    assert scanmatch(path([(0, 0)] * 3), path([(11, 7)] * 3), SIZE_PX) == 0


def test_a_cell_aside_costs_its_share_of_the_threshold() -> None:
    one, aside = path([(2, 2), (6, 4)]), path([(3, 2), (6, 4)])
    assert scanmatch(one, aside, SIZE_PX) == pytest.approx(1 - (1 / 3.5) / 2)


def test_time_counts_by_letters() -> None:
    short, long = path([(2, 2)], 0.1), path([(2, 2)], 0.4)
    assert scanmatch(short, long, SIZE_PX) == pytest.approx(2 / 8)
    untimed = ScanMatchGrid(letter_s=0.0)
    assert scanmatch(short, long, SIZE_PX, untimed) == pytest.approx(1)


def test_fixations_off_the_image_are_left_out() -> None:
    one = path([(2, 2), (6, 4)])
    assert scanmatch(path([(-1, 2), (2, 2), (6, 4), (6, 8)]), one, SIZE_PX) == pytest.approx(1)
    assert np.isnan(scanmatch(path([(-1, 2)]), one, SIZE_PX))
    assert np.isnan(scanmatch(path([(2, 2)], 0.01), one, SIZE_PX))


cells = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 7)), min_size=1, max_size=12)


@given(cells, cells)
@settings(max_examples=50, deadline=None)
def test_symmetric_and_between_nothing_and_one(
    a: list[tuple[float, float]], b: list[tuple[float, float]]
) -> None:
    one, two = path(a), path(b)
    found = scanmatch(one, two, SIZE_PX)
    assert found == pytest.approx(scanmatch(two, one, SIZE_PX))
    assert 0 <= found <= 1 + 1e-12


def test_a_grid_has_cells_and_a_threshold() -> None:
    with pytest.raises(InvalidSettingError, match="cells"):
        ScanMatchGrid(columns=0)
    for wrong in ({"threshold": 0.0}, {"letter_s": -1.0}, {"gap": 1.0}):
        with pytest.raises(InvalidSettingError, match="threshold"):
            ScanMatchGrid(**wrong)  # type: ignore[arg-type]
