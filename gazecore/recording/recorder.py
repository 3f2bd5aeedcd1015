"""The recorder: a thread for each inlet, one that looks around, one that writes, one that syncs.

::

    inlet threads --samples, clock offsets--> writer thread --one write per 40 ms--> file
    watch thread  --outlets that come, go and return-------> inlets; faults into the log
    sync thread   --fdatasync per 100 ms--> disk, and reading back what was written
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, FaultFound
from gazecore.recording.log_stream import RECORDER_STREAM_ID
from gazecore.recording.plan import Outcome, RecorderSettings, demand_place, free_bytes
from gazecore.recording.recording_file import RecordingFile
from gazecore.recording.roster import Roster
from gazecore.recording.streams import RecordedStreams
from gazecore.recording.watch import DiskWatch
from gazecore.samples import MARKER_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pylsl

    from gazecore.recording.writer import XdfWriter

_KEPT_FAULTS = 20
_WATCH_S = 0.1
_JOIN_S = 2.0


class Recorder:
    """Records streams into one new file from `start` to `stop`.

    Parameters
    ----------
    path : Path
        The file to make; it must not exist.
    settings : RecorderSettings
        Times and limits.
    roster : Roster, optional
        Who was seen and asked about before the recording began.
    """

    def __init__(
        self,
        path: Path,
        settings: RecorderSettings | None = None,
        roster: Roster | None = None,
    ) -> None:
        self._path = path
        self._settings = settings or RecorderSettings()
        self._streams = RecordedStreams(self._settings, self.note, roster or Roster())
        self._disk_watch = DiskWatch(path, self._settings)
        self._notes: queue.SimpleQueue[AnyMarker] = queue.SimpleQueue()
        self._faults: list[str] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._watch_on, name="recorder watch", daemon=True)
        self._state = "waiting"
        self._shortage: str | None = None
        self._broken: str | None = None
        self._file: RecordingFile | None = None

    @property
    def must_stop(self) -> str | None:
        """Why the recording cannot go on (disk full or gone), None while all is well."""
        failure = None if self._file is None else self._file.failure
        return failure or self._broken or self._shortage

    def last_sample_s(self) -> float | None:
        """When (LSL clock) the last sample of any stream came."""
        now_s = clock_s()
        ages = [source.status(now_s).age_s for source in self._streams.sources]
        known = [age for age in ages if age is not None]
        return now_s - min(known) if known else None

    def start(self, infos: Sequence[pylsl.StreamInfo], names: Sequence[str] | None = None) -> None:
        """Subscribe to the streams, then make the file and begin to write.

        Parameters
        ----------
        infos : sequence of pylsl.StreamInfo
            The most important first: it has to answer, the others join when they can.
        names : sequence of str, optional
            The streams that may join later; empty: any gaze or marker stream. Those of `infos`
            without.

        Raises
        ------
        NoStreamError
            An outlet went away; no file is left.
        TargetExistsError, MissingPathError, UnwritablePathError
            The file cannot be made, or too little space is free.
        """
        demand_place(self._path, self._settings.least_free_bytes)
        try:
            self._streams.start(infos, [i.name() for i in infos] if names is None else names)
            self._file = RecordingFile(self._path, self._settings, self._gather)
        except BaseException:
            self._streams.stop()
            raise
        self._state = "recording"
        self._watch.start()

    def status(self) -> dict[str, Any]:
        """The recording at this moment, as the station shows it."""
        with self._lock:
            faults = list(self._faults)
        failure = None if self._file is None else self._file.failure
        return {
            "state": self._state if failure is None else "failed",
            "file": str(self._path),
            "streams": self._streams.status(),
            "missing": self._streams.missing(),
            "questions": self._streams.questions(),
            "markers_acknowledged": self._markers_acknowledged(),
            "bytes": 0 if self._file is None else self._file.bytes_written,
            "free_bytes": free_bytes(self._path),
            "gaps": sum(source.gaps for source in self._streams.sources),
            "faults": faults if failure is None else [*faults, failure],
        }

    def choose(self, uid: str) -> dict[str, Any]:
        """Record this outlet, and no other of its name; see `RecordedStreams.choose`."""
        return self._streams.choose(uid)

    def stop(self) -> Outcome:
        """Take in what has come, close the file, and read it back."""
        self._state = "closing"
        self._stopping.set()
        self._streams.stop()
        if self._watch.is_alive():
            self._watch.join(_JOIN_S)
        if self._file is not None:
            self._file.finish()
        failed = self._file is not None and self._file.failure is not None
        self._state = "failed" if failed else "closed"
        status = self.status()
        return Outcome(
            file=str(self._path),
            verified=self._file is not None and self._file.is_proven,
            samples={name: stream["samples"] for name, stream in status["streams"].items()},
            gaps=status["gaps"],
            error=self.must_stop,
            faults=tuple(status["faults"]),
        )

    def note(self, detail: str, source: str = "recorder") -> None:
        """Write a fault into the stream ``FocusStation recorder``."""
        self._notes.put(FaultFound(t_s=clock_s(), source=source, detail=detail))

    def _markers_acknowledged(self) -> bool:
        """Whether markers of the station's present outlet arrive: it may start a case."""
        markers = self._streams.latest(MARKER_STREAM_NAME)
        if markers is None or not markers.status(clock_s()).samples:
            return False
        # Asked anew: a station that has just gone must not be taken for the one that asks.
        return not markers.inlet.is_gone_now()

    def _gather(self, writer: XdfWriter, now_s: float) -> None:
        notes = self._streams.gather(writer, now_s)
        while not self._notes.empty():
            notes.append(self._notes.get())
        if not notes:
            return
        texts = [(note.to_json().encode(),) for note in notes]
        writer.add_texts(RECORDER_STREAM_ID, np.array([note.t_s for note in notes]), texts)
        said = [f"{n.source}: {n.detail}" for n in notes if isinstance(n, FaultFound)]
        with self._lock:
            self._faults = (self._faults + said)[-_KEPT_FAULTS:]

    def _watch_on(self) -> None:
        try:
            while not self._stopping.wait(_WATCH_S):
                self._shortage = self._shortage or self._disk_watch.shortage(self.note)
                self._streams.look_after()
        except Exception as error:  # noqa: BLE001 - the thread's door: the recording ends, visibly
            self._broken = f"recorder failed: {error!r}"
