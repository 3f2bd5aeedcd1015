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
- of derivatives only: preset, simulated
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs

from gazecore.analysis.history import History, session_history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.analysis.viewports import ShownViewport
    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_SHOWN = ("shown_left_px", "shown_top_px", "shown_right_px", "shown_bottom_px")
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
    sigma_px = _px_per_deg(history, state, placed.xy_px, screen)
    shown_px = _shown_px(history, t_s, state)
    return (
        pieces.with_columns(
            x_image_px=placed.xy_px[:, 0],
            y_image_px=placed.xy_px[:, 1],
            on_image=placed.on_image,
            in_viewport=placed.in_viewport,
            sigma_x_image_px=sigma_px[:, 0],
            sigma_y_image_px=sigma_px[:, 1],
            **{name: shown_px[:, i] for i, name in enumerate(_SHOWN)},
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
        )
    )
    ends = pl.Series(offset_s[pieces["fixation"].to_numpy()], dtype=pl.Float64)
    return pieces.with_columns(
        piece=pl.int_range(pl.len(), dtype=pl.Int64).over("fixation"),
        offset_s=pl.col("onset_s").shift(-1).over("fixation").fill_null(ends),
    ).with_columns(duration_s=pl.col("offset_s") - pl.col("onset_s"))


def _px_per_deg(history: History, state: Ints, xy_image: Array, screen: Screen) -> Array:
    """Image pixels per degree along the image's axes (n, 2), NaN where the place is not known."""
    per_deg = np.full((len(state), 2), np.nan)
    for rows, shown in _by_state(history, state):
        for axis in (0, 1):
            step = np.zeros(2)
            step[axis] = 0.5
            before, after = (shown.transform.to_screen(xy_image[rows] + s) for s in (-step, step))
            per_deg[rows, axis] = 1 / screen.angle_deg(before, after)
    return per_deg


def _shown_px(history: History, t_s: Array, state: Ints) -> Array:
    """Rectangle of the image shown at each time (n, 4), NaN without a viewport."""
    shown_px = np.full((len(t_s), 4), np.nan)
    size_px = history.image_size_px(history.reading_at(t_s), state)
    for rows, shown in _by_state(history, state):
        shown_px[rows] = shown.shown_image_px(*size_px[rows[0]])
    return shown_px


def _by_state(history: History, state: Ints) -> list[tuple[Ints, ShownViewport]]:
    """Row numbers by the viewport state."""
    return [
        (np.flatnonzero(state == index), history.timeline.states[index])
        for index in np.unique(state[state >= 0])
    ]
