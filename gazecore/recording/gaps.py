"""Samples missing from a stream, found while it is recorded: by sequence number and by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import AnyMarker, FaultFound, GapFound

if TYPE_CHECKING:
    import numpy.typing as npt

LONGEST_PAUSE_S = 0.05
"""A pause up to this, or five sample intervals if that is longer, is no gap."""
_PAUSE_INTERVALS = 5
_MOST_PER_CHUNK = 3
"""Markers per kind and chunk; more are counted and told in one fault."""


@dataclass(frozen=True, slots=True)
class _Last:
    t_s: float
    sequence: int | None


class GapDetector:
    """Watches one stream's samples in the order they come.

    Parameters
    ----------
    stream : str
        The stream's name, for the markers.
    rate_hz : float
        The true rate, 0 where unknown: then only sequence numbers and backward times tell.
    """

    def __init__(self, stream: str, rate_hz: float) -> None:
        self._stream = stream
        self._pause_s = max(LONGEST_PAUSE_S, _PAUSE_INTERVALS / rate_hz) if rate_hz else np.inf
        self._last: _Last | None = None
        self.count = 0
        """Gaps found so far."""

    def watch(
        self,
        t_s: npt.NDArray[np.float64],
        sequence: npt.NDArray[np.float64] | None,
        now_s: float,
    ) -> list[AnyMarker]:
        """Markers for what is wrong with the next samples.

        Parameters
        ----------
        t_s : (n,) float64
            Sender's clock.
        sequence : (n,) float64 or None
            What the driver counted; NaN where unknown.
        now_s : float
            Time of the markers, on the recorder's clock.
        """
        if not len(t_s):
            return []
        times, numbers = self._with_last(t_s, sequence)
        found = self._gaps(times, numbers, now_s) + self._backward(times, numbers, now_s)
        self._last = _Last(float(t_s[-1]), None if sequence is None else _whole(sequence[-1]))
        return found

    def _with_last(
        self, t_s: npt.NDArray[np.float64], sequence: npt.NDArray[np.float64] | None
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        numbers = np.full(len(t_s), np.nan) if sequence is None else sequence
        if self._last is None:
            return t_s, numbers
        before = np.nan if self._last.sequence is None else float(self._last.sequence)
        return np.append(self._last.t_s, t_s), np.append(before, numbers)

    def _gaps(
        self, t_s: npt.NDArray[np.float64], sequence: npt.NDArray[np.float64], now_s: float
    ) -> list[AnyMarker]:
        skipped = np.diff(sequence) - 1
        places = np.flatnonzero((np.diff(t_s) > self._pause_s) | (skipped > 0))
        self.count += len(places)
        markers: list[AnyMarker] = [
            GapFound(
                t_s=now_s,
                stream=self._stream,
                from_s=float(t_s[k]),
                to_s=float(t_s[k + 1]),
                missing=None if np.isnan(skipped[k]) else max(0, int(skipped[k])),
            )
            for k in places[:_MOST_PER_CHUNK]
        ]
        if len(places) > _MOST_PER_CHUNK:
            more = len(places) - _MOST_PER_CHUNK
            markers.append(self._fault(f"{more} more gaps right after", now_s))
        return markers

    def _backward(
        self, t_s: npt.NDArray[np.float64], sequence: npt.NDArray[np.float64], now_s: float
    ) -> list[AnyMarker]:
        markers: list[AnyMarker] = []
        steps = np.diff(t_s)
        if (steps < 0).any():
            detail = f"time went backwards by {-steps.min():.6f} s, {(steps < 0).sum()} times"
            markers.append(self._fault(detail, now_s))
        repeats = int((np.diff(sequence) <= 0).sum())
        if repeats:
            markers.append(self._fault(f"{repeats} sequence numbers not rising", now_s))
        return markers

    def _fault(self, detail: str, now_s: float) -> FaultFound:
        return FaultFound(t_s=now_s, source=self._stream, detail=detail)


def _whole(number: float) -> int | None:
    return None if np.isnan(number) else int(number)
