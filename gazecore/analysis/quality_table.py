"""How well gaze was tracked in each reading, and whether the reading can be used.

Columns of ``derivatives/quality.parquet``, a row per reading:

- reading_id, session_id, reader_id, case_id, start_s, stop_s, duration_s
- received, missing, data_loss, data_loss_left, data_loss_right, rate_hz, effective_rate_hz,
  largest_gap_s, jitter_deg, pupil_mm: see `gazecore.quality.StretchQuality`
- invalid_share, invalid_share_left, invalid_share_right, missing_share: the two parts of the loss,
  of the samples due: came without valid gaze, never came
- on_image_share, off_image_share: of valid samples
- fixations, median_fixation_s
- precision_rms_deg, precision_std_deg, precision_bcea_deg2, each also of the left and the right
  eye: medians over the reading's fixations; bcea_probability: the share that the ellipse holds
- accuracy_deg, accuracy_left_deg, accuracy_right_deg: of the last validation before it, medians
  over targets; drift_deg: of the last drift check before it
- closed, usable, verdict (reasons, empty when usable), simulated, correction (version of what
  corrected gaze, null where nothing did; the eyes by themselves are never corrected)
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gazecore.analysis.verdicts import (
    quality_verdict,
    screen_verdict,
    target_drifts_deg,
    validation_before,
)
from gazecore.quality import BCEA_PROBABILITY, precision_in_intervals, stretch_quality
from gazecore.quality.measures import xy_of_eye

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.analysis.readings import ReadingInterval
    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker, EyeName, ValidationDone
    from gazecore.quality import StretchQuality
    from gazecore.samples import GazeSamples
    from gazecore.study.protocol import Exclusion

_EYES: tuple[EyeName, ...] = ("both", "left", "right")
_PRECISION_NAMES = tuple(
    (f"precision_rms{eye}_deg", f"precision_std{eye}_deg", f"precision_bcea{eye}_deg2")
    for eye in ("", "_left", "_right")
)


def precision_names() -> tuple[str, ...]:
    """The columns of precision: of the gaze point, the left eye, the right eye."""
    return tuple(name for names in _PRECISION_NAMES for name in names)


QUALITY_SCHEMA = {
    **dict.fromkeys(("reading_id", "session_id", "reader_id", "case_id"), pl.String),
    **dict.fromkeys(("start_s", "stop_s", "duration_s"), pl.Float64),
    **dict.fromkeys(("received", "missing"), pl.Int64),
    **dict.fromkeys(("data_loss", "data_loss_left", "data_loss_right"), pl.Float64),
    **dict.fromkeys(("rate_hz", "effective_rate_hz", "largest_gap_s"), pl.Float64),
    **dict.fromkeys(("jitter_deg", "pupil_mm", "on_image_share"), pl.Float64),
    **dict.fromkeys(("off_image_share", "invalid_share", "invalid_share_left"), pl.Float64),
    **dict.fromkeys(("invalid_share_right", "missing_share"), pl.Float64),
    "fixations": pl.Int64,
    "median_fixation_s": pl.Float64,
    **dict.fromkeys(precision_names(), pl.Float64),
    "bcea_probability": pl.Float64,
    **dict.fromkeys(("accuracy_deg", "accuracy_left_deg", "accuracy_right_deg"), pl.Float64),
    "drift_deg": pl.Float64,
    **dict.fromkeys(("closed", "usable"), pl.Boolean),
    "verdict": pl.String,
    "simulated": pl.Boolean,
    "correction": pl.Int64,
}
"""Names and types of the columns, in order."""


@dataclass(frozen=True, slots=True, eq=False)
class SessionGaze:
    """What the quality of a session's readings is measured on.

    Attributes
    ----------
    samples : GazeSamples
        In rising time.
    gaze : polars.DataFrame
        From `gaze_on_image`, a row per sample, with labels.
    fixations : polars.DataFrame
        In pieces, from `fixations_on_image`.
    markers : sequence of markers
    screen : Screen
    """

    samples: GazeSamples
    gaze: pl.DataFrame
    fixations: pl.DataFrame
    markers: Sequence[AnyMarker]
    screen: Screen


def quality_rows(
    readings: Sequence[ReadingInterval], session: SessionGaze, exclusion: Exclusion
) -> tuple[dict[str, object], ...]:
    """The row of each reading, without the session's columns."""
    fixations = session.fixations.with_columns(**_precision_of_fixations(session))
    return tuple(_row(reading, session, fixations, exclusion) for reading in readings)


