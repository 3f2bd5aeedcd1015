"""A live map is, after each fixation, the attention map of all so far."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.attention import LiveAttentionMap, attention_map
from gazecore.attention.gaussians import sum_of_gaussians, usable_points
from gazecore.attention.live import ChangedPart
from gazecore.errors import InvalidSettingError

Array = npt.NDArray[np.float64]
SHAPE = (90, 130)


def added(xy_px: Array, weights: Array, sigma_px: Any, clip_px: Any = None) -> LiveAttentionMap:
    """A live map of points, added one by one."""
    live = LiveAttentionMap(SHAPE)
    sigma = np.broadcast_to(sigma_px, (len(xy_px), 2))
    for i, xy in enumerate(xy_px):
        live.add(xy, weights[i], sigma[i], clip_px=None if clip_px is None else clip_px[i])
    return live


def assert_the_same(live: LiveAttentionMap, expected: npt.NDArray[np.float32]) -> None:
    assert abs(live.map() - expected).max() <= 2e-4 * expected.max()


@pytest.mark.parametrize("clipped", [False, True])
def test_equals_the_attention_map_after_each(clipped: bool) -> None:
    random = np.random.default_rng(0)
    xy_px, weights = random.uniform([-30, -30], [160, 120], (25, 2)), random.uniform(0.1, 1, 25)
    sigma_px = random.uniform(2, 25, (25, 2))
    corners = np.sort(random.uniform(0, 130, (25, 2, 2)), axis=1).reshape(25, 4)
    clip_px = corners if clipped else None
    for n in (1, 2, 25):
        clip = None if clip_px is None else clip_px[:n]
        live = added(xy_px[:n], weights[:n], sigma_px[:n], clip)
        expected, inside = sum_of_gaussians(
            usable_points(xy_px[:n], weights[:n], sigma_px[:n], clip), SHAPE
        )
        assert_the_same(live, expected)
        assert live.mass_inside == pytest.approx(inside, rel=1e-9)


@pytest.mark.parametrize("sigmas_away", [4.5, 5.0, 5.5])
def test_a_ring_around_a_place_is_the_worst_case(sigmas_away: float) -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * sigmas_away * 8 + [65, 45]
    assert_the_same(added(ring, np.ones(60), 8.0), attention_map(ring, 1.0, SHAPE, 8.0))


def test_a_point_outside_alone_still_shows_its_tail() -> None:
    outside = np.array([[-40.0, 45.0]])
    assert_the_same(added(outside, np.ones(1), 8.0), attention_map(outside, 1.0, SHAPE, 8.0))


def test_only_the_part_named_changes() -> None:
    live = added(np.array([[100.0, 70.0]]), np.ones(1), 9.0)
    before = live.map() * live.mass_inside
    changed = live.add((20.5, 30.5), 2.0, (2.0, 1.0))
    assert changed == ChangedPart(11, 26, 30, 35)
    after = live.map() * live.mass_inside * 3
    differs = np.argwhere(abs(after - before) > 1e-9)
    assert differs.min(axis=0).tolist() == [26, 11]
    assert differs.max(axis=0).tolist() == [34, 29]
    assert np.array_equal(live.map(changed), live.map()[26:35, 11:30])


def test_what_does_not_count_is_dropped_and_counted() -> None:
    live = LiveAttentionMap(SHAPE)
    assert live.map().tolist() == np.zeros(SHAPE).tolist()
    assert live.mass_inside == 0
    assert live.add((np.nan, 3.0), 1.0, 5.0) is None
    assert live.add((3.0, 3.0), 0.0, 5.0) is None
    assert live.add((-1e6, 3.0), 1.0, 5.0) is None
    assert (live.used, live.dropped) == (1, 2)
    assert not live.map().any()
    with pytest.raises(InvalidSettingError, match="sigma_px"):
        live.add((3.0, 3.0), 1.0, 0.0)
    assert (live.used, live.dropped) == (1, 2)
