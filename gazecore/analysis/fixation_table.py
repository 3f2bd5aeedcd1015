"""Fixations on the image, split where the viewport or the reading changed under them.

Also split where a pan begins and ends: what lies in it is the eye following the image and no
fixation on it. `fixations_on_image` flags such pieces; the derivatives leave them out.

Columns of ``derivatives/fixations/<session>.parquet``, a row per piece in rising time:

- fixation: number in the session; piece: 0, or 1, 2... after a change under the same fixation
- onset_s, offset_s, duration_s: half-open; pieces of one fixation join without a gap
- samples, samples_lost
- x_screen_px, y_screen_px: mean of the piece's samples that were not lost, null without one
- reading_id, case_id, viewport, viewport_serial, frame: null between readings
- x_image_px, y_image_px: that mean through the piece's viewport, null without one
- on_image, in_viewport: as for samples; not in derivatives: during_pan
- sigma_x_image_px, sigma_y_image_px: image pixels per degree of visual angle there, along the
  image's own axes; null where the place or the viewport is
- shown_left_px, shown_top_px, shown_right_px, shown_bottom_px: the part of the image shown
- shown_left_screen_px, shown_top_screen_px, shown_right_screen_px, shown_bottom_screen_px: where
  that part lies on the screen
- window_center, window_width: of the window it was seen through, in the units of the image
- pupil_mm: mean over the samples and eyes measured, null without one
- of derivatives only: preset, simulated
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import polars.selectors as cs

from gazecore.analysis.history import session_history
from gazecore.analysis.shown_states import ShownStates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker

_SHOWN = ("shown_left_px", "shown_top_px", "shown_right_px", "shown_bottom_px")
_ON_SCREEN = tuple(name.replace("_px", "_screen_px") for name in _SHOWN)
_COLUMNS = (
    "fixation",
    "piece",
    "onset_s",
    "offset_s",
    "duration_s",
    "samples",
    "samples_lost",
    "x_screen_px",
    "y_screen_px",
    "reading_id",
    "case_id",
    "viewport",
    "viewport_serial",
    "frame",
    "x_image_px",
    "y_image_px",
    "on_image",
    "in_viewport",
    "during_pan",
    "sigma_x_image_px",
    "sigma_y_image_px",
    *_SHOWN,
    *_ON_SCREEN,
    "window_center",
    "window_width",
    "pupil_mm",
)


def fixations_on_image(
    gaze: pl.DataFrame, fixations: pl.DataFrame, markers: Sequence[AnyMarker], screen: Screen
) -> pl.DataFrame:
    """The fixations of a session in pieces, each under one viewport of one reading.

    Parameters
    ----------
    gaze : polars.DataFrame
        From `gazecore.analysis.gaze_on_image`.
    fixations : polars.DataFrame
        `Events.fixations` of the same samples.
    markers, screen
        As for `gaze_on_image`.
    """
    pieces = _pieces(gaze, fixations)
    history = session_history(markers)
    t_s = pieces["onset_s"].to_numpy()
    xy_screen = pieces.select("x_screen_px", "y_screen_px").to_numpy().astype(np.float64)
    state = history.states_of(pieces["viewport_serial"])
    placed = history.to_image(t_s, xy_screen, state)
    states = ShownStates.of(history)
    sigma_px = states.px_per_deg(state, placed.xy_px, screen)
    return (
        pieces.with_columns(
            x_image_px=placed.xy_px[:, 0],
            y_image_px=placed.xy_px[:, 1],
            on_image=placed.on_image,
            in_viewport=placed.in_viewport,
            sigma_x_image_px=sigma_px[:, 0],
            sigma_y_image_px=sigma_px[:, 1],
            window_center=states.windows[state, 0],
            window_width=states.windows[state, 1],
            **{name: states.image_px[state, i] for i, name in enumerate(_SHOWN)},
            **{name: states.image_on_screen_px[state, i] for i, name in enumerate(_ON_SCREEN)},
        )
        .with_columns(cs.float().fill_nan(None))
        .select(_COLUMNS)
    )


def _pieces(gaze: pl.DataFrame, fixations: pl.DataFrame) -> pl.DataFrame:
    """A row per stretch of samples of one fixation under one viewport of one reading."""
    offset_s = np.append(fixations["offset_s"].to_numpy(), -np.inf)
    t_s = gaze["t_s"].to_numpy()
    number = np.searchsorted(fixations["onset_s"].to_numpy(), t_s, side="right") - 1
    same = ("fixation", "reading_id", "viewport_serial", "during_pan")
    starts = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in same)
    pieces = (
        gaze.with_columns(fixation=number)
        .filter(pl.Series(t_s < offset_s[number]))
        .with_columns(run=starts.cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col(*same, "case_id", "viewport", "frame").first(),
            pl.col("t_s").first().alias("onset_s"),
            samples=pl.len().cast(pl.Int64),
            samples_lost=pl.col("x_screen_px").null_count().cast(pl.Int64),
            x_screen_px=pl.col("x_screen_px").mean(),
            y_screen_px=pl.col("y_screen_px").mean(),
            pupil_mm=pl.mean_horizontal("left_pupil_mm", "right_pupil_mm").mean(),
        )
    )
    ends = pl.Series(offset_s[pieces["fixation"].to_numpy()], dtype=pl.Float64)
    return pieces.with_columns(
        piece=pl.int_range(pl.len(), dtype=pl.Int64).over("fixation"),
        offset_s=pl.col("onset_s").shift(-1).over("fixation").fill_null(ends),
    ).with_columns(duration_s=pl.col("offset_s") - pl.col("onset_s"))