def _row(
    reading: ReadingInterval, session: SessionGaze, fixations: pl.DataFrame, exclusion: Exclusion
) -> dict[str, object]:
    stretch = stretch_quality(session.samples, reading.start_s, reading.stop_s, session.screen)
    rows = session.gaze.filter(pl.col("reading_id") == reading.reading_id)
    valid = rows.filter(pl.col("x_screen_px").is_not_null())
    mine = fixations.filter(pl.col("reading_id") == reading.reading_id)
    on_image = float(valid["on_image"].cast(pl.Float64).mean()) if valid.height else None
    row: dict[str, object] = {
        "reading_id": reading.reading_id,
        "case_id": reading.case_id,
        "start_s": reading.start_s,
        "stop_s": reading.stop_s,
        "duration_s": reading.stop_s - reading.start_s,
        **asdict(stretch),
        **_loss_parts(stretch),
        "on_image_share": on_image,
        "off_image_share": None if on_image is None else 1 - on_image,
        "fixations": mine["fixation"].n_unique(),
        "median_fixation_s": _fixation_s(mine),
        **{name: mine[name].drop_nans().median() for name in precision_names()},
        "bcea_probability": BCEA_PROBABILITY,
        **_accuracies_deg(validation_before(session.markers, reading.start_s)),
        "drift_deg": (target_drifts_deg(session.markers, reading.start_s) or [None])[-1],
        "closed": reading.closed,
    }
    verdict = quality_verdict(row, exclusion) + screen_verdict(session.markers, reading)
    return {**row, "usable": not verdict, "verdict": "; ".join(verdict)}


def _loss_parts(stretch: StretchQuality) -> dict[str, float]:
    """The shares of the samples due that came without valid gaze, and that never came."""
    due = stretch.received + stretch.missing
    missing = stretch.missing / due if due else 1.0
    return {
        "invalid_share": stretch.data_loss - missing,
        "invalid_share_left": stretch.data_loss_left - missing,
        "invalid_share_right": stretch.data_loss_right - missing,
        "missing_share": missing,
    }


def _accuracies_deg(validation: ValidationDone | None) -> dict[str, float | None]:
    """What a validation says of gaze and of each eye, medians over its targets."""
    if validation is None:
        return {"accuracy_deg": None, "accuracy_left_deg": None, "accuracy_right_deg": None}
    found: dict[str, float | None] = {"accuracy_deg": validation.accuracy_deg}
    for eye in ("left", "right"):
        angles = [target.accuracy_deg for target in validation.targets if target.eye == eye]
        known = [angle for angle in angles if angle is not None]
        found[f"accuracy_{eye}_deg"] = float(np.median(known)) if known else None
    return found


def _fixation_s(fixations: pl.DataFrame) -> object:
    return fixations.group_by("fixation").agg(pl.col("duration_s").sum())["duration_s"].median()


def _precision_of_fixations(session: SessionGaze) -> dict[str, pl.Series]:
    """Precision in each piece of a fixation: of the gaze point, and of each eye as it came."""
    t_s = session.gaze["t_s"].to_numpy()
    ends = (session.fixations[name].to_numpy() for name in ("onset_s", "offset_s"))
    bounds = np.stack([np.searchsorted(t_s, end) for end in ends], axis=1)
    gaze = session.gaze.select("x_screen_px", "y_screen_px").to_numpy().astype(np.float64)
    found: dict[str, pl.Series] = {}
    for eye, names in zip(_EYES, _PRECISION_NAMES, strict=True):
        if eye != "both":
            gaze = session.screen.from_norm(xy_of_eye(session.samples, eye))
        precision = precision_in_intervals(gaze, bounds, session.screen)
        values = (precision.rms_deg, precision.std_deg, precision.bcea_deg2)
        found |= {name: pl.Series(each) for name, each in zip(names, values, strict=True)}
    return found
