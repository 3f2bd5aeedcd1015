"""The affine correction in closed form, and when it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.errors import CorrectionRefusedError
from gazecore.quality.correction import fit_correction

if TYPE_CHECKING:
    from gazecore.geometry import Screen

NINE = np.array([(x, y) for x in (0.2, 0.5, 0.8) for y in (0.2, 0.5, 0.8)])
RIGHT = np.array([0.02, 0.0])


def test_an_affine_distortion_is_undone_exactly(screen: Screen) -> None:
    # gaze = M target + v, so the correction is M^-1 (gaze - v).
    matrix, shift = np.array([[1.04, 0.02], [-0.01, 0.97]]), np.array([0.013, -0.021])
    found = fit_correction(NINE @ matrix.T + shift, NINE, screen)
    inverse = np.linalg.inv(matrix)
    expected = (*inverse[0], -(inverse @ shift)[0], *inverse[1], -(inverse @ shift)[1])
    assert found.elements == pytest.approx(expected, abs=1e-9)
    assert found.error_after_deg == pytest.approx(0, abs=1e-6)
    assert found.error_left_out_deg == pytest.approx(0, abs=1e-6)
    assert found.error_before_deg > 0.5
    assert found.apply(NINE @ matrix.T + shift) == pytest.approx(NINE, abs=1e-9)


def test_a_shift_of_known_size_is_taken_away(screen: Screen) -> None:
    found = fit_correction(NINE + RIGHT, NINE, screen)
    assert found.elements == pytest.approx((1, 0, -0.02, 0, 1, 0), abs=1e-9)
    shifted_deg = screen.angle_deg(screen.from_norm(NINE + RIGHT), screen.from_norm(NINE))
    assert found.error_before_deg == pytest.approx(float(shifted_deg.mean()))


def test_lost_stays_lost_and_nothing_is_clamped(screen: Screen) -> None:
    found = fit_correction(NINE + RIGHT, NINE, screen)
    moved = found.apply([[np.nan, 0.5], [0.01, 1.2]])
    assert np.isnan(moved[0]).all()
    assert moved[1] == pytest.approx([-0.01, 1.2])


def test_targets_without_gaze_are_left_out(screen: Screen) -> None:
    gaze = NINE + RIGHT
    gaze[0] = np.nan
    assert fit_correction(gaze, NINE, screen).elements[2] == pytest.approx(-0.02)


@pytest.mark.parametrize("seed", range(5))
def test_noise_alone_is_not_corrected(screen: Screen, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 0.005, (9, 2))
    with pytest.raises(CorrectionRefusedError, match="left out of the fit"):
        fit_correction(NINE + noise - noise.mean(axis=0), NINE, screen)


def test_exact_gaze_needs_no_correction(screen: Screen) -> None:
    with pytest.raises(CorrectionRefusedError, match="without"):
        fit_correction(NINE, NINE, screen)


@pytest.mark.parametrize(
    ("gaze", "targets", "reason"),
    [
        (NINE[:3], NINE[:3], "3 targets"),
        (np.full((9, 2), np.nan), NINE, "0 targets"),
        (NINE[[0, 1, 2, 0]], NINE[[0, 1, 2, 0]], "on a line"),
        (NINE[[0, 1, 2, 4]], NINE[[0, 1, 2, 4]], "on a line"),
        (NINE * 2.0, NINE, "stretch"),
    ],
)
def test_what_is_refused(
    screen: Screen, gaze: npt.ArrayLike, targets: npt.ArrayLike, reason: str
) -> None:
    with pytest.raises(CorrectionRefusedError, match=reason):
        fit_correction(gaze, targets, screen)
