"""Every gaze sample on the image it was looking at, through the viewport valid at its time.

Columns of ``derivatives/gaze/<session>.parquet``, a row per sample in rising time:

- t_s: time on the recording's clock
- sequence: what the driver counted, -1 unknown
- x_screen_px, y_screen_px: gaze point in physical pixels of the tracked screen; null when lost
- eyes_used: 0 none, 1 left, 2 right, 3 both
- left_pupil_mm, right_pupil_mm
- reading_id, case_id: what was being read, null between readings; of several viewports the case
  is that of the one looked at
- viewport, viewport_serial: which viewport was looked at, from 0, and its state shown; null where
  none of this reading was
- frame: which frame of a multi-frame image it shows, from 0; null without a viewport
- x_image_px, y_image_px: gaze point in image pixels, may lie outside; null without a viewport
- on_image: inside the image; in_viewport: inside the viewport's rectangle on the screen
- during_pan: the reader was moving the image, or had just stopped (`gazecore.analysis.pans`)
- of derivatives only: label: 0 undefined, 1 fixation, 2 saccade, 3 post-saccadic oscillation,
  4 pursuit (of a pan: what would be a fixation on a still image), 5 loss; preset, simulated
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs

from gazecore.analysis.history import session_history
from gazecore.analysis.pans import during_pan
from gazecore.analysis.started import session_screen
from gazecore.samples import GazeSamples, gaze_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.analysis.corrections import CorrectionVersion
    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker, EyeName


def in_time_order(samples: GazeSamples) -> GazeSamples:
    """The samples with finite times in rising order; equal times keep their order."""
    usable = np.flatnonzero(np.isfinite(samples.t_s))
    order = usable[np.argsort(samples.t_s[usable], kind="stable")]
    if np.array_equal(order, np.arange(len(samples))):
        return samples
    return GazeSamples(*(getattr(samples, field.name)[order] for field in fields(samples)))


def gaze_on_image(
    samples: GazeSamples,
    markers: Sequence[AnyMarker],
    screen: Screen | None = None,
    *,
    eye: EyeName = "both",
    correction: CorrectionVersion | None = None,
) -> pl.DataFrame:
    """A row per sample with its place on the screen and on the image, in rising time.

    Parameters
    ----------
    samples : GazeSamples
        Samples without a finite time are left out.
    markers : sequence of markers
        Those of one session, `t_s` on the samples' clock.
    screen : Screen, optional
        The tracked screen; by default the one the session recorded.
    eye : {"both", "left", "right"}
        The eye that counts.
    correction : CorrectionVersion, optional
        Applied to the gaze point; the samples stay as they are.

    Raises
    ------
    InputError
        No screen is given and the markers name none.
    """
    samples = in_time_order(samples)
    screen = screen or session_screen(markers)
    history = session_history(markers)
    xy_norm, eyes_used = gaze_point(samples, eye)
    if correction is not None:
        xy_norm = correction.apply(samples.t_s, xy_norm)
    xy_screen = screen.from_norm(xy_norm)
    reading, state = history.reading_at(samples.t_s), history.state_at(samples.t_s, xy_screen)
    placed = history.to_image(samples.t_s, xy_screen, state)
    states = history.timeline.states
    table = pl.DataFrame(
        {
            "t_s": samples.t_s,
            "sequence": samples.sequence,
            "x_screen_px": xy_screen[:, 0],
            "y_screen_px": xy_screen[:, 1],
            "eyes_used": eyes_used,
            "left_pupil_mm": samples.left_pupil_mm,
            "right_pupil_mm": samples.right_pupil_mm,
            "reading_id": chosen([r.reading_id for r in history.readings], reading, pl.String),
            "case_id": pl.Series(history.case_ids(reading, state), dtype=pl.String),
            "viewport": chosen([s.viewport for s in states], state, pl.Int64),
            "viewport_serial": chosen([s.serial for s in states], state, pl.Int64),
            "frame": chosen([s.frame for s in states], state, pl.Int64),
            "x_image_px": placed.xy_px[:, 0],
            "y_image_px": placed.xy_px[:, 1],
            "on_image": placed.on_image,
            "in_viewport": placed.in_viewport,
            "during_pan": during_pan(history.timeline, samples.t_s, state),
        }
    )
    return table.with_columns(cs.float().fill_nan(None))


def chosen(
    values: Sequence[str | int], index: npt.NDArray[np.intp], kind: type[pl.DataType]
) -> pl.Series:
    """values[index], null where the index is -1."""
    series = pl.Series(values=[*values, None], dtype=kind)
    return series.gather(np.where(index < 0, len(values), index).astype(np.int64))
