"""The cheapest way through a matrix, against every way there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.scanpaths import Scanpath, cheapest_pairs, warped_distance_px

if TYPE_CHECKING:
    from collections.abc import Iterator

Array = npt.NDArray[np.float64]


def every_way(n: int, m: int) -> Iterator[list[tuple[int, int]]]:
    """All ways from (0, 0) to (n - 1, m - 1)."""
    if (n, m) == (1, 1):
        yield [(0, 0)]
        return
    for di, dj in ((1, 1), (1, 0), (0, 1)):
        if n - di >= 1 and m - dj >= 1:
            for way in every_way(n - di, m - dj):
                yield [*way, (n - 1, m - 1)]


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1), (3, 5), (5, 4)])
def test_no_way_is_cheaper(shape: tuple[int, int]) -> None:
    for seed in range(10):
        cost = np.random.default_rng(seed).random(shape)
        found = list(zip(*(axis.tolist() for axis in cheapest_pairs(cost)), strict=True))
        ways = list(every_way(*shape))
        assert found in ways
        sums = [sum(cost[pair] for pair in way) for way in ways]
        assert sum(cost[pair] for pair in found) == pytest.approx(min(sums))


def path(*places: tuple[float, float]) -> Scanpath:
    return Scanpath(np.array(places, dtype=float).reshape(-1, 2), np.full(len(places), 0.2))


def test_warping_forgives_repeats_and_measures_shifts() -> None:
    one = path((0, 0), (100, 0), (100, 100))
    again = path((0, 0), (0, 0), (100, 0), (100, 100), (100, 100))
    shifted = path((3, 4), (103, 4), (103, 104))
    assert warped_distance_px(one, again) == 0
    assert warped_distance_px(one, shifted) == pytest.approx(5)
    assert warped_distance_px(again, shifted) == pytest.approx(5)
    assert np.isnan(warped_distance_px(one, path()))
