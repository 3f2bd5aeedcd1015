"""Validation figures per eye and target, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.messages import TargetError, parse_marker
from gazecore.quality import (
    ValidationLimits,
    drift_at_target,
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


def test_drift(make_samples: Callable[..., GazeSamples], screen: Screen) -> None:
    xy = np.full((30, 2), [0.51, 0.5])
    samples = make_samples(np.arange(30) / 100, xy, xy)
    found = drift_at_target(1.0, samples, (0.5, 0.5), screen, max_drift_deg=1.5)
    assert found.offset_x_deg == pytest.approx(float(screen.angle_deg([960, 540], [979.2, 540])))
    assert found.offset_y_deg == pytest.approx(0, abs=1e-9)
    assert found.passed
    assert not drift_at_target(1.0, samples, (0.5, 0.6), screen, max_drift_deg=1.5).passed
    blind = drift_at_target(1.0, samples.between(90, 91), (0.5, 0.5), screen, 1.5)
    assert (blind.offset_x_deg, blind.passed) == (None, False)
