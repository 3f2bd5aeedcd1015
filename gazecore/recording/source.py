"""One outlet of a recording: its inlet, what is watched about it, and handing it to the file."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from gazecore.messages import AnyMarker, FaultFound, StreamJoined
from gazecore.recording.monitor import StreamMonitor

if TYPE_CHECKING:
    from gazecore.recording.inlet import Inlet
    from gazecore.recording.monitor import StreamStatus
    from gazecore.recording.writer import XdfWriter


class Source:
    """Brings one inlet's samples to the file. Its status may be asked from any thread."""

    def __init__(self, inlet: Inlet) -> None:
        self.inlet = inlet
        self._monitor = StreamMonitor(inlet.about)
        self._lock = threading.Lock()
        self._announced = False
        self._loss_told = False

    @property
    def name(self) -> str:
        """The stream's name."""
        return self.inlet.about.name

    @property
    def gaps(self) -> int:
        """Gaps found so far."""
        return self._monitor.gaps

    def status(self, now_s: float) -> StreamStatus:
        """The stream at `now_s` of the recorder's clock."""
        with self._lock:
            return self._monitor.status(now_s)

    def gather(self, writer: XdfWriter, now_s: float) -> list[AnyMarker]:
        """Hand all that came to the file; returns what the recorder has to note about it."""
        notes: list[AnyMarker] = []
        if not self._announced:
            self._announced = True
            writer.add_stream(self.inlet.stream_id, self.inlet.header_xml)
            notes.append(self._joined(now_s))
        failure = self.inlet.failure  # asked before taking, so that what came before it is taken
        notes += self._take(writer, now_s)
        if failure is not None and not self._loss_told:
            self._loss_told = True
            detail = f"the outlet is gone ({failure})"
            notes.append(FaultFound(t_s=now_s, source=self.name, detail=detail))
        return notes

    def _take(self, writer: XdfWriter, now_s: float) -> list[AnyMarker]:
        pulled = self.inlet.take()
        if not pulled:
            with self._lock:
                return self._monitor.silence(now_s)
        t_s = np.concatenate([p.t_s for p in pulled])
        values = np.concatenate([p.values for p in pulled])
        if self.inlet.is_text:
            writer.add_texts(self.inlet.stream_id, t_s, values.tolist())
        else:
            writer.add_numeric(self.inlet.stream_id, t_s, values)
        with self._lock:
            return self._monitor.watch(t_s, None if self.inlet.is_text else values, now_s)

    def _joined(self, now_s: float) -> StreamJoined:
        return StreamJoined(
            t_s=now_s,
            stream=self.name,
            stream_id=self.inlet.stream_id,
            segment=self.inlet.segment,
            header=self.inlet.header_xml,
        )
