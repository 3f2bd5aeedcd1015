"""Where the screen lies in the tracker's own coordinates, and so where the eyes are before it.

Trackers give eye positions in millimetres from themselves, not from the screen. Each sample also
says where gaze meets the screen twice: in 0..1 of the display area and in those millimetres. One
follows from the other by the display area's corner and edges, so those can be had back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.samples import GAZE_LABELS

if TYPE_CHECKING:
    from gazecore.quality.measures import EyeName
    from gazecore.samples import GazeSamples

Array = npt.NDArray[np.float64]
Triple = tuple[float, float, float]

_LEAST_SPREAD_NORM = 0.003
_MOST_RESIDUAL_MM = 1.0
_PLAUSIBLE_MM = (50.0, 5000.0)


@dataclass(frozen=True, slots=True)
class DisplayArea:
    """The display area in the tracker's user coordinates, mm.

    `corner_mm` is the top left; `right_mm` and `down_mm` are the vectors along its edges.
    """

    corner_mm: Triple
    right_mm: Triple
    down_mm: Triple

    def before_screen(self, points_mm: npt.ArrayLike) -> Array:
        """User coordinates (n, 3) as mm from the screen's centre: right, down, to the reader."""
        corner, right, down = (np.array(v) for v in (self.corner_mm, self.right_mm, self.down_mm))
        across, below = right / np.linalg.norm(right), down / np.linalg.norm(down)
        out = np.cross(below, across)
        relative = np.asarray(points_mm, dtype=np.float64) - (corner + (right + down) / 2)
        placed = relative @ np.stack([across, below, out / np.linalg.norm(out)], axis=1)
        return np.asarray(placed)


def display_area(channels: npt.ArrayLike) -> DisplayArea | None:
    """The display area that samples in the order of `GAZE_CHANNELS` (n, 27) tell, or None.

    None where the tracker gives no points in millimetres, where gaze hardly moved, or where the
    two do not follow from each other.
    """
    table = np.asarray(channels, dtype=np.float64).reshape(-1, len(GAZE_LABELS))
    xy, mm = (np.concatenate([_of_eye(table, eye)[k] for eye in ("left", "right")]) for k in (0, 1))
    known = np.isfinite(xy).all(axis=1) & np.isfinite(mm).all(axis=1)
    xy, mm = xy[known], mm[known]
    if len(xy) < 4 or (xy.std(axis=0) < _LEAST_SPREAD_NORM).any():
        return None
    design = np.concatenate([np.ones((len(xy), 1)), xy], axis=1)
    found, _, rank, _ = np.linalg.lstsq(design, mm, rcond=None)
    worst_mm = np.abs(design @ found - mm).max()
    low_mm, high_mm = _PLAUSIBLE_MM
    edges_mm = np.linalg.norm(found[1:], axis=1)
    if rank < 3 or worst_mm > _MOST_RESIDUAL_MM or not (edges_mm > low_mm).all():
        return None
    if not (edges_mm < high_mm).all():
        return None
    return DisplayArea(*((float(row[0]), float(row[1]), float(row[2])) for row in found))


def eye_before_screen(samples: GazeSamples, eye: EyeName, area: DisplayArea | None) -> Array | None:
    """Where an eye was during some samples (medians), (3,) mm from the screen's centre.

    For both it is the middle between them, or the one eye that was seen. None where unknown.
    """
    if area is None:
        return None
    names = ("left", "right") if eye == "both" else (eye,)
    origins = [
        samples.left_origin_mm if name == "left" else samples.right_origin_mm for name in names
    ]
    seen = [origin[np.isfinite(origin).all(axis=1)] for origin in origins]
    middles = [np.median(area.before_screen(origin), axis=0) for origin in seen if len(origin)]
    if not middles:
        return None
    place = np.mean(middles, axis=0)
    return np.asarray(place) if place[2] > 0 else None


def _of_eye(table: Array, eye: str) -> tuple[Array, Array]:
    def column(name: str) -> Array:
        return table[:, GAZE_LABELS.index(f"{eye}_{name}")]

    valid = column("gaze_valid")[:, None] > 0.5
    xy = np.stack([column("gaze_x"), column("gaze_y")], axis=1)
    mm = np.stack([column(f"gaze_user_{axis}") for axis in "xyz"], axis=1)
    return np.where(valid, xy, np.nan), mm
