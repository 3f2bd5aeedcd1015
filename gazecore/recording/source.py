"""One outlet of a recording: its inlet, what is watched about it, and handing it to the file."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import (
    AnyMarker,
    ClockOffsetMeasured,
    FaultFound,
    GapFound,
    StreamJoined,
)
from gazecore.recording.misdescription import misdescriptions
from gazecore.recording.monitor import StreamMonitor

if TYPE_CHECKING:
    from gazecore.recording.inlet import Inlet
    from gazecore.recording.monitor import StreamStatus
    from gazecore.recording.sender_clock import ClockOffset
    from gazecore.recording.writer import XdfWriter

_NOTED_EVERY_S = 60.0
_WORSE = 2.0


class Source:
    """Brings one inlet's samples to the file. Its status may be asked from any thread."""

    def __init__(self, inlet: Inlet) -> None:
        self.inlet = inlet
        self._monitor = StreamMonitor(inlet.about)
        self._lock = threading.Lock()
        self._announced = False
        self._loss_told = False
        self._noted: ClockOffset | None = None
        self._gaps_before = 0
        self._ends_s: float | None = None
        self.follows: Source | None = None
        """The source of the outlet that carried the stream before."""

    @property
    def name(self) -> str:
        """The stream's name."""
        return self.inlet.about.name

    @property
    def gaps(self) -> int:
        """Gaps found so far."""
        return self._monitor.gaps + self._gaps_before

    def status(self, now_s: float, *, asking: bool = False) -> StreamStatus:
        """The stream at `now_s` of the recorder's clock; `asking` where a question is open."""
        state = None
        if self.inlet.is_lost:
            state = "asking" if asking else "lost"
        elif self.inlet.is_silent:
            state = "stale"
        with self._lock:
            return self._monitor.status(now_s, self.inlet.segment, state)

    def gather(self, writer: XdfWriter, now_s: float) -> list[AnyMarker]:
        """Hand all that came to the file; returns what the recorder has to note about it."""
        if not self.inlet.is_open:
            return []
        notes: list[AnyMarker] = []
        if not self._announced:
            notes += self._announce(writer, now_s)
        failure = self.inlet.failure  # asked before taking, so that what came before it is taken
        notes += self._take(writer, now_s)
        notes += self._take_offsets(writer, now_s)
        if failure is not None and not self._loss_told:
            self._loss_told = True
            notes.append(self._fault(f"the outlet is gone ({failure})", now_s))
        return notes

    def _announce(self, writer: XdfWriter, now_s: float) -> list[AnyMarker]:
        self._announced = True
        with self._lock:
            self._monitor = StreamMonitor(self.inlet.about)  # now with the full description
        writer.add_stream(self.inlet.stream_id, self.inlet.header_xml)
        joined = StreamJoined(
            t_s=now_s,
            stream=self.name,
            stream_id=self.inlet.stream_id,
            segment=self.inlet.segment,
            header=self.inlet.header_xml,
        )
        wrong = misdescriptions(self.inlet.outlet_xml)
        return [joined, *(self._fault(detail, now_s) for detail in wrong)]

    def _take(self, writer: XdfWriter, now_s: float) -> list[AnyMarker]:
        pulled = self.inlet.take()
        if not pulled:
            with self._lock:
                return self._monitor.silence(now_s)
        t_s = np.concatenate([p.t_s for p in pulled])
        values = np.concatenate([p.values for p in pulled])
        arrived_s = np.repeat([p.arrived_s for p in pulled], [len(p.t_s) for p in pulled])
        if self.inlet.is_text:
            writer.add_texts(self.inlet.stream_id, t_s, values.tolist())
        else:
            writer.add_numeric(self.inlet.stream_id, t_s, values)
        between = self._gap_before(float(t_s[0]), now_s)
        self._ends_s = float(t_s[-1])
        with self._lock:
            watched = None if self.inlet.is_text else values
            return between + self._monitor.watch(t_s, watched, now_s, arrived_s)

    def _gap_before(self, first_s: float, now_s: float) -> list[AnyMarker]:
        """The gap between the last sample of the outlet before and the first of this one."""
        is_first = self._ends_s is None
        last_s = None if self.follows is None else self.follows._ends_s  # noqa: SLF001 - a twin
        if not is_first or last_s is None or last_s >= first_s or self.inlet.is_text:
            return []
        self._gaps_before = 1
        return [GapFound(t_s=now_s, stream=self.name, from_s=last_s, to_s=first_s)]

    def _take_offsets(self, writer: XdfWriter, now_s: float) -> list[AnyMarker]:
        notes: list[AnyMarker] = []
        for offset in self.inlet.take_offsets():
            writer.add_clock_offset(self.inlet.stream_id, offset.collected_s, offset.offset_s)
            with self._lock:
                notes += self._monitor.offset(offset, now_s)
            if self._is_worth_noting(offset):
                self._noted = offset
                notes.append(self._measured(offset, now_s))
        return notes

    def _is_worth_noting(self, offset: ClockOffset) -> bool:
        """Whether the log should have it: the first, one a minute, and one that got less sure."""
        last = self._noted
        return (
            last is None
            or abs(offset.collected_s - last.collected_s) >= _NOTED_EVERY_S
            or offset.uncertainty_s > _WORSE * last.uncertainty_s
        )

    def _measured(self, offset: ClockOffset, now_s: float) -> ClockOffsetMeasured:
        return ClockOffsetMeasured(
            t_s=now_s,
            stream=self.name,
            stream_id=self.inlet.stream_id,
            collected_s=offset.collected_s,
            offset_s=offset.offset_s,
            uncertainty_s=offset.uncertainty_s,
        )

    def _fault(self, detail: str, now_s: float) -> FaultFound:
        return FaultFound(t_s=now_s, source=self.name, detail=detail)
