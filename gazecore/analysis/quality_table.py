"""How well gaze was tracked in each reading, and whether the reading can be used.

Columns of ``derivatives/quality.parquet``, a row per reading: reading_id, session_id, reader_id,
case_id, start_s, stop_s, duration_s; received, missing, data_loss, data_loss_left,
data_loss_right, rate_hz, effective_rate_hz, largest_gap_s, jitter_deg, pupil_mm (see
`gazecore.quality.StretchQuality`); on_image_share (of valid samples); fixations,
median_fixation_s, precision_rms_deg, precision_std_deg (medians over its fixations);
accuracy_deg (of the last validation before it); drift_deg (of the last drift check before it);
closed, usable, verdict (reasons, empty when usable), simulated, correction (version of what
corrected gaze, null where nothing did).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gazecore.messages import DriftChecked, ScreenChanged, ValidationDone
from gazecore.quality import precision_rms_deg, precision_std_deg, stretch_quality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.analysis.readings import ReadingInterval
    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker
    from gazecore.samples import GazeSamples
    from gazecore.study.protocol import Exclusion

QUALITY_SCHEMA = {
    **dict.fromkeys(("reading_id", "session_id", "reader_id", "case_id"), pl.String),
    **dict.fromkeys(("start_s", "stop_s", "duration_s"), pl.Float64),
    **dict.fromkeys(("received", "missing"), pl.Int64),
    **dict.fromkeys(("data_loss", "data_loss_left", "data_loss_right"), pl.Float64),
    **dict.fromkeys(("rate_hz", "effective_rate_hz", "largest_gap_s"), pl.Float64),
    **dict.fromkeys(("jitter_deg", "pupil_mm", "on_image_share"), pl.Float64),
    "fixations": pl.Int64,
    **dict.fromkeys(("median_fixation_s", "precision_rms_deg", "precision_std_deg"), pl.Float64),
    **dict.fromkeys(("accuracy_deg", "drift_deg"), pl.Float64),
    **dict.fromkeys(("closed", "usable"), pl.Boolean),
    "verdict": pl.String,
    "simulated": pl.Boolean,
    "correction": pl.Int64,
}
"""Names and types of the columns, in order."""


def reading_quality(
    reading: ReadingInterval,
    samples: GazeSamples,
    gaze: pl.DataFrame,
    fixations: pl.DataFrame,
    markers: Sequence[AnyMarker],
    screen: Screen,
    exclusion: Exclusion,
) -> dict[str, object]:
    """The row of one reading, without the session's columns.

    `samples` and `gaze` (with labels) are of the whole session, `fixations` in pieces.
    """
    stretch = stretch_quality(samples, reading.start_s, reading.stop_s, screen)
    rows = gaze.filter(pl.col("reading_id") == reading.reading_id)
    valid = rows.filter(pl.col("x_screen_px").is_not_null())
    mine = fixations.filter(pl.col("reading_id") == reading.reading_id)
    duration_s = reading.stop_s - reading.start_s
    verdict = quality_verdict(stretch.data_loss, duration_s, mine.height, exclusion)
    verdict += screen_verdict(markers, reading)
    rms_deg, std_deg = _precision_in_fixations(rows, mine, screen)
    return {
        "reading_id": reading.reading_id,
        "case_id": reading.case_id,
        "start_s": reading.start_s,
        "stop_s": reading.stop_s,
        "duration_s": duration_s,
        **asdict(stretch),
        "on_image_share": valid["on_image"].mean() if valid.height else None,
        "fixations": mine["fixation"].n_unique(),
        "median_fixation_s": _fixation_s(mine),
        "precision_rms_deg": rms_deg,
        "precision_std_deg": std_deg,
        "accuracy_deg": _last_accuracy_deg(markers, reading.start_s),
        "drift_deg": _last_drift_deg(markers, reading.start_s),
        "closed": reading.closed,
        "usable": not verdict,
        "verdict": "; ".join(verdict),
    }


def quality_verdict(
    data_loss: float, duration_s: float, fixations: int, exclusion: Exclusion
) -> list[str]:
    """Why a reading is left out of the analysis by the protocol's rules; empty when it is not."""
    reasons = []
    if data_loss > exclusion.max_data_loss:
        reasons.append(f"data loss {data_loss:.0%} is over {exclusion.max_data_loss:.0%}")
    if duration_s < exclusion.min_duration_s:
        reasons.append(f"{duration_s:.2f} s is shorter than {exclusion.min_duration_s:g} s")
    if not fixations:
        reasons.append("no fixation")
    return reasons


def screen_verdict(markers: Sequence[AnyMarker], reading: ReadingInterval) -> list[str]:
    """Why a reading's gaze cannot be placed: its screen was another than the calibrated one.

    The last change before the reading counts unless a validation came after it, and every change
    during the reading.
    """
    differences: tuple[str, ...] = ()
    for marker in sorted(markers, key=lambda m: m.t_s):
        if marker.t_s >= reading.stop_s or (differences and marker.t_s >= reading.start_s):
            break
        if isinstance(marker, ScreenChanged):
            differences = marker.differences
        elif isinstance(marker, ValidationDone):
            differences = ()
    return [f"the screen changed ({'; '.join(differences)})"] if differences else []


def _fixation_s(fixations: pl.DataFrame) -> object:
    return fixations.group_by("fixation").agg(pl.col("duration_s").sum())["duration_s"].median()


def _precision_in_fixations(
    rows: pl.DataFrame, fixations: pl.DataFrame, screen: Screen
) -> tuple[float | None, float | None]:
    """Medians over fixations of RMS-S2S and STD."""
    t_s = rows["t_s"].to_numpy()
    xy_px = rows.select("x_screen_px", "y_screen_px").to_numpy().astype(np.float64)
    first = np.searchsorted(t_s, fixations["onset_s"].to_numpy())
    last = np.searchsorted(t_s, fixations["offset_s"].to_numpy())
    pieces = [xy_px[a:b] for a, b in zip(first, last, strict=True)]
    rms = [value for xy in pieces if (value := precision_rms_deg(xy, screen)) is not None]
    std = [value for xy in pieces if (value := precision_std_deg(xy, screen)) is not None]
    return (
        float(np.median(rms)) if rms else None,
        float(np.median(std)) if std else None,
    )


def _last_accuracy_deg(markers: Sequence[AnyMarker], before_s: float) -> float | None:
    found = [m for m in markers if isinstance(m, ValidationDone) and m.t_s <= before_s]
    return found[-1].accuracy_deg if found else None


def _last_drift_deg(markers: Sequence[AnyMarker], before_s: float) -> float | None:
    checks = [m for m in markers if isinstance(m, DriftChecked) and m.check == "target"]
    found = [m for m in checks if m.t_s <= before_s]
    if not found or found[-1].offset_x_deg is None or found[-1].offset_y_deg is None:
        return None
    return float(np.hypot(found[-1].offset_x_deg, found[-1].offset_y_deg))
