"""The file's side of a recorder: one thread that writes, one that syncs and reads back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from gazecore.errors import UnwritablePathError
from gazecore.lsl import clock_s
from gazecore.recording.disk import disk_of, trouble
from gazecore.recording.log_stream import RECORDER_STREAM_ID, header_xml
from gazecore.recording.verification import Verifier
from gazecore.recording.writer import XdfWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gazecore.recording.plan import RecorderSettings

    Gather = Callable[[XdfWriter, float], None]

_JOIN_S = 10.0


class RecordingFile:
    """Writes what a callable gathers, every 40 ms, until finished.

    Parameters
    ----------
    path : Path
        The file to make; it must not exist.
    settings : RecorderSettings
        Times.
    gather : callable
        ``gather(writer, now_s)`` hands everything new to the writer; called on one thread.

    Raises
    ------
    TargetExistsError, MissingPathError, UnwritablePathError
        The file cannot be made, or cannot take its headers; then none is left.
    """

    def __init__(self, path: Path, settings: RecorderSettings, gather: Gather) -> None:
        self._path = path
        self._disk = disk_of(path)
        self._settings = settings
        self._gather = gather
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._failure: str | None = None
        self._unproven = False
        self._verifier = Verifier(path)
        self._writer = self._begun()
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,), name=work.__name__, daemon=True)
            for work in (self._write_on, self._sync_on)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def failure(self) -> str | None:
        """Why nothing can be written any more; None while all is well."""
        return self._failure

    @property
    def bytes_written(self) -> int:
        """Bytes handed to the operating system so far."""
        return self._writer.bytes_written

    @property
    def is_proven(self) -> bool:
        """Whether the closed file was read back and is as it was written."""
        return self._failure is None and not self._unproven and self._verifier.finished

    def finish(self) -> None:
        """Take in what has come, close the file, and read it back."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(_JOIN_S)
        if any(thread.is_alive() for thread in self._threads):
            self._fail(f"the disk at {self._disk} does not answer; {self._path} ends before that")
        if self._failure is None:
            self._guarded(self._close)
        else:
            self._writer.abandon()

    def _begun(self) -> XdfWriter:
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

    def _guarded(self, work: Callable[[], None]) -> None:
        """Door of the threads: whatever goes wrong ends the recording, visibly."""
        try:
            work()
        except OSError as error:
            self._fail(trouble(self._path, error, self._disk))
        except Exception as error:  # noqa: BLE001
            self._fail(f"recorder failed: {error!r}")

    def _fail(self, reason: str) -> None:
        with self._lock:
            self._failure = self._failure or reason

    def _write_on(self) -> None:
        boundary_s = clock_s()
        while not self._stopping.wait(self._settings.flush_s):
            if clock_s() - boundary_s >= self._settings.boundary_s:
                boundary_s = clock_s()
                self._writer.add_boundary()
            self._write_once(self._writer)

    def _write_once(self, writer: XdfWriter) -> None:
        self._gather(writer, clock_s())
        writer.flush()

    def _close(self) -> None:
        self._write_once(self._writer)
        self._writer.add_boundary()
        self._writer.close()
        self._read_back()

    def _read_back(self) -> None:
        self._unproven = not self._verifier.advance() or self._unproven

    def _sync_on(self) -> None:
        while not self._stopping.wait(self._settings.sync_s):
            self._writer.sync()
            self._read_back()
