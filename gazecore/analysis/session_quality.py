"""How well gaze was tracked in a whole session, over its readings.

Columns of ``derivatives/quality_sessions.parquet``, a row per session:

- session_id, reader_id, readings, usable_readings, start_s, stop_s (first opened, last closed),
  reading_s (time spent reading)
- received, missing: sums; data_loss, data_loss_left, data_loss_right, invalid_share,
  invalid_share_left, invalid_share_right, missing_share: of all samples due
- rate_hz (median), effective_rate_hz (valid samples over the time read), largest_gap_s
- off_image_share (of valid samples), fixations
- precision_rms_deg, precision_std_deg, precision_bcea_deg2, each also of the left and the right
  eye: medians over readings; bcea_probability
- validations; accuracy_deg, accuracy_left_deg, accuracy_right_deg: medians over readings of the
  validation in force
- drift_checks (at targets), drift_deg (median), drift_max_deg, click_drift_max_deg (the largest
  mean distance of clicks from gaze)
- meets_protocol, verdict (what does not, empty when all does), simulated, correction
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from gazecore.analysis.quality_table import precision_names
from gazecore.analysis.verdicts import session_verdict, share_of_due, target_drifts_deg
from gazecore.messages import DriftChecked, ValidationDone
from gazecore.quality import BCEA_PROBABILITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gazecore.messages import AnyMarker
    from gazecore.study.protocol import Calibration, Exclusion

_SHARES = (
    "data_loss",
    "data_loss_left",
    "data_loss_right",
    "invalid_share",
    "invalid_share_left",
    "invalid_share_right",
    "missing_share",
)
_MEDIANS = (*precision_names(), "accuracy_deg", "accuracy_left_deg", "accuracy_right_deg")

SESSION_QUALITY_SCHEMA = {
    **dict.fromkeys(("session_id", "reader_id"), pl.String),
    **dict.fromkeys(("readings", "usable_readings"), pl.Int64),
    **dict.fromkeys(("start_s", "stop_s", "reading_s"), pl.Float64),
    **dict.fromkeys(("received", "missing"), pl.Int64),
    **dict.fromkeys(_SHARES, pl.Float64),
    **dict.fromkeys(("rate_hz", "effective_rate_hz", "largest_gap_s"), pl.Float64),
    "off_image_share": pl.Float64,
    "fixations": pl.Int64,
    **dict.fromkeys(_MEDIANS, pl.Float64),
    "bcea_probability": pl.Float64,
    **dict.fromkeys(("validations", "drift_checks"), pl.Int64),
    **dict.fromkeys(("drift_deg", "drift_max_deg", "click_drift_max_deg"), pl.Float64),
    "meets_protocol": pl.Boolean,
    "verdict": pl.String,
    "simulated": pl.Boolean,
    "correction": pl.Int64,
}
"""Names and types of the columns, in order."""


def session_quality(
    rows: Sequence[Mapping[str, Any]],
    markers: Sequence[AnyMarker],
    calibration: Calibration,
    exclusion: Exclusion,
) -> dict[str, object]:
    """The row of one session, without session_id, reader_id, simulated and correction.

    Parameters
    ----------
    rows : sequence of mapping
        The rows of its readings, as in ``quality.parquet``.
    markers : sequence of markers
        Those of the session.
    calibration, exclusion
        The protocol's limits.
    """
    verdict = session_verdict(rows, markers, calibration, exclusion)
    return {
        **_times(rows),
        **_samples(rows),
        "fixations": sum(int(row["fixations"]) for row in rows),
        **{name: _median(row[name] for row in rows) for name in _MEDIANS},
        "bcea_probability": BCEA_PROBABILITY,
        "validations": sum(isinstance(m, ValidationDone) for m in markers),
        **_drift(markers),
        "meets_protocol": not verdict,
        "verdict": "; ".join(verdict),
    }


def _times(rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    return {
        "readings": len(rows),
        "usable_readings": sum(bool(row["usable"]) for row in rows),
        "start_s": min((row["start_s"] for row in rows), default=None),
        "stop_s": max((row["stop_s"] for row in rows), default=None),
        "reading_s": float(sum(row["duration_s"] for row in rows)),
    }


def _samples(rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    due = np.array([row["received"] + row["missing"] for row in rows], dtype=np.float64)
    valid = due * (1 - np.array([row["data_loss"] for row in rows], dtype=np.float64))
    off = [0.0 if row["off_image_share"] is None else row["off_image_share"] for row in rows]
    reading_s = float(sum(row["duration_s"] for row in rows))
    return {
        "received": sum(int(row["received"]) for row in rows),
        "missing": sum(int(row["missing"]) for row in rows),
        **{name: share_of_due(rows, name) for name in _SHARES},
        "rate_hz": _median(row["rate_hz"] for row in rows),
        "effective_rate_hz": float(valid.sum()) / reading_s if reading_s > 0 else None,
        "largest_gap_s": max(
            (row["largest_gap_s"] for row in rows if row["largest_gap_s"] is not None), default=None
        ),
        "off_image_share": float(valid @ np.array(off) / valid.sum()) if valid.sum() else None,
    }


def _drift(markers: Sequence[AnyMarker]) -> dict[str, object]:
    drifts = target_drifts_deg(markers, np.inf)
    known = [drift for drift in drifts if drift is not None]
    clicks = [
        m.mean_distance_deg
        for m in markers
        if isinstance(m, DriftChecked) and m.check == "click" and m.mean_distance_deg is not None
    ]
    return {
        "drift_checks": len(drifts),
        "drift_deg": _median(known),
        "drift_max_deg": max(known, default=None),
        "click_drift_max_deg": max(clicks, default=None),
    }


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None
