"""The grid's splines: partition of one, right mean and variance, right mass."""

from __future__ import annotations

import numpy as np
import pytest

from gazecore.attention import attention_map
from gazecore.attention.grid import AxisGrid, coarse_map, spline_weights


def test_splines_keep_mass_mean_and_variance() -> None:
    offset = np.linspace(-0.5, 0.5, 21)
    weights, nodes = spline_weights(offset), np.array([-1.0, 0.0, 1.0])
    assert weights.sum(axis=1) == pytest.approx(np.ones(21))
    assert weights @ nodes == pytest.approx(offset)
    variance = weights @ nodes**2 - offset**2
    assert variance == pytest.approx(np.full(21, 0.25))


@pytest.mark.parametrize("length_px", [1, 11, 12, 100, 101])
def test_straight_lines_come_up_straight(length_px: int) -> None:
    axis = AxisGrid.of(length_px, 60.0)
    assert axis.step_px == 12
    node_px = (np.arange(axis.nodes) - axis.margin + 0.5) * axis.step_px
    brought = axis.bring_up(node_px[:, None].astype(np.float32))
    assert brought[:, 0] == pytest.approx(np.arange(length_px) + 0.5, abs=1e-4)
    ones = axis.bring_up(np.ones((axis.nodes, 1), dtype=np.float32))
    assert axis.reach.sum() == pytest.approx(float(ones.sum()), rel=1e-6)


def test_points_spread_to_their_place_and_far_ones_to_nothing() -> None:
    axis = AxisGrid.of(100, 20.0)
    at_px = np.array([-30.0, 0.0, 33.3, 99.9, 1e15, -1e15])
    first, weights = axis.spread(at_px)
    node_px = (first[:, None] + np.arange(3) - axis.margin + 0.5) * axis.step_px
    assert (weights[:4] * node_px[:4]).sum(axis=1) == pytest.approx(at_px[:4])
    assert not weights[4:].any()


def test_mass_is_the_sum_of_the_pixels() -> None:
    random = np.random.default_rng(0)
    xy_px = random.uniform(-50, 250, (200, 2))
    found = coarse_map(xy_px, np.ones(200), (137, 211), (20.0, 31.0))
    pixels = found.to_pixels(1.0)
    assert pixels.shape == (137, 211)
    assert found.mass == pytest.approx(float(pixels.sum(dtype=float)), rel=1e-6)
    assert coarse_map(xy_px[:1] * 0 + 100, np.full(1, 7.0), (200, 200), (9.0, 14.0)).mass == (
        pytest.approx(7.0, rel=1e-6)
    )
    exact = attention_map(xy_px, 1.0, (137, 211), np.tile([20.0, 31.0], (200, 1)))
    assert pixels / found.mass == pytest.approx(exact, abs=5e-4 * float(exact.max()))


def test_points_are_taken_off_again() -> None:
    random = np.random.default_rng(5)
    xy_px, weights = random.uniform([-60, -60], [190, 150], (40, 2)), random.uniform(0.1, 1, 40)
    whole = coarse_map(xy_px, weights, (90, 130), (20.0, 25.0))
    rest = coarse_map(xy_px[:25], weights[:25], (90, 130), (20.0, 25.0))
    found = whole.without(xy_px[25:], weights[25:])
    assert found.mass == pytest.approx(rest.mass)
    assert abs(found.values - rest.values).max() <= 1e-12 * whole.values.max()
    assert whole.without(xy_px[:0], weights[:0]).mass == pytest.approx(whole.mass)
