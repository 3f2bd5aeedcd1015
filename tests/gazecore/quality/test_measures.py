"""Accuracy and precision in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.quality.measures import (
    accuracy,
    data_loss,
    loss,
    precision_rms_deg,
    precision_std_deg,
    xy_of_eye,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen
    from gazecore.samples import GazeSamples


def test_accuracy_of_a_constant_offset(screen: Screen) -> None:
    mm_per_px = screen.width_mm / screen.width_px
    found = accuracy(np.full((50, 2), [1000.0, 540.0]), (960.0, 540.0), screen)
    expected_deg = np.degrees(np.arctan2(40 * mm_per_px, screen.distance_mm))
    assert found.mean_deg == pytest.approx(expected_deg)
    assert found.median_deg == pytest.approx(expected_deg)
    assert found.offset_x_deg == pytest.approx(expected_deg)
    assert found.offset_y_deg == pytest.approx(0)


def test_the_median_forgives_an_outlier_and_signs_are_kept(screen: Screen) -> None:
    xy_px = np.full((5, 2), [950.0, 530.0])
    xy_px[0] = [100.0, 100.0]
    found = accuracy(xy_px, (960.0, 540.0), screen)
    assert found.median_deg is not None
    assert found.mean_deg is not None
    assert found.median_deg < 0.5 < found.mean_deg
    up_left = accuracy(xy_px[1:], (960.0, 540.0), screen)
    assert up_left.offset_x_deg is not None
    assert up_left.offset_y_deg is not None
    assert max(up_left.offset_x_deg, up_left.offset_y_deg) < 0


def test_rms_of_alternating_gaze_is_the_step(screen: Screen) -> None:
    xy_px = np.tile([[957.0, 540.0], [963.0, 540.0]], (20, 1))
    step_deg = float(screen.angle_deg([957.0, 540.0], [963.0, 540.0]))
    assert precision_rms_deg(xy_px, screen) == pytest.approx(step_deg)
    assert precision_std_deg(xy_px, screen) == pytest.approx(step_deg / 2, rel=1e-4)


def test_white_noise_has_rms_of_sqrt_2_std(screen: Screen) -> None:
    xy_px = np.random.default_rng(0).normal([960, 540], 5, (20_000, 2))
    rms, std = precision_rms_deg(xy_px, screen), precision_std_deg(xy_px, screen)
    assert rms is not None
    assert std is not None
    assert rms / std == pytest.approx(np.sqrt(2), rel=0.02)
    assert std == pytest.approx(5 * np.sqrt(2) / float(screen.px_per_deg()[0, 0]), rel=0.02)


def test_pairs_across_a_loss_do_not_count(screen: Screen) -> None:
    xy_px = np.array([[900.0, 540.0], [np.nan, np.nan], [960.0, 540.0], [960.0, 540.0]])
    assert precision_rms_deg(xy_px, screen) == 0.0


def test_data_loss_counts_what_never_came() -> None:
    xy = np.array([[1.0, 1.0], [np.nan, 1.0], [1.0, 1.0]])
    assert data_loss(xy) == pytest.approx(1 / 3)
    assert data_loss(xy, expected=10) == pytest.approx(0.8)
    assert data_loss(xy, expected=1) == pytest.approx(1 / 3)
    assert data_loss(np.empty((0, 2))) == 1.0


def test_without_valid_samples_there_is_no_figure(screen: Screen) -> None:
    lost = np.full((4, 2), np.nan)
    assert accuracy(lost, (1.0, 1.0), screen).mean_deg is None
    assert precision_rms_deg(lost, screen) is None
    assert precision_std_deg(lost, screen) is None
    assert precision_rms_deg(np.ones((1, 2)), screen) is None


def test_eyes_by_name(make_samples: Callable[..., GazeSamples]) -> None:
    left, right = np.full((3, 2), 0.4), np.full((3, 2), 0.6)
    samples = make_samples(np.arange(3.0), left, right)
    assert xy_of_eye(samples, "left").tolist() == left.tolist()
    assert xy_of_eye(samples, "right").tolist() == right.tolist()
    assert xy_of_eye(samples, "both") == pytest.approx(np.full((3, 2), 0.5))


def test_white_noise_of_a_tenth_of_a_degree_gives_the_published_figures(screen: Screen) -> None:
    # RMS-S2S is 2 sigma and STD sqrt(2) sigma for independent noise of sigma along each axis.
    tan = np.tan(np.radians(np.random.default_rng(7).normal(0.0, 0.1, (20_000, 2))))
    px_per_mm = np.array([screen.width_px / screen.width_mm, screen.height_px / screen.height_mm])
    xy_px = [960, 540] + screen.distance_mm * tan * px_per_mm
    assert precision_rms_deg(xy_px, screen) == pytest.approx(0.200, rel=0.02)
    assert precision_std_deg(xy_px, screen) == pytest.approx(0.142, rel=0.02)


def test_the_same_figures_from_the_eyes_true_place(screen: Screen) -> None:
    # At twice the distance the same pixels are half the angle.
    xy_px = np.random.default_rng(8).normal([960, 540], 5, (5_000, 2))
    far_mm = (0.0, 0.0, 2 * screen.distance_mm)
    near = precision_rms_deg(xy_px, screen)
    far = precision_rms_deg(xy_px, screen, far_mm)
    assert near is not None
    assert far == pytest.approx(near / 2, rel=1e-3)
    beside = accuracy(xy_px, (1060.0, 540.0), screen, far_mm).mean_deg
    assert beside == pytest.approx(
        float(np.degrees(np.arctan(100 * screen.width_mm / screen.width_px / far_mm[2]))), rel=0.01
    )


def test_invalid_and_missing_are_told_apart() -> None:
    xy = np.array([[1.0, 1.0], [np.nan, 1.0], [1.0, 1.0]])
    found = loss(xy, expected=10)
    assert found.invalid == pytest.approx(0.1)
    assert found.missing == pytest.approx(0.7)
    assert found.total == pytest.approx(data_loss(xy, 10))
    assert loss(np.empty((0, 2))).total == 1.0
