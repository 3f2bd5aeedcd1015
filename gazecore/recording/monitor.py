"""What is watched about a stream while it is recorded, and what the station is told about it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gazecore.messages import AnyMarker, FaultFound
from gazecore.recording.clock_jumps import ClockJumpWatch
from gazecore.recording.gaps import GapDetector
from gazecore.recording.rates import RateWatch

if TYPE_CHECKING:
    import numpy.typing as npt

    from gazecore.recording.description import StreamDescription
    from gazecore.recording.sender_clock import ClockOffset

_INTERVAL_S = 2.0
_SILENCE_S, _SILENCE_INTERVALS = 0.5, 20
_SLOWEST_STEADY_HZ = 20.0
"""A stream that comes at less than this may be one of events, whose pauses mean nothing."""
_OFFSET_STEP_S = 0.05


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """A stream at this moment; rate and validity are over the last two seconds.

    `rate_hz` is measured, `nominal_rate_hz` is what the outlet declares (0: nothing).
    `valid_share` is the share of samples with at least one eye valid, None for streams without
    validity flags or without samples; `age_s` is None before the first sample. `state` is
    ``flowing``, ``stale`` (nothing has come for a while), ``lost`` (the outlet is gone, or does
    not answer) or ``asking`` (lost, and a person has to choose what is recorded instead).
    """

    samples: int
    rate_hz: float
    age_s: float | None
    valid_share: float | None
    nominal_rate_hz: float = 0.0
    clock_offset_s: float | None = None
    clock_uncertainty_s: float | None = None
    segment: int = 1
    state: str = "flowing"


class StreamMonitor:
    """Watches one stream's samples as they arrive. Used by one thread at a time."""

    def __init__(self, about: StreamDescription) -> None:
        self._name = about.name
        self._declared_hz = about.true_rate_hz
        self._is_text = about.channel_format == "string"
        self._sequence = _column(about, "sequence")
        self._valid = [
            k
            for k in (_column(about, f"{eye}_gaze_valid") for eye in ("left", "right"))
            if k is not None
        ]
        self._gaps = GapDetector(about.name, about.true_rate_hz)
        self._rates = RateWatch(about.name, about.true_rate_hz)
        self._jumps = ClockJumpWatch(about.name)
        self._arrived: deque[tuple[float, int, int]] = deque()
        self._samples = 0
        self._last_s: float | None = None
        self._silent_since_s: float | None = None
        self._offset: ClockOffset | None = None

    @property
    def gaps(self) -> int:
        """Gaps found so far."""
        return self._gaps.count

    @property
    def is_silent(self) -> bool:
        """Whether a stream that should flow has had no samples for a while."""
        return self._silent_since_s is not None

    def watch(
        self,
        t_s: npt.NDArray[np.float64],
        values: npt.NDArray[Any] | None,
        now_s: float,
        arrived_s: npt.NDArray[np.float64] | None = None,
    ) -> list[AnyMarker]:
        """Take samples in; returns what is wrong.

        Parameters
        ----------
        t_s : (n,) float64
            Sender's times.
        values : (n, channels) or None
            None for texts.
        now_s : float
            Recorder's clock.
        arrived_s : (n,) float64, optional
            When each arrived, on the recorder's clock; without, the sender's clock is not judged.
        """
        notes = self._back(now_s)
        self._samples += len(t_s)
        self._last_s = now_s
        valid = 0
        if values is not None and self._valid:
            valid = int((values[:, self._valid] > 0.5).any(axis=1).sum())
        self._arrived.append((now_s, len(t_s), valid))
        self._forget(now_s)
        if self._is_text or values is None:
            return notes
        notes += self._rates.watch(t_s, now_s)
        self._gaps.learn(self._rates.rate_hz)
        jumps = None
        if arrived_s is not None and (self._rates.rate_hz or 0) >= _SLOWEST_STEADY_HZ:
            faults, jumps = self._jumps.watch(t_s, arrived_s, now_s)
            notes += faults
        sequence = None if self._sequence is None else values[:, self._sequence].astype(np.float64)
        return notes + self._gaps.watch(t_s, sequence, now_s, jumps)

    def silence(self, now_s: float) -> list[AnyMarker]:
        """A fault, once, when a stream that had samples has none any more."""
        if self._last_s is None or self.is_silent or now_s - self._last_s < self._silence_s():
            return []
        self._silent_since_s = self._last_s
        return [self._fault(f"no samples for {now_s - self._last_s:.2f} s", now_s)]

    def offset(self, offset: ClockOffset, now_s: float) -> list[AnyMarker]:
        """Take in a clock offset; a fault where it is not that of the same clock as before."""
        before, self._offset = self._offset, offset
        if before is None:
            return []
        step_s = offset.offset_s - before.offset_s
        if abs(step_s) <= _OFFSET_STEP_S + offset.uncertainty_s + before.uncertainty_s:
            return []
        return [self._fault(f"its clock offset moved by {step_s:+.3f} s", now_s)]

    def status(self, now_s: float, segment: int = 1, state: str | None = None) -> StreamStatus:
        """The stream at this moment; `state` overrides what its samples tell."""
        self._forget(now_s)
        n = sum(count for _, count, _ in self._arrived)
        # The oldest arrival only starts the clock: its samples came before it.
        span_s = now_s - self._arrived[0][0] if self._arrived else 0.0
        return StreamStatus(
            samples=self._samples,
            rate_hz=(n - self._arrived[0][1]) / span_s if span_s > 0 else 0.0,
            age_s=None if self._last_s is None else now_s - self._last_s,
            valid_share=sum(v for *_, v in self._arrived) / n if n and self._valid else None,
            nominal_rate_hz=self._declared_hz,
            clock_offset_s=None if self._offset is None else self._offset.offset_s,
            clock_uncertainty_s=None if self._offset is None else self._offset.uncertainty_s,
            segment=segment,
            state=state or ("stale" if self.is_silent else "flowing"),
        )

    def _back(self, now_s: float) -> list[AnyMarker]:
        if self._silent_since_s is None:
            return []
        pause_s, self._silent_since_s = now_s - self._silent_since_s, None
        return [self._fault(f"samples again after {pause_s:.2f} s", now_s)]

    def _silence_s(self) -> float:
        measured_hz = self._rates.rate_hz or 0.0
        rate_hz = min(self._declared_hz, measured_hz or np.inf)
        if not rate_hz and measured_hz >= _SLOWEST_STEADY_HZ:
            rate_hz = measured_hz
        return max(_SILENCE_S, _SILENCE_INTERVALS / rate_hz) if rate_hz else np.inf

    def _forget(self, now_s: float) -> None:
        while self._arrived and self._arrived[0][0] < now_s - _INTERVAL_S:
            self._arrived.popleft()

    def _fault(self, detail: str, now_s: float) -> FaultFound:
        return FaultFound(t_s=now_s, source=self._name, detail=detail)


def _column(about: StreamDescription, label: str) -> int | None:
    return about.labels.index(label) if label in about.labels else None
