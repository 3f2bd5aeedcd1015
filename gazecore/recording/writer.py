"""An XDF file being written: chunks are gathered, then appended in one write with their proof.

Not thread-safe: one thread gathers and flushes; `sync` alone may run on another.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from gazecore.errors import MissingPathError, TargetExistsError, UnwritablePathError
from gazecore.recording import chunks, integrity
from gazecore.recording.footer import FooterMaker, element, xml_bytes
from gazecore.recording.hold import hold

_sync_data: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)
"""Not on Windows and macOS, where a full sync does the same."""

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt


class XdfWriter:
    """Appends streams to a new XDF file.

    A flush is one write: whatever a kill leaves in the file is proven up to the last flush.

    Parameters
    ----------
    path : Path
        The file to make; it must not exist.
    clock_s : callable
        The recorder's LSL clock.

    Raises
    ------
    TargetExistsError, MissingPathError, UnwritablePathError
        Where the file cannot be made.
    """

    def __init__(self, path: Path, clock_s: Callable[[], float]) -> None:
        self.path = path
        self._clock_s = clock_s
        self._descriptor = create_file(path)
        hold(self._descriptor)
        _sync_folder(path.parent)
        self._ledger = integrity.Ledger()
        self._pending = bytearray(chunks.MAGIC)
        self._written = 0
        self._footers: dict[int, FooterMaker] = {}
        self._append(chunks.chunk(chunks.Tag.FILE_HEADER, _file_header()))
        header = integrity.header_xml().encode()
        self._append(
            chunks.stream_chunk(chunks.Tag.STREAM_HEADER, integrity.INTEGRITY_STREAM_ID, header)
        )
        self.add_clock_offset(integrity.INTEGRITY_STREAM_ID, clock_s(), 0.0)

    @property
    def bytes_written(self) -> int:
        """Bytes handed to the operating system so far."""
        return self._written

    def add_stream(self, stream_id: int, header_xml: str) -> None:
        """Announce a stream; `header_xml` is its LSL description."""
        self._footers[stream_id] = FooterMaker(header_xml)
        self._append(chunks.stream_chunk(chunks.Tag.STREAM_HEADER, stream_id, header_xml.encode()))

    def add_numeric(
        self, stream_id: int, t_s: npt.NDArray[np.float64], values: npt.NDArray[Any]
    ) -> None:
        """Add samples of a numeric stream: times (n,), values (n, channels)."""
        self._append(chunks.numeric_samples_chunk(stream_id, t_s, values))
        self._footers[stream_id].count(t_s)

    def add_texts(
        self,
        stream_id: int,
        t_s: npt.NDArray[np.float64],
        texts: Sequence[Sequence[bytes]],
    ) -> None:
        """Add samples of a string stream: times (n,), per sample one text for each channel."""
        self._append(chunks.text_samples_chunk(stream_id, t_s, texts))
        self._footers[stream_id].count(t_s)

    def add_clock_offset(self, stream_id: int, collected_s: float, offset_s: float) -> None:
        """Add a measured clock offset (see `chunks.clock_offset_chunk`); the footer repeats it."""
        if stream_id in self._footers:
            self._footers[stream_id].add_offset(collected_s, offset_s)
        self._append(chunks.clock_offset_chunk(stream_id, collected_s, offset_s))

    def add_boundary(self) -> None:
        """Add the mark that readers search for after damage."""
        self._append(chunks.boundary_chunk())

    def flush(self) -> None:
        """Write what was gathered, with its proof, in one write.

        The first flush, with the headers, is synced at once: nothing counts as recorded before.

        Raises
        ------
        OSError
            The disk is full or gone; what an earlier flush wrote stays readable.
        """
        if not self._ledger.pending:
            return
        self._pending += self._ledger.seal(self._written + len(self._pending), self._clock_s())
        is_first = not self._written
        view, self._pending = memoryview(self._pending), bytearray()
        while view:
            n = os.write(self._descriptor, view)
            self._written += n
            view = view[n:]
        if is_first:
            self.sync()

    def sync(self) -> None:
        """Make what was flushed survive a power cut."""
        _sync_data(self._descriptor)

    def close(self) -> None:
        """Write the footers, sync, and make the file read-only."""
        try:
            for stream_id, footer in self._footers.items():
                content = footer.xml()
                self._append(chunks.stream_chunk(chunks.Tag.STREAM_FOOTER, stream_id, content))
            self.flush()
            os.fsync(self._descriptor)
        finally:
            self.abandon()
        self.path.chmod(self.path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))

    def abandon(self) -> None:
        """Close the file as it is."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)

    def _append(self, chunk: bytes) -> None:
        self._ledger.note(chunk, self._written + len(self._pending))
        self._pending += chunk


def create_file(path: Path) -> int:
    """Make a new file for appending and return its descriptor; never touches an existing one.

    Raises
    ------
    TargetExistsError, MissingPathError, UnwritablePathError
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags, 0o644)
    except FileExistsError as error:
        raise TargetExistsError(path) from error
    except FileNotFoundError as error:
        raise MissingPathError(path.parent, "folder") from error
    except OSError as error:
        raise UnwritablePathError(path, error.strerror or str(error)) from error


def _sync_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut; Windows neither needs nor allows it."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file_header() -> bytes:
    now = datetime.now(timezone.utc).astimezone().isoformat(timespec="seconds")
    return xml_bytes(element({"version": "1.0", "datetime": now, "recorder": "FocusStation"}))
