"""The recorder: inlets on threads of their own, one thread that writes, one that syncs.

::

    inlet threads --samples--> writer thread --one write per 40 ms--> file
    watch thread  --clock offsets, lost and returned outlets--> writer thread
    sync thread   --fdatasync per 100 ms--> disk, and reading back what was written
"""

from __future__ import annotations

import queue
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from gazecore.errors import UnwritablePathError
from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, FaultFound
from gazecore.recording.disk import disk_of, trouble
from gazecore.recording.inlet import Inlet
from gazecore.recording.log_stream import RECORDER_STREAM_ID, header_xml
from gazecore.recording.plan import Outcome, RecorderSettings, demand_place, free_bytes
from gazecore.recording.rejoin import Rejoiner
from gazecore.recording.source import Source
from gazecore.recording.verification import Verifier
from gazecore.recording.watch import ClockWatch, DiskWatch
from gazecore.recording.writer import XdfWriter
from gazecore.samples import MARKER_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pylsl

_KEPT_FAULTS = 20
_WATCH_S = 0.1
_JOIN_S = 10.0


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
        self._sources: list[Source] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._notes: queue.SimpleQueue[AnyMarker] = queue.SimpleQueue()
        self._offsets: queue.SimpleQueue[tuple[int, float, float]] = queue.SimpleQueue()
        self._faults: list[str] = []
        self._state = "waiting"
        self._failure: str | None = None
        self._shortage: str | None = None
        self._unproven = False
        self._writer: XdfWriter | None = None
        self._verifier = Verifier(path)
        self._clock_watch = ClockWatch(self._settings.clock_offset_s)
        self._disk_watch = DiskWatch(path, self._settings)
        self._disk = disk_of(path)
        self._rejoiner = Rejoiner()

    @property
    def must_stop(self) -> str | None:
        """Why the recording cannot go on (disk full or gone), None while all is well."""
        return self._failure or self._shortage

    def last_sample_s(self) -> float | None:
        """When (LSL clock) the last sample of any stream came."""
        now_s = clock_s()
        ages = [source.status(now_s).age_s for source in self._all_sources()]
        known = [age for age in ages if age is not None]
        return now_s - min(known) if known else None

    def start(self, infos: Sequence[pylsl.StreamInfo]) -> None:
        """Subscribe to the streams, then make the file and begin to write.

        Raises
        ------
        NoStreamError
            An outlet went away; no file is left.
        TargetExistsError, MissingPathError, UnwritablePathError
            The file cannot be made, or too little space is free.
        """
        demand_place(self._path, self._settings.least_free_bytes)
        try:
            for number, info in enumerate(infos, 1):
                inlet = Inlet(info, number)
                inlet.start()
                self._sources.append(Source(inlet))
            self._writer = self._begun_file()
        except BaseException:
            self._stop_inlets()
            raise
        self._state = "recording"
        for work in (self._write_on, self._sync_on, self._watch_on):
            thread = threading.Thread(
                target=self._guarded, args=(work, self._writer), name=work.__name__, daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _begun_file(self) -> XdfWriter:
        """Make the file with all its headers; one that cannot take them is removed again."""
        writer = XdfWriter(self._path, clock_s)
        try:
            writer.add_stream(RECORDER_STREAM_ID, header_xml())
            writer.add_clock_offset(RECORDER_STREAM_ID, clock_s(), 0.0)
            self._write_once(writer)
        except OSError as error:
            writer.abandon()
            self._path.unlink()
            raise UnwritablePathError(self._path, error.strerror or str(error)) from error
        return writer

    def status(self) -> dict[str, Any]:
        """The recording at this moment, as the station shows it."""
        streams = self._stream_status()
        with self._lock:
            faults = list(self._faults)
        return {
            "state": self._state,
            "file": str(self._path),
            "streams": streams,
            "markers_acknowledged": self._markers_acknowledged(),
            "bytes": 0 if self._writer is None else self._writer.bytes_written,
            "free_bytes": free_bytes(self._path),
            "gaps": sum(source.gaps for source in self._all_sources()),
            "faults": faults,
        }

    def _markers_acknowledged(self) -> bool:
        """Whether markers of the station's present outlet arrive: it may start a case."""
        outlets = [s for s in self._all_sources() if s.name == MARKER_STREAM_NAME]
        if not outlets or outlets[-1].inlet.failure is not None:
            return False
        return outlets[-1].status(clock_s()).samples > 0

    def stop(self) -> Outcome:
        """Take in what has come, close the file, and read it back."""
        self._state = "closing"
        self._stopping.set()
        self._stop_inlets()
        for thread in self._threads:
            thread.join(_JOIN_S)
        if self._writer is not None:
            self._finish(self._writer)
        self._state = "closed" if self._failure is None else "failed"
        status = self.status()
        return Outcome(
            file=str(self._path),
            verified=self._failure is None and not self._unproven and self._verifier.finished,
            samples={name: stream["samples"] for name, stream in status["streams"].items()},
            gaps=status["gaps"],
            error=self.must_stop,
        )

    def note(self, detail: str, source: str = "recorder") -> None:
        """Write a fault into the stream ``FocusStation recorder``."""
        self._notes.put(FaultFound(t_s=clock_s(), source=source, detail=detail))

    def _all_sources(self) -> list[Source]:
        with self._lock:
            return list(self._sources)

    def _stream_status(self) -> dict[str, dict[str, Any]]:
        """Status by name; a stream that came back counts the samples of all its outlets."""
        streams: dict[str, dict[str, Any]] = {}
        now_s = clock_s()
        for source in self._all_sources():
            earlier = streams.get(source.name, {"samples": 0})["samples"]
            streams[source.name] = asdict(source.status(now_s))
            streams[source.name]["samples"] += earlier
        return streams

    def _stop_inlets(self) -> None:
        sources = self._all_sources()
        for source in sources:
            source.inlet.request_stop()
        for source in sources:
            source.inlet.join()

    def _guarded(self, work: Callable[[XdfWriter], None], writer: XdfWriter) -> None:
        """Door of the recorder's threads: whatever goes wrong ends the recording, visibly."""
        try:
            work(writer)
        except OSError as error:
            self._fail(trouble(self._path, error, self._disk))
        except Exception as error:  # noqa: BLE001
            self._fail(f"recorder failed: {error!r}")

    def _fail(self, reason: str) -> None:
        with self._lock:
            self._failure = self._failure or reason
            self._faults.append(reason)
        self._state = "failed"

    def _write_on(self, writer: XdfWriter) -> None:
        boundary_s = clock_s()
        while not self._stopping.wait(self._settings.flush_s):
            if clock_s() - boundary_s >= self._settings.boundary_s:
                boundary_s = clock_s()
                writer.add_boundary()
            self._write_once(writer)

    def _write_once(self, writer: XdfWriter) -> None:
        """Hand everything that came since the last time to the file, and write it."""
        now_s = clock_s()
        notes: list[AnyMarker] = []
        for source in self._all_sources():
            notes += source.gather(writer, now_s)
        while not self._offsets.empty():
            writer.add_clock_offset(*self._offsets.get())
        while not self._notes.empty():
            notes.append(self._notes.get())
        if notes:
            self._log(writer, notes)
        writer.flush()

    def _log(self, writer: XdfWriter, notes: list[AnyMarker]) -> None:
        texts = [(note.to_json().encode(),) for note in notes]
        writer.add_texts(RECORDER_STREAM_ID, np.array([note.t_s for note in notes]), texts)
        said = [f"{n.source}: {n.detail}" for n in notes if isinstance(n, FaultFound)]
        with self._lock:
            self._faults = (self._faults + said)[-_KEPT_FAULTS:]

    def _finish(self, writer: XdfWriter) -> None:
        if self._failure is not None:
            writer.abandon()
            return
        self._guarded(self._close, writer)

    def _close(self, writer: XdfWriter) -> None:
        self._write_once(writer)
        writer.add_boundary()
        writer.close()
        self._read_back()

    def _read_back(self) -> None:
        self._unproven = not self._verifier.advance() or self._unproven

    def _sync_on(self, writer: XdfWriter) -> None:
        while not self._stopping.wait(self._settings.sync_s):
            writer.sync()
            self._read_back()

    def _watch_on(self, writer: XdfWriter) -> None:
        del writer
        while not self._stopping.wait(_WATCH_S):
            inlets = [source.inlet for source in self._all_sources()]
            for offset in self._clock_watch.due_offsets(inlets):
                self._offsets.put(offset)
            back = [Source(inlet) for inlet in self._rejoiner.returned(inlets, self.note)]
            with self._lock:
                self._sources += back
            self._shortage = self._shortage or self._disk_watch.shortage(self.note)
