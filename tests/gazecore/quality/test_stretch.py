"""Loss, rate and gaps of a stretch of gaze."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.quality import live_quality, stretch_quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.geometry import Screen
    from gazecore.samples import GazeSamples


def test_a_stretch_with_losses_and_missing_samples(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    t_s = np.arange(200) / 100
    left, right = np.full((200, 2), 0.5), np.full((200, 2), 0.5)
    left[20:40] = np.nan
    right[30:40] = np.nan
    kept = np.delete(np.arange(200), np.arange(100, 120))
    samples = make_samples(t_s[kept], left[kept], right[kept], sequence=kept)
    found = stretch_quality(samples, 0.0, 2.0, screen)
    assert (found.received, found.missing) == (180, 20)
    assert found.data_loss == pytest.approx((10 + 20) / 200)
    assert found.data_loss_left == pytest.approx((20 + 20) / 200)
    assert found.data_loss_right == pytest.approx((10 + 20) / 200)
    assert found.rate_hz == pytest.approx(100)
    assert found.effective_rate_hz == pytest.approx(170 / 2)
    assert found.largest_gap_s == pytest.approx(0.21)
    assert found.jitter_deg == 0
    assert found.pupil_mm == 3.5


def test_without_sequence_numbers_the_interval_tells(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    kept = np.delete(np.arange(200), np.arange(100, 120))
    xy = np.full((180, 2), 0.5)
    samples = make_samples(kept / 100, xy, xy, sequence=np.full(180, np.nan))
    assert stretch_quality(samples, 0.0, 2.0, screen).missing == 20


def test_only_what_lies_between_counts(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    xy = np.full((100, 2), 0.5)
    order = np.random.default_rng(0).permutation(100)
    samples = make_samples((np.arange(100) / 100)[order], xy, xy, sequence=order)
    found = stretch_quality(samples, 0.25, 0.75, screen)
    assert (found.received, found.missing) == (50, 0)
    assert found.largest_gap_s == pytest.approx(0.01)


def test_nothing_is_all_lost(make_samples: Callable[..., GazeSamples], screen: Screen) -> None:
    nothing = make_samples(np.empty(0), np.empty((0, 2)), np.empty((0, 2)))
    for found in (stretch_quality(nothing, 0.0, 1.0, screen), live_quality(nothing, screen)):
        assert (found.received, found.data_loss) == (0, 1.0)
        assert found.rate_hz is None
        assert found.pupil_mm is None
        assert found.jitter_deg is None
    assert stretch_quality(nothing, 1.0, 1.0, screen).largest_gap_s is None


def test_live_quality_is_of_the_last_seconds(
    make_samples: Callable[..., GazeSamples], screen: Screen
) -> None:
    xy = np.full((1000, 2), 0.5)
    xy[900:] = np.nan
    samples = make_samples(np.arange(1000) / 100, xy, xy)
    assert live_quality(samples, screen).data_loss == pytest.approx(0.5)
    assert live_quality(samples, screen, seconds=1.0).data_loss == 1.0
    later = live_quality(samples, screen, now_s=11.0)
    assert (later.received, later.largest_gap_s) == (100, 2.0)
