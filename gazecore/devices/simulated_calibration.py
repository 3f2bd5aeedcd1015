"""The calibration of the simulated tracker: an unknown distortion, and its correction."""

from __future__ import annotations

import json
import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from gazecore.devices.driver import CalibrationPoint, CalibrationResult, EyeFit
from gazecore.errors import TrackerError
from gazecore.json_text import parse_json
from gazecore.synthetic.noise import norm_per_deg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gazecore.geometry import Screen

Point = tuple[float, float]
Array = npt.NDArray[np.float64]

COLLECT_S = 0.4
"""How long samples are collected at a target."""

SCHEMA_VERSION = 1
"""Version of a stored calibration."""

_KIND = "simulated calibration"
_TIME_LIMIT_S = 5.0
_MOST_RAW_OFFSET_DEG = 6.0
_FEWEST_SAMPLES = 10
_SHARE_NEEDED = 0.6


@dataclass(frozen=True, slots=True)
class Affine:
    """An affine map of the display area: x' = a x + b y + c, y' = d x + e y + f."""

    elements: tuple[float, float, float, float, float, float] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

    def apply(self, x: float, y: float) -> Point:
        """The image of a point."""
        a, b, c, d, e, f = self.elements
        return a * x + b * y + c, d * x + e * y + f


IDENTITY = Affine()


def distortion(random: np.random.Generator, offset_deg: float, screen: Screen) -> Affine:
    """A tracker's error before calibration: an offset and up to 2 % gain a degree."""
    if offset_deg == 0:
        return IDENTITY
    angle = float(random.uniform(0.0, 2 * math.pi))
    per_x, per_y = norm_per_deg(0.5, 0.5, screen)
    gain_x, gain_y = 1.0 + 0.02 * offset_deg * random.uniform(-1.0, 1.0, 2)
    shift_x = offset_deg * math.cos(angle) * per_x + 0.5 * (1.0 - gain_x)
    shift_y = offset_deg * math.sin(angle) * per_y + 0.5 * (1.0 - gain_y)
    return Affine((float(gain_x), 0.0, float(shift_x), 0.0, float(gain_y), float(shift_y)))


def fit_correction(raw: Array, targets: Array) -> Affine:
    """The map that takes raw gaze (n, 2) to targets (n, 2) with least squares.

    An affine map where at least four targets span the plane, else a mean offset.
    """
    design = np.concatenate([raw, np.ones((len(raw), 1))], axis=1)
    spread = np.linalg.matrix_rank(targets - targets.mean(axis=0), tol=0.05)
    if len(raw) < 4 or spread < 2:
        dx, dy = (targets - raw).mean(axis=0)
        return Affine((1.0, 0.0, float(dx), 0.0, 1.0, float(dy)))
    solution, *_ = np.linalg.lstsq(design, targets, rcond=None)
    a, b, c = (float(v) for v in solution[:, 0])
    d, e, f = (float(v) for v in solution[:, 1])
    return Affine((a, b, c, d, e, f))


@dataclass(frozen=True, slots=True)
class RawSample:
    """Gaze of each eye before correction."""

    t_s: float
    left: Point
    right: Point

    @property
    def middle(self) -> Point:
        """Half-way between the eyes."""
        (x0, y0), (x1, y1) = self.left, self.right
        return (x0 + x1) / 2, (y0 + y1) / 2


