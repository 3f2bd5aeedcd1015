"""The rate at which a stream really comes, by its own stamps, beside the one it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import FaultFound

if TYPE_CHECKING:
    import numpy.typing as npt

_STRETCH_S = 2.0
_FEWEST, _MOST = 20, 100_000
_TOLERANCE = 0.1
_PAUSE_INTERVALS = 10
"""An interval so many times the median one is a hole and says nothing about the rate."""


class RateWatch:
    """Measures a stream's rate over stretches of two seconds and tells a wrong declaration.

    Parameters
    ----------
    stream : str
        The stream's name, for the faults.
    declared_hz : float
        0 where none is declared: then the rate is measured and nothing told.
    """

    def __init__(self, stream: str, declared_hz: float) -> None:
        self._stream = stream
        self._declared_hz = declared_hz
        self._told_hz = declared_hz
        self._suspected_hz: float | None = None
        self._parts: list[npt.NDArray[np.float64]] = []
        self.rate_hz: float | None = None
        """Measured over the last stretch; None before the first."""

    def watch(self, t_s: npt.NDArray[np.float64], now_s: float) -> list[FaultFound]:
        """Take in sender's times (n,); a fault where two stretches agree on another rate."""
        self._parts.append(t_s)
        count = sum(len(part) for part in self._parts)
        span_s = abs(float(t_s[-1]) - float(self._parts[0][0]))
        if count < _FEWEST or (span_s < _STRETCH_S and count < _MOST):
            return []
        stamps = np.concatenate(self._parts)
        self._parts = []
        rate_hz = _rate_hz(stamps)
        if rate_hz is None:
            return []
        self.rate_hz = rate_hz
        return self._compared(rate_hz, now_s)

    def _compared(self, rate_hz: float, now_s: float) -> list[FaultFound]:
        if not self._declared_hz or abs(rate_hz / self._told_hz - 1) <= _TOLERANCE:
            self._suspected_hz = None
            return []
        before_hz, self._suspected_hz = self._suspected_hz, rate_hz
        if before_hz is None or abs(rate_hz / before_hz - 1) > _TOLERANCE:
            return []
        self._told_hz, self._suspected_hz = rate_hz, None
        detail = f"sends {rate_hz:.4g} samples a second, declares {self._declared_hz:.4g}"
        return [FaultFound(t_s=now_s, source=self._stream, detail=detail)]


def _rate_hz(stamps: npt.NDArray[np.float64]) -> float | None:
    steps = np.diff(stamps)
    steps = steps[steps >= 0]
    if not len(steps):
        return None
    longest_s = _PAUSE_INTERVALS * float(np.median(steps))
    total_s = float(steps[steps <= longest_s].sum())
    return float((steps <= longest_s).sum()) / total_s if total_s > 0 else None
