"""How far mapped gaze lies from the truth found in grabbed screen pixels.

The truth does not use the transform under test: discs of a phantom are found in the pixels of the
screen, a transform is fitted to their centroids, and the tracker's true gaze point goes through
that. Only the pairing of a disc found with its place in the phantom starts from the recorded
transform, and a wrong pairing shows as a residual, because the discs form no regular grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from gazecore.geometry import Transform

MAX_RESIDUAL_PX = 0.5
"""A fit worse than this paired discs wrongly, or the pixels are not those of the phantom."""

GUARD_S = 0.05
"""Samples this close to a viewport change are left out (DESIGN's pass mark)."""


@dataclass(frozen=True, slots=True)
class GrabbedState:
    """A steady state of the viewport with the transform fitted to its grabbed pixels."""

    from_s: float
    to_s: float
    fitted: Transform
    residual_px: float


@dataclass(frozen=True, slots=True)
class GazeImageError:
    """Distances in screen pixels between mapped and true gaze.

    `unfitted` counts grabbed states in which the phantom was not found where it should be; the
    check holds only if there is none.
    """

    median_px: float
    p95_px: float
    wrong_viewport_median_px: float
    samples: int
    states: int
    unfitted: int = 0


@dataclass(frozen=True, slots=True)
class MappedGaze:
    """Samples as recorded and mapped, with the tracker's true gaze point, all (n,) or (n, 2)."""

    t_s: npt.NDArray[np.float64]
    true_screen_px: npt.NDArray[np.float64]
    mapped_image_px: npt.NDArray[np.float64]


def gaze_image_error(
    gaze: MappedGaze, states: Sequence[GrabbedState], wrong: Transform
) -> GazeImageError:
    """Compare mapped gaze with the truth of each grabbed state.

    Parameters
    ----------
    gaze : MappedGaze
        NaN rows (blinks) are left out.
    states : sequence of GrabbedState
        Times on the recording's clock; each is narrowed by `GUARD_S` on both sides.
    wrong : Transform
        A viewport that was not shown at the time: the control that must fail.
    """
    distances, wrong_distances = [np.empty(0)], [np.empty(0)]
    fitted = [state for state in states if state.residual_px <= MAX_RESIDUAL_PX]
    unfitted = len(states) - len(fitted)
    for state in fitted:
        inside = (gaze.t_s >= state.from_s + GUARD_S) & (gaze.t_s <= state.to_s - GUARD_S)
        inside &= np.isfinite(gaze.mapped_image_px).all(axis=1)
        true_px = gaze.true_screen_px[inside]
        ours_px = state.fitted.to_screen(gaze.mapped_image_px[inside])
        distances.append(np.hypot(*(ours_px - true_px).T))
        wrong_px = state.fitted.to_screen(wrong.to_image(true_px))
        wrong_distances.append(np.hypot(*(wrong_px - true_px).T))
    all_px, all_wrong_px = np.concatenate(distances), np.concatenate(wrong_distances)
    if not len(all_px):
        return GazeImageError(np.nan, np.nan, np.nan, 0, len(fitted), unfitted)
    return GazeImageError(
        median_px=float(np.median(all_px)),
        p95_px=float(np.percentile(all_px, 95)),
        wrong_viewport_median_px=float(np.median(all_wrong_px)),
        samples=len(all_px),
        states=len(fitted),
        unfitted=unfitted,
    )
