"""A scanpath: the fixations of a reading in order, on the image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from gazecore.errors import InvalidSettingError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scanpath:
    """Fixations in order: xy_px (n, 2) in image pixels, duration_s (n,), none lost."""

    xy_px: Array
    duration_s: Array

    def __post_init__(self) -> None:
        """Refuse what is no scanpath."""
        if self.xy_px.shape != (len(self.duration_s), 2) or self.duration_s.ndim != 1:
            shapes = self.xy_px.shape, self.duration_s.shape
            raise InvalidSettingError("shapes of a scanpath", shapes, "(n, 2) and (n,)")
        known = np.isfinite(self.xy_px).all() and np.isfinite(self.duration_s).all()
        if not known or (self.duration_s < 0).any():
            raise InvalidSettingError("scanpath", "NaN or time under 0", "known fixations alone")

    def __len__(self) -> int:
        """Return the number of fixations."""
        return len(self.duration_s)

    @classmethod
    def of_reading(cls, fixations: pl.DataFrame) -> Scanpath:
        """The scanpath of one reading from its table (`gazecore.analysis.fixation_table`).

        A fixation in several pieces, because the viewport changed under it, lies where its
        longest piece with a place does and lasts as long as all of them. Those without a place
        or outside the viewport in every piece are left out.
        """
        known = fixations.filter(
            pl.col("x_image_px").is_not_null()
            & pl.col("y_image_px").is_not_null()
            & pl.col("in_viewport")
        )
        longest = pl.col("duration_s").arg_max()
        table = (
            known.group_by("fixation", maintain_order=True)
            .agg(
                pl.col("x_image_px").get(longest),
                pl.col("y_image_px").get(longest),
                pl.col("duration_s").sum(),
                pl.col("onset_s").min(),
            )
            .sort("onset_s")
        )
        xy_px = table.select("x_image_px", "y_image_px").to_numpy().astype(np.float64)
        return cls(xy_px, table["duration_s"].to_numpy().astype(np.float64))
