"""The analysis of one session: its gaze, events, readings and their quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from gazecore.analysis.fixation_table import fixations_on_image
from gazecore.analysis.gaze_table import gaze_on_image, in_time_order
from gazecore.analysis.quality_table import SessionGaze, quality_rows
from gazecore.analysis.readings import ReadingInterval, reading_intervals
from gazecore.analysis.started import session_screen, session_started
from gazecore.attention.case import CaseAttention, ReadingFixations, case_attention
from gazecore.events import detect_events
from gazecore.events.labels import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.analysis.corrections import CorrectionVersion
    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker, EyeName
    from gazecore.samples import GazeSamples
    from gazecore.study.protocol import Exclusion


@dataclass(frozen=True, slots=True)
class SessionAnalysis:
    """What came out of one session; tables as in `gaze_table`, `fixation_table`, `quality_table`.

    `fixations` are those on an image at rest: what lies in a pan is label 4 of `gaze` alone.
    `quality` holds one row per reading, without session_id, reader_id and simulated.
    """

    readings: tuple[ReadingInterval, ...]
    gaze: pl.DataFrame
    fixations: pl.DataFrame
    quality: tuple[dict[str, object], ...]
    simulated: bool

    def attention(self, reading: ReadingInterval, preset: str) -> CaseAttention:
        """The attention map of one of the session's readings."""
        return case_attention(
            ReadingFixations(
                reading.reading_id,
                reading.case_id,
                reading.image_height_px,
                reading.image_width_px,
                self.fixations.filter(
                    pl.col("reading_id") == reading.reading_id,
                    pl.col("case_id") == reading.case_id,
                ),
                self.simulated,
            ),
            preset,
        )


def analyse_session(
    samples: GazeSamples,
    markers: Sequence[AnyMarker],
    exclusion: Exclusion,
    *,
    screen: Screen | None = None,
    preset: str = "focusstation",
    eye: EyeName = "both",
    correction: CorrectionVersion | None = None,
) -> SessionAnalysis:
    """Analyse the gaze and markers of one session; options as for `gaze_on_image`."""
    started = session_started(markers)
    screen = screen or session_screen(markers)
    samples = in_time_order(samples)
    gaze = gaze_on_image(samples, markers, screen, eye=eye, correction=correction)
    xy_px = gaze.select("x_screen_px", "y_screen_px").to_numpy()
    events = detect_events(samples.t_s, xy_px, screen, preset=preset)
    gaze = gaze.with_columns(label=_labels(events.labels, gaze["during_pan"].to_numpy()))
    pieces = fixations_on_image(gaze, events.fixations, markers, screen)
    fixations = pieces.filter(~pl.col("during_pan")).drop("during_pan")
    readings = reading_intervals(markers)
    tracked = SessionGaze(samples, gaze, fixations, markers, screen)
    quality = quality_rows(readings, tracked, exclusion)
    return SessionAnalysis(
        readings, gaze, fixations, quality, started is not None and started.simulated
    )


def _labels(labels: npt.NDArray[np.uint8], during_pan: npt.NDArray[np.bool_]) -> pl.Series:
    """What looks like a fixation while the image is moved is the pursuit of it."""
    pursued = during_pan & (labels == Label.FIXATION)
    return pl.Series(np.where(pursued, Label.PURSUIT, labels).astype(np.uint8))
