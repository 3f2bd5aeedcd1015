"""Validation figures per eye and target, and the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.messages import TargetError, parse_marker
from gazecore.quality import (
    DisplayArea,
    ValidationContext,
    ValidationLimits,
    validation_of_target,
    validation_of_targets,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen
    from gazecore.samples import GazeSamples

LIMITS = ValidationLimits(accuracy_deg=1.0, precision_rms_deg=0.5, data_loss=0.2)


def test_each_eye_and_both(make_samples: Callable[..., GazeSamples], screen: Screen) -> None:
    n = 50
    left, right = np.full((n, 2), [0.49, 0.5]), np.full((n, 2), [0.51, 0.5])
    left[:10] = np.nan
    found = {
        error.eye: error
        for error in validation_of_target(
            make_samples(np.arange(n) / 100, left, right), (0.5, 0.5), screen
        )
    }
    offset_deg = float(screen.angle_deg([0.5 * 1920, 540], [0.51 * 1920, 540]))
    assert found["left"].accuracy_deg == pytest.approx(offset_deg)
    assert found["right"].accuracy_deg == pytest.approx(offset_deg)
    assert found["left"].data_loss == pytest.approx(0.2)
    assert found["both"].data_loss == 0
    # Before the first binocular sample the disparity is not known, so ten samples are off.
    assert found["both"].accuracy_deg == pytest.approx(0.2 * offset_deg, rel=1e-3)


def test_samples_due_but_missing_are_lost(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    xy = np.full((30, 2), 0.5)
    found = validation_of_target(
        make_samples(np.arange(30) / 100, xy, xy), (0.5, 0.5), screen, expected=60
    )
    assert [error.data_loss for error in found] == [0.5, 0.5, 0.5]


def test_no_sample_at_all(make_samples: Callable[..., GazeSamples], screen: Screen) -> None:
    nothing = make_samples(np.empty(0), np.empty((0, 2)), np.empty((0, 2)))
    for error in validation_of_target(nothing, (0.5, 0.5), screen):
        assert error.accuracy_deg is None
        assert error.precision_rms_deg is None
        assert error.data_loss == 1.0


def target(accuracy_deg: float | None, *, rms_deg: float = 0.1, loss: float = 0.0) -> TargetError:
    """A target of both eyes."""
    return TargetError(
        x_norm=0.5,
        y_norm=0.5,
        eye="both",
        accuracy_deg=accuracy_deg,
        precision_rms_deg=None if accuracy_deg is None else rms_deg,
        precision_std_deg=None if accuracy_deg is None else 0.2,
        data_loss=loss,
    )


def test_medians_over_targets_and_a_marker_that_travels() -> None:
    done = validation_of_targets(5.0, [target(0.3), target(0.5), target(0.9)], LIMITS)
    assert done.accuracy_deg == 0.5
    assert done.passed
    assert parse_marker(done.to_json()) == done


@pytest.mark.parametrize(
    "targets",
    [
        [],
        [target(1.2)],
        [target(0.3, rms_deg=0.6)],
        [target(0.3, loss=0.3)],
        [target(0.3), target(0.3), target(None, loss=1.0)],
    ],
)
def test_what_does_not_pass(targets: list[TargetError]) -> None:
    assert not validation_of_targets(5.0, targets, LIMITS).passed


def test_what_failed_is_said_with_both_figures() -> None:
    done = validation_of_targets(5.0, [target(1.234, rms_deg=0.61, loss=0.3)], LIMITS)
    assert done.failed_limits == (
        "accuracy 1.23° over 1°",
        "precision 0.61° over 0.5°",
        "data loss 30% over 20%",
    )
    blind = validation_of_targets(5.0, [target(None, loss=1.0), target(0.2)], LIMITS)
    assert blind.failed_limits[0] == "1 of 2 targets without gaze"
    assert validation_of_targets(5.0, [target(0.3)], LIMITS).failed_limits == ()
    assert validation_of_targets(5.0, [], LIMITS).failed_limits[0] == "no target"


def test_the_eye_that_counts_is_judged(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    n = 50
    left, right = np.full((n, 2), [0.5, 0.5]), np.full((n, 2), [0.55, 0.5])
    found = validation_of_target(make_samples(np.arange(n) / 100, left, right), (0.5, 0.5), screen)
    by_eye = {
        eye: validation_of_targets(1.0, found, LIMITS, ValidationContext(eye=eye))
        for eye in ("left", "right", "both")
    }
    assert by_eye["left"].accuracy_deg == pytest.approx(0, abs=1e-9)
    assert (by_eye["left"].passed, by_eye["right"].passed) == (True, False)
    assert by_eye["both"].accuracy_deg == pytest.approx(
        float(screen.angle_deg([960, 540], [0.525 * 1920, 540]))
    )


def test_pixels_at_fit_zoom_and_the_rest_of_the_figures(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    xy = np.tile([[0.5, 0.5], [0.51, 0.5]], (25, 1))
    xy[:4] = np.nan
    both = validation_of_target(
        make_samples(np.arange(50) / 100, xy, xy), (0.5, 0.5), screen, expected=60
    )[2]
    assert both.samples == 46
    assert both.gaze_x_norm == pytest.approx(0.505)
    assert both.invalid_share == pytest.approx(4 / 60)
    assert both.missing_share == pytest.approx(10 / 60)
    assert both.accuracy_screen_px == pytest.approx(19.2 / 2)
    assert both.precision_rms_screen_px == pytest.approx(19.2)
    assert both.angles == "approximate"
    context = ValidationContext(fit_zoom=0.4, background_level=52.0)
    done = validation_of_targets(1.0, [both], LIMITS, context)
    assert done.accuracy_image_px == pytest.approx(19.2 / 2 / 0.4)
    assert done.precision_rms_image_px == pytest.approx(19.2 / 0.4)
    assert (done.fit_zoom, done.background_level) == (0.4, 52.0)
    assert parse_marker(done.to_json()) == done
    assert validation_of_targets(1.0, [both], LIMITS).accuracy_image_px is None


def test_angles_are_true_where_the_eyes_place_is_known(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    xy = np.full((20, 2), [0.52, 0.5])
    samples = make_samples(np.arange(20) / 100, xy, xy)
    near = replace(
        samples,
        left_origin_mm=np.full((20, 3), [-30.0, 0.0, 500.0]),
        right_origin_mm=np.full((20, 3), [30.0, 0.0, 500.0]),
    )
    area = DisplayArea((-298.85, 168.1, 0.0), (597.7, 0.0, 0.0), (0.0, -336.2, 0.0))
    found = validation_of_target(near, (0.5, 0.5), screen, area=area)
    offset_mm = 0.02 * screen.width_mm
    assert found[2].angles == "3d"
    assert found[2].accuracy_deg == pytest.approx(np.degrees(np.arctan(offset_mm / 500)))
    left_deg = np.degrees(np.arctan((offset_mm + 30) / 500) - np.arctan(30 / 500))
    assert found[0].accuracy_deg == pytest.approx(left_deg)
    assert validation_of_targets(1.0, found, LIMITS).angles == "3d"
    assert validation_of_target(samples, (0.5, 0.5), screen, area=area)[2].angles == "approximate"
