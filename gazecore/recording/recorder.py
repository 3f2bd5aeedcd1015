"""The recorder: inlets on threads of their own, one thread that writes, one that syncs.

::

    inlet threads --samples--> writer thread --one write per 40 ms--> file
    watch thread  --clock offsets, lost and returned outlets--> writer thread
    sync thread   --fdatasync per 100 ms--> disk, and reading back what was written
"""

from __future__ import annotations

import os
import queue
import shutil
import threading
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gazecore.errors import UnwritablePathError
from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, FaultFound
from gazecore.recording.inlet import Inlet
from gazecore.recording.monitor import StreamMonitor
from gazecore.recording.rejoin import Rejoiner
from gazecore.recording.verification import Verifier
from gazecore.recording.writer import XdfWriter
from gazecore.samples import MARKER_STREAM_NAME, RECORDER_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pylsl

RECORDER_STREAM_ID = 0x46534932
_KEPT_FAULTS = 20


@dataclass(frozen=True, slots=True)
class RecorderSettings:
    """Times in seconds, sizes in bytes; the defaults are the product's."""

    flush_s: float = 0.04
    sync_s: float = 0.1
    boundary_s: float = 1.0
    clock_offset_s: float = 5.0
    least_free_bytes: int = 1_000_000_000
    warn_free_bytes: int = 5_000_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a recording ended."""

    file: str
    verified: bool
    samples: dict[str, int]
    gaps: int
    error: str | None = None


@dataclass(slots=True)
class _Source:
    inlet: Inlet
    monitor: StreamMonitor
    announced: bool = False
    loss_noted: bool = False


def demand_free_space(path: Path, least_bytes: int) -> int:
    """Bytes free on the disk of a file to be made.

    Raises
    ------
    UnwritablePathError
        Less than `least_bytes` are free.
    """
    free = shutil.disk_usage(path.parent).free
    if free < least_bytes:
        raise UnwritablePathError(
            path, f"only {free / 1e9:.2f} GB free on this disk, {least_bytes / 1e9:.2f} GB needed"
        )
    return free


class Recorder:
    """Records streams into one new file from `start` to `stop`.

    Parameters
    ----------
    path : Path
        The file to make; it must not exist.
    settings : RecorderSettings
        Times and limits.
    """

    def __init__(self, path: Path, settings: RecorderSettings | None = None) -> None:
        self._path = path
        self._settings = settings or RecorderSettings()
        self._sources: list[_Source] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._notes: queue.SimpleQueue[AnyMarker] = queue.SimpleQueue()
        self._offsets: queue.SimpleQueue[tuple[int, float, float]] = queue.SimpleQueue()
        self._faults: list[str] = []
        self._state = "starting"
        self._error: str | None = None
        self._shortage: str | None = None
        self._rejoiner = Rejoiner()

    @property
    def must_stop(self) -> str | None:
        """Why the recording cannot go on (disk full or gone), None while all is well."""
        return self._error or self._shortage

    @property
    def last_sample_s(self) -> float | None:
        """When (LSL clock) the last sample of any stream came."""
        with self._lock:
            ages = [s.monitor.status(clock_s()).age_s for s in self._sources]
        known = [age for age in ages if age is not None]
        return clock_s() - min(known) if known else None

    def start(self, infos: Sequence[pylsl.StreamInfo]) -> None:
        """Subscribe to the streams, then make the file and begin to write.

        Raises
        ------
        NoStreamError
            An outlet went away; no file is left.
        TargetExistsError, MissingPathError, UnwritablePathError
            The file cannot be made, or too little space is free.
        """
        demand_free_space(self._path, self._settings.least_free_bytes)
        try:
            for number, info in enumerate(infos, 1):
                inlet = Inlet(info, number)
                inlet.start()
                self._join(inlet)
            self._writer = XdfWriter(self._path, clock_s)
        except BaseException:
            self._stop_inlets()
            raise
        self._writer.add_stream(RECORDER_STREAM_ID, _recorder_header())
        self._verifier = Verifier(self._path)
        self._verified = True
        self._state = "recording"
        self._threads = [
            threading.Thread(target=target, name=f"recorder {target.__name__}", daemon=True)
            for target in (self._write_on, self._sync_on, self._watch_on)
        ]
        for thread in self._threads:
            thread.start()

    def status(self) -> dict[str, Any]:
        """The recording at this moment, as the station shows it."""
        now_s = clock_s()
        with self._lock:
            streams = self._stream_status(now_s)
            gaps = sum(s.monitor.gaps for s in self._sources)
            faults = list(self._faults)
        markers = streams.get(MARKER_STREAM_NAME)
        return {
            "state": self._state,
            "file": str(self._path),
            "streams": streams,
            "markers_acknowledged": bool(markers and markers["samples"]),
            "bytes": self._writer.bytes_written,
            "free_bytes": shutil.disk_usage(self._path.parent).free,
            "gaps": gaps,
            "faults": faults,
        }

    def _stream_status(self, now_s: float) -> dict[str, dict[str, Any]]:
        """Status by name; a stream that came back counts the samples of all its outlets."""
        streams: dict[str, dict[str, Any]] = {}
        for source in self._sources:
            name = source.inlet.about.name
            earlier = streams.get(name, {"samples": 0})["samples"]
            streams[name] = asdict(source.monitor.status(now_s))
            streams[name]["samples"] += earlier
        return streams

    def stop(self) -> Outcome:
        """Take in what has come, close the file, and read it back."""
        self._state = "closing"
        self._stopping.set()
        self._stop_inlets()
        for thread in self._threads:
            thread.join(10.0)
        if self._error is None:
            self._finish()
        else:
            self._writer.abandon()
        self._state = "closed" if self._error is None else "failed"
        status = self.status()
        return Outcome(
            file=str(self._path),
            verified=self._error is None and self._verified and self._verifier.finished,
            samples={name: stream["samples"] for name, stream in status["streams"].items()},
            gaps=status["gaps"],
            error=self.must_stop,
        )

    def note(self, detail: str, source: str = "recorder") -> None:
        """Write a fault into the stream ``FocusStation recorder``."""
        self._notes.put(FaultFound(t_s=clock_s(), source=source, detail=detail))

    def _join(self, inlet: Inlet) -> None:
        source = _Source(inlet, StreamMonitor(inlet.about))
        with self._lock:
            self._sources.append(source)

    def _stop_inlets(self) -> None:
        for source in self._sources:
            source.inlet.request_stop()
        for source in self._sources:
            source.inlet.join()

    def _write_on(self) -> None:
        """The writer thread: until stopped or the disk fails."""
        boundary_s = clock_s()
        while not self._stopping.wait(self._settings.flush_s):
            if clock_s() - boundary_s >= self._settings.boundary_s:
                boundary_s = clock_s()
                self._writer.add_boundary()
            try:
                self._gather()
                self._writer.flush()
            except OSError as error:
                self._fail(error)
                return

    def _finish(self) -> None:
        try:
            self._gather()
            self._writer.add_boundary()
            self._writer.close()
            self._verified = self._verifier.advance() and self._verified
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self._error = f"cannot write {self._path}: {error.strerror or error}"
        self._faults.append(self._error)
        self._state = "failed"

    def _gather(self) -> None:
        """Hand everything that came since the last time to the file."""
        now_s = clock_s()
        with self._lock:
            sources = list(self._sources)
        for source in sources:
            self._gather_source(source, now_s)
        while not self._offsets.empty():
            self._writer.add_clock_offset(*self._offsets.get())
        notes = []
        while not self._notes.empty():
            notes.append(self._notes.get())
        if notes:
            self._write_notes(notes)

    def _gather_source(self, source: _Source, now_s: float) -> None:
        inlet = source.inlet
        if not source.announced:
            source.announced = True
            self._writer.add_stream(inlet.stream_id, inlet.header_xml)
        failure = inlet.failure  # before taking: what came before the failure is then complete
        pulled = inlet.take()
        if pulled:
            t_s = np.concatenate([p.t_s for p in pulled])
            values = np.concatenate([p.values for p in pulled])
            if inlet.is_text:
                self._writer.add_texts(inlet.stream_id, t_s, values.tolist())
            else:
                self._writer.add_numeric(inlet.stream_id, t_s, values)
            with self._lock:
                found = source.monitor.watch(t_s, None if inlet.is_text else values, now_s)
        else:
            with self._lock:
                found = source.monitor.silence(now_s)
        if failure is not None and not source.loss_noted:
            source.loss_noted = True
            self.note(f"the outlet is gone ({failure})", inlet.about.name)
        for marker in found:
            self._notes.put(marker)

    def _write_notes(self, notes: list[AnyMarker]) -> None:
        times = np.array([note.t_s for note in notes])
        texts = [(note.to_json().encode(),) for note in notes]
        self._writer.add_texts(RECORDER_STREAM_ID, times, texts)
        said = [f"{n.source}: {n.detail}" for n in notes if isinstance(n, FaultFound)]
        with self._lock:
            self._faults = (self._faults + said)[-_KEPT_FAULTS:]

    def _sync_on(self) -> None:
        """The sync thread: until stopped; a slow disk delays no sample."""
        while not self._stopping.wait(self._settings.sync_s):
            try:
                self._writer.sync()
                self._verified = self._verifier.advance() and self._verified
            except OSError as error:
                self._fail(error)
                return

    def _watch_on(self) -> None:
        """The watch thread: clock offsets, free space, outlets that are lost or come back."""
        measured_s: dict[int, float] = {}
        warned = False
        while not self._stopping.wait(0.1):
            with self._lock:
                sources = list(self._sources)
            for source in sources:
                self._measure_offset(source.inlet, measured_s)
            for inlet in self._rejoiner.returned([s.inlet for s in sources], self.note):
                self._join(inlet)
            warned = self._watch_space(warned)

    def _measure_offset(self, inlet: Inlet, measured_s: dict[int, float]) -> None:
        due_s = measured_s.get(inlet.stream_id, -np.inf) + self._settings.clock_offset_s
        if inlet.failure is not None or clock_s() < due_s or self._stopping.is_set():
            return
        measured_s[inlet.stream_id] = clock_s()
        offset = inlet.clock_offset(1.0)
        if offset is not None:
            self._offsets.put((inlet.stream_id, *offset))

    def _watch_space(self, warned: bool) -> bool:
        free = shutil.disk_usage(self._path.parent).free
        if free < self._settings.least_free_bytes:
            self._shortage = f"only {free / 1e9:.2f} GB free on the disk of {self._path}"
        elif free < self._settings.warn_free_bytes and not warned:
            self.note(f"only {free / 1e9:.1f} GB free on the disk")
            return True
        return warned


def _recorder_header() -> str:
    return (
        f'<?xml version="1.0"?><info><name>{RECORDER_STREAM_NAME}</name><type>Log</type>'
        "<channel_count>1</channel_count><nominal_srate>0</nominal_srate>"
        "<channel_format>string</channel_format><source_id></source_id>"
        f"<desc><recorder_pid>{os.getpid()}</recorder_pid></desc></info>"
    )
