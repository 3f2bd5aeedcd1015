"""Images of unknown origin are opened in a process of their own, with limits, one at a time."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from gazecore.dicom import limits
from gazecore.dicom.decoder_process import (
    ANSWER,
    BUFFER_BYTES,
    STOP,
    Answer,
    raise_refusal,
    request_of,
    serve,
)
from gazecore.dicom.image import XrayImage
from gazecore.dicom.memory_watch import MemoryWatch, receive
from gazecore.dicom.shared_pixels import SharedPixels
from gazecore.errors import DamagedFileError, MissingPathError, UnsupportedImageError

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

TIMEOUT_S = 20.0
START_TIMEOUT_S = 60.0
MEMORY_BYTES = 704 << 20
"""With what the process starts with, the shared pixels and threads: under 1 GiB."""


class Decoder:
    """Opens images in a spawned process that may crash, hang or swell without harm.

    Decoding holds the interpreter lock for up to seconds; here it holds that of another
    process. Files are answered in the order of requests; the process starts with the first
    one and again after each file that killed it. Use as a context manager, or `close` it.

    Parameters
    ----------
    timeout_s : float
        Time for one file before the process is ended and the file refused.
    memory_bytes : int
        Memory the process may use beyond what it needs to start.
    """

    def __init__(self, *, timeout_s: float = TIMEOUT_S, memory_bytes: int = MEMORY_BYTES) -> None:
        self._timeout_s, self._memory_bytes = timeout_s, memory_bytes
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="decoder")
        self._child: _Child | None = None
        self._closing = threading.Event()
        self._unwanted: dict[Future[XrayImage], threading.Event] = {}

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def request(self, path: Path | str, frame: int = 0) -> Future[XrayImage]:
        """Open a file; the future gives the image or raises what `open_image` would."""
        unwanted = threading.Event()
        future = self._worker.submit(self._open, Path(path), frame, unwanted)
        self._unwanted[future] = unwanted
        future.add_done_callback(lambda done: self._unwanted.pop(done, None))
        return future

    def drop(self, future: Future[XrayImage]) -> None:
        """Let others go first: a file not begun is cancelled, one at hand is given up soon.

        A file that is nearly open costs less than another process, so it gets a moment. A
        hostile one would hold up the next for as long as `timeout_s`.
        """
        unwanted = self._unwanted.get(future)
        if not future.cancel() and unwanted is not None:
            unwanted.set()

    def close(self) -> None:
        """End the process; files not yet begun are cancelled, the one at hand is refused."""
        self._closing.set()
        child = self._child
        if child is not None:
            with contextlib.suppress(ValueError):  # it has just ended by itself
                child.kill()
        self._worker.shutdown(wait=True, cancel_futures=True)
        if self._child is not None:
            self._child.close()
            self._child = None

    def _open(self, path: Path, frame: int, unwanted: threading.Event) -> XrayImage:
        if not path.exists():
            raise MissingPathError(path)
        try:
            if self._child is None and not self._closing.is_set():
                self._child = _Child(self._memory_bytes, self._timeout_s)
            if self._child is None or self._closing.is_set():
                raise UnsupportedImageError(path, "the decoder is closing")
            return self._child.open(path, frame, self._timeout_s, unwanted)
        except (EOFError, OSError, MemoryError, ValidationError) as error:
            raise UnsupportedImageError(path, self._end_of_child(error)) from error

    def _end_of_child(self, error: Exception) -> str:
        """Let go of a process that failed; the next request starts another. Returns why."""
        if self._child is None:
            return "the decoder's process does not start"
        if isinstance(error, InterruptedError):
            self._child.kill()
        status = self._child.close()
        self._child = None
        if isinstance(error, InterruptedError):
            return "another image was wanted first"
        if isinstance(error, TimeoutError):
            return f"decoding took more than {self._timeout_s:g} s"
        if isinstance(error, MemoryError):
            return f"decoding took more than {self._memory_bytes >> 20} MiB of memory"
        return f"the decoder died on it (status {status})"


class _Child:
    """One life of the process, with the buffer it fills."""

    def __init__(self, memory_bytes: int, timeout_s: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._requests, theirs = context.Pipe()
        self._buffer = SharedPixels(BUFFER_BYTES)
        self._process: SpawnProcess = context.Process(
            target=serve,
            args=(theirs, memory_bytes, timeout_s),
            name="focusstation decoder",
            daemon=True,
        )
        try:
            self._process.start()
            theirs.close()
            self._buffer.give(self._requests, self._process.pid or 0)
            receive(self._requests, START_TIMEOUT_S)
            self._watch = MemoryWatch(self._process.pid or 0, memory_bytes)
        except BaseException:
            self._abandon()
            raise

    def open(
        self, path: Path, frame: int, timeout_s: float, unwanted: threading.Event
    ) -> XrayImage:
        self._requests.send_bytes(request_of(path, frame))
        answer = ANSWER.validate_json(receive(self._requests, timeout_s, self._watch, unwanted))
        raise_refusal(answer, path)
        return self._image(answer, path)

    def _image(self, answer: Answer, path: Path) -> XrayImage:
        if answer.header is None or answer.shape is None:
            raise DamagedFileError(path, "the decoder gave no image")
        rows, columns = answer.shape
        limits.check_size(path, columns, rows)
        dtype = np.int16 if answer.header.signed else np.uint16
        shared = np.frombuffer(self._buffer.map, dtype=dtype, count=rows * columns)
        stored = shared.reshape(rows, columns).copy()
        if not answer.header.is_color:
            return XrayImage.from_header(answer.header, stored)
        limits.check_colors(path, columns, rows)
        colors = np.frombuffer(self._buffer.map, np.uint8, 3 * rows * columns, stored.nbytes)
        return XrayImage.from_header(answer.header, stored, colors.reshape(rows, columns, 3).copy())

    def _abandon(self) -> None:
        """Leave nothing of a process that did not start."""
        self._requests.close()
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()
        self._buffer.close()

    def kill(self) -> None:
        """End the process at once, from any thread; whoever waits for its answer notices."""
        self._process.kill()

    def close(self) -> int | None:
        """End the process; returns the status of one that had ended by itself."""
        with contextlib.suppress(OSError, ValueError):
            self._requests.send_bytes(STOP)
        self._process.join(0.2)
        died = self._process.exitcode
        if died is None:
            self._process.kill()
            self._process.join()
        self._requests.close()
        self._process.close()
        self._buffer.close()
        return died