class SimulatedCalibration:
    """Collects raw gaze at targets and fits the correction the tracker then applies.

    One correction serves both eyes, so their constant offset stays. `remember` is called from
    the sample loop, the rest from control threads. `show_target` tells the reader where to look
    and returns how many seconds that takes (0 where the station shows the target itself). An
    exact tracker has nothing to correct.
    """

    def __init__(
        self,
        screen: Callable[[], Screen],
        clock_s: Callable[[], float],
        show_target: Callable[[Point | None], float],
        *,
        is_exact: bool = False,
    ) -> None:
        self._screen = screen
        self._clock_s = clock_s
        self._show_target = show_target
        self._is_exact = is_exact
        self._lock = threading.Lock()
        self._recent: deque[RawSample] = deque(maxlen=4096)
        self._heard_s = -math.inf
        self._collected: dict[Point, list[RawSample]] = {}
        self._is_on = False
        self._is_calibrated = False
        self.correction = IDENTITY

    def remember(self, t_s: float, left: Point | None, right: Point | None = None) -> None:
        """Take a raw sample in; None when the eyes are lost."""
        with self._lock:
            self._heard_s = t_s
            if left is not None and right is not None and self._is_on:
                self._recent.append(RawSample(t_s, left, right))

    def start(self) -> None:
        """Enter calibration; earlier points are forgotten, the correction stays until computed."""
        with self._lock:
            self._collected.clear()
            self._recent.clear()
            self._is_on = True

    def collect(self, x_norm: float, y_norm: float) -> None:
        """Collect `COLLECT_S` of gaze from now on; blocks that long."""
        self._needs_start()
        from_s = self._clock_s() + self._show_target((x_norm, y_norm))
        deadline = time.monotonic() + _TIME_LIMIT_S
        while self._heard_s < from_s + COLLECT_S:
            if time.monotonic() > deadline:
                raise TrackerError("the tracker sends no samples; collect again when it does")
            time.sleep(0.01)
        with self._lock:
            kept = [s for s in self._recent if from_s <= s.t_s < from_s + COLLECT_S]
            self._collected[x_norm, y_norm] = kept

    def discard(self, x_norm: float, y_norm: float) -> None:
        """Forget a target."""
        self._needs_start()
        with self._lock:
            if self._collected.pop((x_norm, y_norm), None) is None:
                raise TrackerError(f"nothing was collected at ({x_norm:g}, {y_norm:g})")

    def compute(self) -> CalibrationResult:
        """Fit over the targets with usable gaze; fails when under 60 % of them have it."""
        self._needs_start()
        with self._lock:
            collected = dict(self._collected)
        medians = {target: self._usable_gaze(target, kept) for target, kept in collected.items()}
        usable = {target: raw for target, raw in medians.items() if raw is not None}
        before: Literal["previous", "none"] = "previous" if self._is_calibrated else "none"
        succeeded = bool(usable) and len(usable) >= _SHARE_NEEDED * len(collected)
        if succeeded:
            self._is_calibrated = True
            if not self._is_exact:
                self.correction = fit_correction(
                    np.array(list(usable.values())), np.array(list(usable))
                )
        points = (self._point(target, medians[target], kept) for target, kept in collected.items())
        return CalibrationResult(succeeded, tuple(points), before)

    def leave(self) -> None:
        """Leave calibration."""
        self._show_target(None)
        with self._lock:
            self._is_on = False

    def data(self) -> bytes | None:
        """The active correction as JSON; None before the first."""
        if not self._is_calibrated:
            return None
        content = {
            "schema_version": SCHEMA_VERSION,
            "kind": _KIND,
            "elements": list(self.correction.elements),
        }
        return json.dumps(content).encode()

    def apply(self, data: bytes) -> None:
        """Make a stored correction the active one.

        Raises
        ------
        TrackerError
            It is none of this tracker's, or of a newer version.
        """
        correction = _stored(data)
        with self._lock:
            self._is_calibrated = True
            self.correction = IDENTITY if self._is_exact else correction

    def _needs_start(self) -> None:
        if not self._is_on:
            raise TrackerError("the tracker is not calibrating; send calibration_start first")

    def _usable_gaze(self, target: Point, kept: Sequence[RawSample]) -> Point | None:
        if len(kept) < _FEWEST_SAMPLES:
            return None
        middle = _median([s.middle for s in kept])
        return middle if self._offset_deg(middle, target) < _MOST_RAW_OFFSET_DEG else None

    def _point(
        self, target: Point, raw: Point | None, kept: Sequence[RawSample]
    ) -> CalibrationPoint:
        if raw is None:
            unused = EyeFit(0, len(kept), None)
            return CalibrationPoint(*target, 0, None, unused, unused)
        offset_deg = self._offset_deg(self.correction.apply(*raw), target)
        left, right = (
            EyeFit(len(kept), len(kept), self._offset_deg(self.correction.apply(*eye), target))
            for eye in (_median([s.left for s in kept]), _median([s.right for s in kept]))
        )
        return CalibrationPoint(*target, len(kept), offset_deg, left, right)

    def _offset_deg(self, a_norm: Point, b_norm: Point) -> float:
        screen = self._screen()
        return float(screen.angle_deg(screen.from_norm(a_norm), screen.from_norm(b_norm)))


def _median(points: Sequence[Point]) -> Point:
    x, y = np.median(points, axis=0).tolist()
    return x, y


def _stored(data: bytes) -> Affine:
    """The correction in a stored calibration."""
    try:
        content = parse_json(data)
        kind, version = content["kind"], int(content["schema_version"])
        elements = [float(value) for value in content["elements"]]
    except (ValueError, KeyError, TypeError) as error:
        raise TrackerError("this is no calibration of the simulated tracker; calibrate") from error
    if version > SCHEMA_VERSION:
        raise TrackerError(f"this calibration is of version {version}, a newer one; calibrate")
    if kind != _KIND or len(elements) != 6 or not all(map(math.isfinite, elements)):
        raise TrackerError("this is no calibration of the simulated tracker; calibrate")
    a, b, c, d, e, f = elements
    return Affine((a, b, c, d, e, f))
