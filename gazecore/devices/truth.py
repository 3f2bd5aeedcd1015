"""The truth file: one CSV line per sample sent, with the noise-free gaze point.

Lines are written by a thread of their own: a disk that is busy holds up no sample.
"""

from __future__ import annotations

import itertools
import math
import queue
import threading
from typing import TYPE_CHECKING, TextIO

from gazecore.errors import TargetExistsError, UnwritablePathError

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.devices.driver import DeviceSample

HEADER = "sequence,t_s,x_norm,y_norm,label,lost"
_FLUSH_EVERY_S = 0.25


class TruthFile:
    """Writes ``sequence,t_s,x_norm,y_norm,label,lost`` as samples are sent.

    ``t_s`` is exact (shortest decimal that gives the same float64); ``label`` is 1 fixation,
    2 saccade, 3 post-saccadic oscillation, 5 blink, 0 unknown; ``lost`` is 1 where both eyes were
    sent as lost. Flushed four times a second, so that a killed tracker leaves what it sent but
    for the last moment. A tracker that is started again goes on in a part of its own, beside the
    truth of the one before: ``truth.csv``, ``truth.2.csv``...

    Raises
    ------
    TargetExistsError, UnwritablePathError
        A file is there already that is no truth file, or none can be made. A write that fails
        later is told by the next `write` or by `close`.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._file = _new_part(path)
        self._file.write(HEADER + "\n")
        self._file.flush()
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._failure: OSError | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write_on, name="truth file", daemon=True)

    def write(self, sequence: int, sample: DeviceSample, t_s: float | None = None) -> None:
        """Add a sample that was sent, with its stamp where that is not its own time."""
        t_s = sample.t_s if t_s is None else t_s
        truth = sample.truth
        x, y, label = (
            (truth.x_norm, truth.y_norm, truth.label) if truth else (math.nan, math.nan, 0)
        )
        self._lines.put(f"{sequence},{t_s!r},{x!r},{y!r},{label},{sample.is_lost:d}\n")
        if not self._thread.is_alive():
            self._begin()

    def close(self) -> None:
        """Write the rest.

        Raises
        ------
        UnwritablePathError
            Not all of it could be written.
        """
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        self._write_lines()
        try:
            self._file.close()
        except OSError as error:
            self._failure = error
        self._demand_written()

    def _begin(self) -> None:
        self._demand_written()
        self._thread.start()

    def _demand_written(self) -> None:
        if self._failure is not None:
            reason = self._failure.strerror or str(self._failure)
            raise UnwritablePathError(self.path, reason, "give another --truth")

    def _write_on(self) -> None:
        while self._failure is None and not self._closing.wait(_FLUSH_EVERY_S):
            self._write_lines()

    def _write_lines(self) -> None:
        lines = [self._lines.get() for _ in range(self._lines.qsize())]
        try:
            self._file.write("".join(lines))
            self._file.flush()
        except OSError as error:
            self._failure = error


def truth_parts(path: Path) -> list[Path]:
    """The truth files of a tracker and those started after it with the same path, in order."""
    parts: list[Path] = []
    for number in itertools.count(1):
        part = _part(path, number)
        if not part.is_file():
            return parts
        parts.append(part)
    return parts


def _part(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_name(f"{path.stem}.{number}{path.suffix}")


def _new_part(path: Path) -> tuple[Path, TextIO]:
    """The first part that is not there yet, made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            part = _part(path, number)
            try:
                return part, part.open("x", encoding="ascii", newline="\n")
            except FileExistsError:
                _check_truth(part)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritablePathError(path, reason, "give another --truth") from error
    raise AssertionError("parts are counted without end")


def _check_truth(path: Path) -> None:
    """Whatever else is there is left alone."""
    with path.open("rb") as file:
        if file.read(len(HEADER)) != HEADER.encode("ascii"):
            raise TargetExistsError(path)
