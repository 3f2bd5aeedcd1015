"""Gaze samples made of arrays, and a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest

from gazecore.geometry import Screen
from gazecore.samples import GAZE_CHANNELS, GAZE_LABELS, GazeSamples

if TYPE_CHECKING:
    from collections.abc import Callable

    Array = npt.NDArray[np.float64]


def samples_of(
    t_s: Array, left_norm: Array, right_norm: Array, sequence: Array | None = None
) -> GazeSamples:
    """Samples of two eyes (n, 2), NaN is lost; pupils of 3 and 4 mm."""
    values = np.full((len(t_s), len(GAZE_CHANNELS)), np.nan)
    column = GAZE_LABELS.index
    values[:, column("sequence")] = np.arange(len(t_s)) if sequence is None else sequence
    for eye, xy, pupil in (("left", left_norm, 3.0), ("right", right_norm, 4.0)):
        values[:, [column(f"{eye}_gaze_x"), column(f"{eye}_gaze_y")]] = xy
        values[:, column(f"{eye}_gaze_valid")] = np.isfinite(xy).all(axis=1)
        values[:, column(f"{eye}_pupil_diameter")] = pupil
        values[:, column(f"{eye}_pupil_valid")] = 1
    return GazeSamples.from_channels(t_s, values)


@pytest.fixture
def make_samples() -> Callable[..., GazeSamples]:
    """Make samples from times and two eyes; see `samples_of`."""
    return samples_of


@pytest.fixture
def screen() -> Screen:
    """A 27 inch screen at 65 cm."""
    return Screen(1920, 1080, 597.7, 336.2, 650)
