"""Quality of a stretch of gaze: a whole reading, or the last seconds while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.samples import gaze_point

if TYPE_CHECKING:
    from gazecore.geometry import Screen
    from gazecore.samples import GazeSamples

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StretchQuality:
    """Samples between two times; shares are of the samples expected, None is unknown.

    Attributes
    ----------
    received, missing : int
        Samples that came, and that did not: by sequence numbers where the driver counts, else
        by the median interval.
    data_loss, data_loss_left, data_loss_right : float
        1 - valid / (received + missing): of the gaze point and of each eye.
    rate_hz : float or None
        1 / the median interval.
    effective_rate_hz : float or None
        Valid samples over the stretch's length.
    largest_gap_s : float or None
        Longest time without valid gaze, the ends of the stretch included.
    jitter_deg : float or None
        Median angle between successive samples: the noise while fixating, whatever the eye does
        in between.
    pupil_mm : float or None
        Median over both eyes.
    """

    received: int
    missing: int
    data_loss: float
    data_loss_left: float
    data_loss_right: float
    rate_hz: float | None
    effective_rate_hz: float | None
    largest_gap_s: float | None
    jitter_deg: float | None
    pupil_mm: float | None


def stretch_quality(
    samples: GazeSamples, start_s: float, stop_s: float, screen: Screen
) -> StretchQuality:
    """Quality of the samples with start_s <= t_s < stop_s (times in any order)."""
    inside = np.flatnonzero((samples.t_s >= start_s) & (samples.t_s < stop_s))
    order = inside[np.argsort(samples.t_s[inside], kind="stable")]
    t_s = samples.t_s[order]
    left, right = samples.left_valid[order], samples.right_valid[order]
    xy_norm = gaze_point(samples)[0][order]
    valid = left | right
    interval_s = _median(np.diff(t_s))
    missing = _missing(samples.sequence[order], len(t_s), interval_s, stop_s - start_s)
    due = len(t_s) + missing
    length_s = stop_s - start_s
    steps = screen.angle_deg(screen.from_norm(xy_norm[:-1]), screen.from_norm(xy_norm[1:]))
    pupils = np.concatenate([samples.left_pupil_mm[order], samples.right_pupil_mm[order]])
    return StretchQuality(
        received=len(t_s),
        missing=missing,
        data_loss=_loss(valid, due),
        data_loss_left=_loss(left, due),
        data_loss_right=_loss(right, due),
        rate_hz=1 / interval_s if interval_s else None,
        effective_rate_hz=float(valid.sum() / length_s) if length_s > 0 else None,
        largest_gap_s=_largest_gap_s(t_s[valid], start_s, stop_s),
        jitter_deg=_median(steps),
        pupil_mm=_median(pupils),
    )


def live_quality(
    samples: GazeSamples, screen: Screen, *, seconds: float = 2.0, now_s: float | None = None
) -> StretchQuality:
    """Quality over the last seconds before `now_s`, by default the last sample's time."""
    if now_s is None:
        now_s = float(np.nextafter(samples.t_s.max(), np.inf)) if len(samples) else 0.0
    return stretch_quality(samples, now_s - seconds, now_s, screen)


def _missing(
    sequence: npt.NDArray[np.int64], received: int, interval_s: float | None, length_s: float
) -> int:
    if received and (sequence >= 0).all():
        return max(0, int(sequence.max() - sequence.min()) + 1 - len(np.unique(sequence)))
    if not interval_s or not np.isfinite(length_s):
        return 0
    return max(0, round(length_s / interval_s) - received)


def _loss(valid: npt.NDArray[np.bool_], due: int) -> float:
    return float(1 - valid.sum() / due) if due else 1.0


def _largest_gap_s(valid_s: Array, start_s: float, stop_s: float) -> float | None:
    length_s = stop_s - start_s
    if not length_s > 0:
        return None
    return float(np.diff(np.concatenate([[start_s], valid_s, [stop_s]])).max())


def _median(values: Array) -> float | None:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None
