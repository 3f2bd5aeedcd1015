"""How long and when a reader looked at each area of interest, from the fixations of a reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from gazecore.attention.aois import contains, probability_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.attention.aois import Aoi

Array = npt.NDArray[np.float64]
_MEAN_OF_RAYLEIGH = float(np.sqrt(np.pi / 2))
"""Mean distance of a two-dimensional Gaussian error of standard deviation 1 per axis."""


@dataclass(frozen=True, slots=True)
class ReadingTime:
    """When a reading began on the clock of its fixations, and how long it took."""

    start_s: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class AoiDwell:
    """Looking at one area in one reading.

    Attributes
    ----------
    aoi : str
    dwell_s : float
        Time of all fixation pieces in the area.
    fixations : int
        Fixations with a piece in the area; a fixation cut by a change of the viewport counts
        once.
    visits, revisits : int
        Runs of pieces in the area without one elsewhere between, and those after the first.
    first_fixation_s : float or None
        From the opening of the case to the first piece in the area; None when it was never seen.
    first_visit_s : float
        Dwell of the first visit (first-pass dwell time), 0 without one.
    share_of_fixations : float or None
        `dwell_s` over the time of all fixations with a known place; None without any.
    share_of_reading : float or None
        `dwell_s` over the time of the reading.
    expected_dwell_s, expected_fixations : float or None
        The same by probability: each piece counts by the chance that it lies in the area given
        the tracker's error, a fixation by its likeliest piece. None where the error is unknown.
        The error of a reading is mostly one offset, so fixations do not err on their own: these
        are expectations, and their chances must not be multiplied.
    """

    aoi: str
    dwell_s: float
    fixations: int
    visits: int
    revisits: int
    first_fixation_s: float | None
    first_visit_s: float
    share_of_fixations: float | None
    share_of_reading: float | None
    expected_dwell_s: float | None
    expected_fixations: float | None


def aoi_dwell(
    fixations: pl.DataFrame,
    aois: Sequence[Aoi],
    time: ReadingTime,
    *,
    accuracy_deg: float | None = None,
) -> tuple[AoiDwell, ...]:
    """Looking at each area in one reading; areas may overlap, each is told on its own.

    Parameters
    ----------
    fixations : polars.DataFrame
        Of one reading, with the columns of `gazecore.analysis.fixation_table`. Pieces without a
        place tell nothing; one outside the viewport is elsewhere.
    aois : sequence of Aoi
        On the image the reading shows.
    time : ReadingTime
    accuracy_deg : float, optional
        The tracker's mean error as its validation measured it; taken as a Gaussian around the
        measured point, of ``accuracy / sqrt(pi / 2)`` per axis.
    """
    known = fixations.filter(
        pl.col("x_image_px").is_not_null() & pl.col("y_image_px").is_not_null()
    ).sort("onset_s")
    xy_px = known.select("x_image_px", "y_image_px").to_numpy().astype(np.float64)
    shown = known["in_viewport"].fill_null(value=False).to_numpy()
    sigma_px = None
    if accuracy_deg is not None and np.isfinite(accuracy_deg):
        per_deg = known.select("sigma_x_image_px", "sigma_y_image_px").to_numpy()
        sigma_px = per_deg.astype(np.float64) * accuracy_deg / _MEAN_OF_RAYLEIGH
    return tuple(
        _dwell(
            aoi.name,
            known,
            contains(aoi, xy_px) & shown,
            None if sigma_px is None else probability_in(aoi, xy_px, sigma_px) * shown,
            time,
        )
        for aoi in aois
    )


def _dwell(
    name: str,
    pieces: pl.DataFrame,
    inside: npt.NDArray[np.bool_],
    probability: Array | None,
    time: ReadingTime,
) -> AoiDwell:
    duration_s = pieces["duration_s"].to_numpy()
    fixation = pieces["fixation"].to_numpy()
    visit = np.cumsum(inside & ~np.concatenate([[False], inside[:-1]])) * inside
    visits, dwell_s = int(visit.max(initial=0)), float(duration_s[inside].sum())
    first_s = float(pieces["onset_s"].to_numpy()[inside][0]) if visits else None
    total_s = float(duration_s.sum())
    return AoiDwell(
        aoi=name,
        dwell_s=dwell_s,
        fixations=len(np.unique(fixation[inside])),
        visits=visits,
        revisits=max(visits - 1, 0),
        first_fixation_s=None if first_s is None else first_s - time.start_s,
        first_visit_s=float(duration_s[visit == 1].sum()),
        share_of_fixations=dwell_s / total_s if total_s > 0 else None,
        share_of_reading=dwell_s / time.duration_s if time.duration_s > 0 else None,
        expected_dwell_s=None if probability is None else float(probability @ duration_s),
        expected_fixations=None if probability is None else _likeliest(fixation, probability),
    )


def _likeliest(fixation: npt.NDArray[np.int64], probability: Array) -> float:
    """Sum over fixations of the highest probability among their pieces."""
    _, number = np.unique(fixation, return_inverse=True)
    highest = np.zeros(int(number.max(initial=-1)) + 1)
    np.maximum.at(highest, number, probability)
    return float(highest.sum())
