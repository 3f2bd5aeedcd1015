"""What the station is told about a stream while it is recorded: rate, age, validity, silence."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gazecore.messages import AnyMarker, FaultFound
from gazecore.recording.gaps import GapDetector

if TYPE_CHECKING:
    import numpy.typing as npt

    from gazecore.recording.description import StreamDescription

_INTERVAL_S = 2.0
_SILENCE_S, _SILENCE_INTERVALS = 0.5, 20


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """A stream at this moment; rate and validity are over the last two seconds.

    `valid_share` is the share of samples with at least one eye valid, None for streams without
    validity flags or without samples; `age_s` is None before the first sample.
    """

    samples: int
    rate_hz: float
    age_s: float | None
    valid_share: float | None


class StreamMonitor:
    """Watches one stream's samples as they arrive. Used by one thread at a time."""

    def __init__(self, about: StreamDescription) -> None:
        self._name = about.name
        self._sequence = _column(about, "sequence")
        self._valid = [
            k
            for k in (_column(about, f"{eye}_gaze_valid") for eye in ("left", "right"))
            if k is not None
        ]
        self._gaps = GapDetector(about.name, about.true_rate_hz)
        rate_hz = about.true_rate_hz
        self._silence_s = max(_SILENCE_S, _SILENCE_INTERVALS / rate_hz) if rate_hz else np.inf
        self._arrived: deque[tuple[float, int, int]] = deque()
        self._samples = 0
        self._last_s: float | None = None
        self._silent = False

    @property
    def gaps(self) -> int:
        """Gaps found so far."""
        return self._gaps.count

    def watch(
        self, t_s: npt.NDArray[np.float64], values: npt.NDArray[Any] | None, now_s: float
    ) -> list[AnyMarker]:
        """Take samples in: sender's times (n,), values (n, channels); returns what is wrong."""
        self._samples += len(t_s)
        self._last_s, self._silent = now_s, False
        valid = 0
        if values is not None and self._valid:
            valid = int((values[:, self._valid] > 0.5).any(axis=1).sum())
        self._arrived.append((now_s, len(t_s), valid))
        self._forget(now_s)
        sequence = None
        if values is not None and self._sequence is not None:
            sequence = values[:, self._sequence].astype(np.float64)
        return self._gaps.watch(t_s, sequence, now_s)

    def silence(self, now_s: float) -> list[AnyMarker]:
        """A fault, once, when a stream that had samples has none any more."""
        if self._last_s is None or self._silent or now_s - self._last_s < self._silence_s:
            return []
        self._silent = True
        detail = f"no samples for {now_s - self._last_s:.2f} s"
        return [FaultFound(t_s=now_s, source=self._name, detail=detail)]

    def status(self, now_s: float) -> StreamStatus:
        """The stream at this moment."""
        self._forget(now_s)
        n = sum(count for _, count, _ in self._arrived)
        # The oldest arrival only starts the clock: its samples came before it.
        span_s = now_s - self._arrived[0][0] if self._arrived else 0.0
        return StreamStatus(
            samples=self._samples,
            rate_hz=(n - self._arrived[0][1]) / span_s if span_s > 0 else 0.0,
            age_s=None if self._last_s is None else now_s - self._last_s,
            valid_share=sum(v for *_, v in self._arrived) / n if n and self._valid else None,
        )

    def _forget(self, now_s: float) -> None:
        while self._arrived and self._arrived[0][0] < now_s - _INTERVAL_S:
            self._arrived.popleft()


def _column(about: StreamDescription, label: str) -> int | None:
    return about.labels.index(label) if label in about.labels else None
