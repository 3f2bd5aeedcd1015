"""Samples missing from a stream, found while it is recorded: by sequence number and by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import AnyMarker, FaultFound, GapFound

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

LONGEST_PAUSE_S = 0.05
"""A pause up to this, or 2.5 sample intervals if that is longer, is no gap."""
_PAUSE_INTERVALS = 2.5
_UNDECLARED_PAUSE_S, _UNDECLARED_INTERVALS = 0.25, 10
"""A stream that declares no rate promises no regularity: a gap there is a clear one."""
_SLOWEST_UNDECLARED_HZ = 10.0
_BACKWARD = "backwards"
_MOST_PER_CHUNK = 3
"""Markers per kind and chunk; more are counted and told in one fault."""
_MOST_COUNTED = 2.0**53
"""Larger numbers are none that a tracker counts: they do not even rise by one."""
_TELL_EVERY_S = 1.0
"""Faults that may come with every sample are counted and told once in so long."""


@dataclass(frozen=True, slots=True)
class _Last:
    t_s: float
    sequence: float


class GapDetector:
    """Watches one stream's samples in the order they come.

    Parameters
    ----------
    stream : str
        The stream's name, for the markers.
    rate_hz : float
        The declared rate, 0 where unknown: then sequence numbers, backward times and, once the
        rate has been measured, clear pauses tell.
    """

    def __init__(self, stream: str, rate_hz: float) -> None:
        self._stream = stream
        self._declared_hz = rate_hz
        self._measured_hz: float | None = None
        self._last: _Last | None = None
        self._counted = {_BACKWARD: 0, "equal stamps": 0, "sequence numbers not rising": 0}
        self._furthest_back_s = 0.0
        self._told_s = dict.fromkeys(self._counted, -np.inf)
        self.count = 0
        """Gaps found so far."""

    def learn(self, rate_hz: float | None) -> None:
        """Take over the measured rate: a declared one may be wrong tenfold."""
        self._measured_hz = rate_hz

    def watch(
        self,
        t_s: Array,
        sequence: Array | None,
        now_s: float,
        jumps: npt.NDArray[np.intp] | None = None,
    ) -> list[AnyMarker]:
        """Markers for what is wrong with the next samples.

        Parameters
        ----------
        t_s : (n,) float64
            Sender's clock.
        sequence : (n,) float64 or None
            What the driver counted; unknown where it is no number that can be counted to.
        now_s : float
            Recorder's clock, becomes the markers' time.
        jumps : (k,) integers, optional
            Samples before which the sender's clock jumped: the times there say nothing.
        """
        if not len(t_s):
            return []
        numbers = np.full(len(t_s), np.nan) if sequence is None else sequence.copy()
        numbers[~((numbers >= 0) & (numbers < _MOST_COUNTED))] = np.nan
        believed = np.ones(len(t_s), dtype=bool)
        if jumps is not None:
            believed[jumps] = False
        if self._last is not None:
            t_s = np.append(self._last.t_s, t_s)
            numbers = np.append(self._last.sequence, numbers)
        else:
            believed = believed[1:]
        self._last = _Last(float(t_s[-1]), float(numbers[-1]))
        markers = self._gaps(t_s, np.diff(numbers) - 1, believed, now_s)
        return markers + self._disorder(t_s, numbers, believed, now_s)

    def _pause_s(self) -> float:
        rates = [hz for hz in (self._declared_hz, self._measured_hz) if hz]
        if self._declared_hz:
            return max(LONGEST_PAUSE_S, _PAUSE_INTERVALS / min(rates))
        if rates and rates[0] >= _SLOWEST_UNDECLARED_HZ:
            return max(_UNDECLARED_PAUSE_S, _UNDECLARED_INTERVALS / rates[0])
        return np.inf

    def _gaps(
        self, t_s: Array, skipped: Array, believed: npt.NDArray[np.bool_], now_s: float
    ) -> list[AnyMarker]:
        paused = (np.diff(t_s) > self._pause_s()) & believed
        places = np.flatnonzero(paused | (skipped > 0))
        self.count += len(places)
        markers: list[AnyMarker] = [
            self._gap(t_s, int(k), float(skipped[k]), now_s) for k in places[:_MOST_PER_CHUNK]
        ]
        if len(places) > _MOST_PER_CHUNK:
            more = len(places) - _MOST_PER_CHUNK
            markers.append(self._fault(f"{more} more gaps right after", now_s))
        return markers

    def _gap(self, t_s: Array, place: int, skipped: float, now_s: float) -> GapFound:
        """A gap with what is missing: by number where the stream counts, else by its rate."""
        from_s, to_s = float(t_s[place]), float(t_s[place + 1])
        is_estimated = bool(np.isnan(skipped))
        if is_estimated:
            # The rate that was measured is the true one; an undeclared one is no promise.
            rate_hz = (self._measured_hz or self._declared_hz) if self._declared_hz else np.nan
            skipped = np.round((to_s - from_s) * rate_hz) - 1
        is_known = bool(np.isfinite(skipped))
        return GapFound(
            t_s=now_s,
            stream=self._stream,
            from_s=from_s,
            to_s=to_s,
            missing=max(0, int(skipped)) if is_known else None,
            estimated=is_estimated and is_known,
        )

    def _disorder(
        self, t_s: Array, sequence: Array, believed: npt.NDArray[np.bool_], now_s: float
    ) -> list[AnyMarker]:
        markers: list[AnyMarker] = []
        steps_s = np.diff(t_s)[believed]
        back_s = -steps_s[steps_s < 0]
        self._furthest_back_s = float(back_s.max(initial=self._furthest_back_s))
        counts = (len(back_s), int((steps_s == 0).sum()), int((np.diff(sequence) <= 0).sum()))
        for what, count in zip(self._counted, counts, strict=True):
            markers += self._counted_fault(what, count, now_s)
        return markers

    def _counted_fault(self, what: str, count: int, now_s: float) -> list[AnyMarker]:
        self._counted[what] += count
        if not self._counted[what] or now_s - self._told_s[what] < _TELL_EVERY_S:
            return []
        count, self._counted[what] = self._counted[what], 0
        self._told_s[what] = now_s
        if what != _BACKWARD:
            return [self._fault(f"{count} {what}", now_s)]
        by_s, self._furthest_back_s = self._furthest_back_s, 0.0
        return [self._fault(f"time went {what} by {by_s:.6f} s, {count} times", now_s)]

    def _fault(self, detail: str, now_s: float) -> FaultFound:
        return FaultFound(t_s=now_s, source=self._stream, detail=detail)
