"""Sums of Gaussians: borders, clips, mass, bad input."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.ndimage import gaussian_filter
from scipy.special import erf

from gazecore.attention.gaussians import Border, product, sum_of_gaussians, usable_points
from gazecore.errors import InvalidSettingError


def test_mass_inside_is_the_share_of_the_gaussian_on_the_image() -> None:
    points = usable_points([[100.0, 50.0], [0.0, 50.0]], [1.0, 3.0], 10.0)
    _, inside = sum_of_gaussians(points, (100, 200))
    y_inside = erf(50 / (10 * np.sqrt(2)))
    assert inside == pytest.approx((0.25 * 1 + 0.75 * 0.5) * y_inside, rel=1e-5)


def test_a_clip_cuts_without_renormalising() -> None:
    points = usable_points([[50.0, 50.0]] * 2, [1.0, 1.0], 8.0, [[0, 0, 50, 100], [0, 0, 100, 100]])
    density, inside = sum_of_gaussians(points, (100, 100))
    assert inside == pytest.approx(0.75, abs=1e-6)
    assert density[:, :50].sum() == pytest.approx(2 / 3, abs=1e-6)


def test_reflection_and_truncation_are_those_of_scipy() -> None:
    counts = np.zeros((60, 80))
    centres = [(2, 3), (40, 70), (59, 0)]
    for row, column in centres:
        counts[row, column] += 1
    xy_px = [(column + 0.5, row + 0.5) for row, column in centres]
    ours, inside = sum_of_gaussians(
        usable_points(xy_px, 1.0, 7.0), (60, 80), Border(truncate_sigma=4.0, reflect=True)
    )
    scipys = gaussian_filter(counts, 7.0, mode="reflect", truncate=4.0)
    assert ours == pytest.approx(scipys / scipys.sum(), abs=2e-6 * float(ours.max()))
    assert inside == pytest.approx(1, abs=1e-4)


def test_far_tails_do_not_underflow() -> None:
    density, inside = sum_of_gaussians(usable_points([[-80.0, 5.0]], [1.0], 8.0), (10, 10))
    assert density.sum() == pytest.approx(1)
    assert 0 < inside < 1e-20
    nowhere, none_inside = sum_of_gaussians(usable_points([[-1e6, 5.0]], [1.0], 8.0), (10, 10))
    assert nowhere.sum() == none_inside == 0


def test_blocks_of_points_sum_up() -> None:
    random = np.random.default_rng(0)
    along_y, along_x = random.random((9000, 3)), random.random((9000, 4))
    assert product(along_y, along_x) == pytest.approx(along_y.T @ along_x, rel=1e-6)


def test_points_without_place_or_weight_are_dropped() -> None:
    points = usable_points(
        np.array([[1, 1], [np.nan, 1], [1, np.inf], [2, 2], [3, 3]]), [1, 1, 1, 0, np.nan], 5.0
    )
    assert len(points) == 1
    assert points.dropped == 4


@pytest.mark.parametrize(
    ("weights", "sigma_px", "clip_px", "named"),
    [
        ([1.0, 1.0, 1.0], 5.0, None, "shape of weights"),
        ([1.0, -1.0], 5.0, None, "weights"),
        ([1.0, 1.0], 0.0, None, "sigma_px"),
        ([1.0, 1.0], [1.0, np.nan], None, "sigma_px"),
        ([1.0, 1.0], np.ones((2, 3)), None, "shape of sigma_px"),
        ([1.0, 1.0], 5.0, np.zeros((3, 4)), "shape of clip_px"),
        ([1.0, 1.0], 5.0, np.full((2, 4), np.nan), "clip_px"),
    ],
)
def test_bad_input_is_named(
    weights: list[float], sigma_px: object, clip_px: object, named: str
) -> None:
    with pytest.raises(InvalidSettingError, match=f"^{named} is"):
        usable_points([[1, 1], [2, 2]], weights, sigma_px, clip_px)  # type: ignore[arg-type]


def test_a_map_has_a_size() -> None:
    with pytest.raises(InvalidSettingError, match="shape"):
        sum_of_gaussians(usable_points([[1, 1]], 1.0, 5.0), (0, 5))


@pytest.mark.parametrize("x_px", [-38.3, -38.0, -37.6, -45.0])
def test_a_subnormal_mass_inside_is_nothing(x_px: float) -> None:
    density, inside = sum_of_gaussians(usable_points([[x_px, 20.0]], 1e-3, 1.0), (40, 40))
    assert not density.any()
    assert inside == 0


@pytest.mark.parametrize("xy_px", [[1.0, 2.0], [[1.0, 2.0, 3.0, 4.0]], [[[1.0, 2.0]]]])
def test_points_of_another_shape_are_refused(xy_px: npt.ArrayLike) -> None:
    with pytest.raises(InvalidSettingError, match="shape of xy_px"):
        usable_points(xy_px, 1.0, 2.0)


def test_infinite_weights_are_refused() -> None:
    with pytest.raises(InvalidSettingError, match="weights"):
        usable_points([[1.0, 2.0], [3.0, 4.0]], [1.0, np.inf], 2.0)
