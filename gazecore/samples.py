"""Gaze samples: the channels of our gaze streams, and the samples as arrays.

Every driver of ours sends the same channels, float64, in this order; foreign streams are
brought into `GazeSamples` by a profile. Lost is NaN with its flag at 0; nothing is clamped.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Eye = Literal["left", "right"]

_BLOCK = 65536
"""Samples whose medians are taken at once, to bound memory over hours of gaze."""

_PER_EYE = (
    ("gaze_x", "norm"),
    ("gaze_y", "norm"),
    ("gaze_valid", "bool"),
    ("gaze_user_x", "mm"),
    ("gaze_user_y", "mm"),
    ("gaze_user_z", "mm"),
    ("pupil_diameter", "mm"),
    ("pupil_valid", "bool"),
    ("origin_user_x", "mm"),
    ("origin_user_y", "mm"),
    ("origin_user_z", "mm"),
    ("origin_valid", "bool"),
)

GAZE_CHANNELS: tuple[tuple[str, str], ...] = (
    ("sequence", "count"),
    ("device_time", "s"),
    ("system_time", "s"),
    *((f"left_{name}", unit) for name, unit in _PER_EYE),
    *((f"right_{name}", unit) for name, unit in _PER_EYE),
)
"""(label, unit) of each channel. ``norm`` is 0..1 of the display area (Tobii's ADCS)."""

GAZE_LABELS: tuple[str, ...] = tuple(label for label, _ in GAZE_CHANNELS)

GAZE_STREAM_NAME = "FocusStation gaze"
MARKER_STREAM_NAME = "FocusStation markers"
INTEGRITY_STREAM_NAME = "FocusStation integrity"
RECORDER_STREAM_NAME = "FocusStation recorder"


class EyesUsed(IntEnum):
    """Which eyes a gaze point comes from."""

    NONE = 0
    LEFT = 1
    RIGHT = 2
    BOTH = 3


@dataclass(frozen=True, slots=True)
class GazeSamples:
    """Gaze samples of one stream, all arrays of the same length n.

    `t_s` is on the recording's clock (LSL, corrected). Per eye: `*_xy_norm` (n, 2) in 0..1 of
    the display area, `*_valid` (n,) bool, `*_pupil_mm` (n,), `*_origin_mm` (n, 3) in the
    tracker's user coordinates. `sequence` (n,) int64 counts what the driver sent, -1 unknown.
    """

    t_s: Array
    sequence: npt.NDArray[np.int64]
    left_xy_norm: Array
    right_xy_norm: Array
    left_valid: npt.NDArray[np.bool_]
    right_valid: npt.NDArray[np.bool_]
    left_pupil_mm: Array
    right_pupil_mm: Array
    left_origin_mm: Array
    right_origin_mm: Array

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.t_s)

    def between(self, start_s: float, stop_s: float) -> GazeSamples:
        """Return the samples with start_s <= t_s < stop_s (times must rise)."""
        first, last = np.searchsorted(self.t_s, [start_s, stop_s])
        return GazeSamples(*(getattr(self, f.name)[first:last] for f in fields(self)))

    @classmethod
    def from_channels(cls, t_s: npt.ArrayLike, values: npt.ArrayLike) -> GazeSamples:
        """Make samples of values (n, len(GAZE_CHANNELS)) in the order of `GAZE_CHANNELS`."""
        t = np.asarray(t_s, dtype=np.float64)
        table = np.asarray(values, dtype=np.float64).reshape(len(t), len(GAZE_CHANNELS))
        column = {label: table[:, i] for i, label in enumerate(GAZE_LABELS)}
        left_xy, left_valid = _gaze_of_eye(column, "left")
        right_xy, right_valid = _gaze_of_eye(column, "right")
        return cls(
            t_s=t,
            sequence=np.nan_to_num(column["sequence"], nan=-1).astype(np.int64),
            left_xy_norm=left_xy,
            right_xy_norm=right_xy,
            left_valid=left_valid,
            right_valid=right_valid,
            left_pupil_mm=_where(column["left_pupil_valid"], column["left_pupil_diameter"]),
            right_pupil_mm=_where(column["right_pupil_valid"], column["right_pupil_diameter"]),
            left_origin_mm=_origin_of_eye(column, "left"),
            right_origin_mm=_origin_of_eye(column, "right"),
        )


def _gaze_of_eye(column: dict[str, Array], eye: Eye) -> tuple[Array, npt.NDArray[np.bool_]]:
    xy = np.stack([column[f"{eye}_gaze_x"], column[f"{eye}_gaze_y"]], axis=1)
    valid = (column[f"{eye}_gaze_valid"] > 0.5) & np.isfinite(xy).all(axis=1)
    return np.where(valid[:, None], xy, np.nan), valid


def _origin_of_eye(column: dict[str, Array], eye: Eye) -> Array:
    xyz = np.stack([column[f"{eye}_origin_user_{axis}"] for axis in "xyz"], axis=1)
    return np.asarray(np.where(column[f"{eye}_origin_valid"][:, None] > 0.5, xyz, np.nan))


def _where(valid: Array, values: Array) -> Array:
    return np.asarray(np.where(valid > 0.5, values, np.nan))


def gaze_point(
    samples: GazeSamples, eye: Literal["both", "left", "right"] = "both"
) -> tuple[Array, npt.NDArray[np.uint8]]:
    """The gaze point of each sample and the eyes it comes from.

    The mean of the valid eyes; with one eye alone, that eye shifted by half the last median
    left-right disparity (median over the last 25 binocular samples; zero before the first);
    NaN where both are lost. With `eye` left or right it is that eye and nothing else.

    Returns
    -------
    xy_norm : (n, 2) float64
        In 0..1 of the display area, may lie outside.
    eyes_used : (n,) uint8
        `EyesUsed` per sample.
    """
    left, right = samples.left_xy_norm, samples.right_xy_norm
    if eye != "both":
        one, valid = (left, samples.left_valid) if eye == "left" else (right, samples.right_valid)
        used = np.where(valid, EyesUsed.LEFT if eye == "left" else EyesUsed.RIGHT, EyesUsed.NONE)
        return np.where(valid[:, None], one, np.nan), used.astype(np.uint8)
    eyes_used = (samples.left_valid + 2 * samples.right_valid.astype(np.uint8)).astype(np.uint8)
    half_disparity = _last_median_disparity(right - left, eyes_used == EyesUsed.BOTH) / 2
    xy = np.full_like(left, np.nan)
    both, left_only, right_only = (
        eyes_used == eyes for eyes in (EyesUsed.BOTH, EyesUsed.LEFT, EyesUsed.RIGHT)
    )
    xy[both] = (left[both] + right[both]) / 2
    xy[left_only] = left[left_only] + half_disparity[left_only]
    xy[right_only] = right[right_only] - half_disparity[right_only]
    return xy, eyes_used


def _last_median_disparity(disparity: Array, both: npt.NDArray[np.bool_], over: int = 25) -> Array:
    """Per sample the median of the last `over` binocular disparities at or before it, (n, 2)."""
    known = disparity[both]
    medians = np.zeros_like(disparity)
    # Only a sample of one eye needs it; where it stands, `seen` disparities are known.
    seen = np.where(both, 0, np.cumsum(both))
    for count in range(1, min(over, len(known) + 1)):
        medians[seen == count] = np.median(known[:count], axis=0)
    rows = np.flatnonzero(seen >= over)
    for some in np.array_split(rows, len(rows) // _BLOCK + 1):
        last = seen[some, None] - over + np.arange(over)
        medians[some] = np.median(known[last], axis=1)
    return medians
