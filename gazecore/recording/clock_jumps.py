"""Jumps of a sender's clock: its stamps against the time at which its samples arrive.

A sample can arrive late, by any delay, but not before it was sent. So the earliest arrivals
show how the sender's clock stands to ours; a stamp that lies clearly ahead of that line means
that the sender's clock jumped forward, and stamps that fall behind the one before, backward.
A hole, or a burst after a stall, moves stamps and arrivals alike, and is none. Only for streams
of more than ten samples a second: a jump is a step between two stamps of more than 0.1 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import FaultFound

if TYPE_CHECKING:
    import numpy.typing as npt

_JUMP_S = 0.1
_MOST_TOLD = 3
"""Jumps per call; more are counted and told in one fault."""
_MOST_DRIFT = 1e-3
"""Clocks of real devices differ by less; the line may follow no faster."""


class ClockJumpWatch:
    """Watches one stream's stamps against their arrival.

    Parameters
    ----------
    stream : str
        The stream's name, for the faults.
    """

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._line_s: float | None = None
        self._stamp_s = self._arrived_s = 0.0

    def watch(
        self,
        t_s: npt.NDArray[np.float64],
        arrived_s: npt.NDArray[np.float64],
        now_s: float,
    ) -> tuple[list[FaultFound], npt.NDArray[np.intp]]:
        """Faults for jumps, and the places in `t_s` (n,) of the samples right after one.

        `arrived_s` (n,) is on the recorder's clock.
        """
        faults: list[FaultFound] = []
        places: list[int] = []
        start = 0
        while (place := self._next_jump(t_s[start:], arrived_s[start:])) is not None:
            place += start
            before_s = self._stamp_s if place == 0 else float(t_s[place - 1])
            jump_s = self._moved(float(t_s[place]), float(arrived_s[place]))
            places.append(place)
            if len(places) <= _MOST_TOLD:
                detail = f"its clock jumped by {jump_s:+.3f} s, from {before_s:.3f} s"
                faults.append(FaultFound(t_s=now_s, source=self._stream, detail=detail))
            start = place + 1
            self._stamp_s = float(t_s[place])
        self._settle(t_s[start:], arrived_s[start:])
        if len(places) > _MOST_TOLD:
            detail = f"its clock jumped {len(places) - _MOST_TOLD} more times right after"
            faults.append(FaultFound(t_s=now_s, source=self._stream, detail=detail))
        return faults, np.array(places, dtype=np.intp)

    def _next_jump(
        self, t_s: npt.NDArray[np.float64], arrived_s: npt.NDArray[np.float64]
    ) -> int | None:
        if self._line_s is None or not len(t_s):
            return None
        drift_s = _MOST_DRIFT * np.maximum(arrived_s - self._arrived_s, 0)
        steps_s = np.diff(t_s, prepend=self._stamp_s)
        ahead = t_s - arrived_s - self._line_s > _JUMP_S + drift_s
        places = np.flatnonzero((ahead & (steps_s > _JUMP_S)) | (steps_s < -_JUMP_S))
        return int(places[0]) if len(places) else None

    def _moved(self, t_s: float, arrived_s: float) -> float:
        """Put the line where the jump has moved it; by how much, in seconds."""
        line_s = t_s - arrived_s
        jump_s = line_s - (self._line_s or 0.0)
        self._line_s, self._arrived_s = line_s, arrived_s
        return jump_s

    def _settle(self, t_s: npt.NDArray[np.float64], arrived_s: npt.NDArray[np.float64]) -> None:
        """Let the line follow the earliest arrivals, and sink as slowly as clocks drift."""
        if not len(t_s):
            return
        earliest_s = float((t_s - arrived_s).max())
        last_s = float(arrived_s[-1])
        if self._line_s is None:
            self._line_s = earliest_s
        else:
            sunk_s = self._line_s - _MOST_DRIFT * max(0.0, last_s - self._arrived_s)
            self._line_s = max(earliest_s, sunk_s)
        self._arrived_s, self._stamp_s = last_s, float(t_s[-1])
