"""The truth file: one CSV line per sample sent, with the noise-free gaze point."""

from __future__ import annotations

import itertools
import math
import time
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
        A file is there already that is no truth file, or none can be made.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._file = _new_part(path)
        self._file.write(HEADER + "\n")
        self._file.flush()
        self._flushed_s = time.monotonic()

    def write(self, sequence: int, sample: DeviceSample, t_s: float | None = None) -> None:
        """Add a sample that was sent, with its stamp where that is not its own time."""
        t_s = sample.t_s if t_s is None else t_s
        truth = sample.truth
        x, y, label = (
            (truth.x_norm, truth.y_norm, truth.label) if truth else (math.nan, math.nan, 0)
        )
        self._file.write(f"{sequence},{t_s!r},{x!r},{y!r},{label},{sample.is_lost:d}\n")
        if time.monotonic() - self._flushed_s > _FLUSH_EVERY_S:
            self._file.flush()
            self._flushed_s = time.monotonic()

    def close(self) -> None:
        """Write the rest."""
        self._file.close()


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
