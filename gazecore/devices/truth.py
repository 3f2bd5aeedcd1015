"""The truth file: one CSV line per sample sent, with the noise-free gaze point."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from gazecore.errors import TargetExistsError, UnwritablePathError

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.devices.driver import DeviceSample

HEADER = "sequence,t_s,x_norm,y_norm,label,lost"
_FLUSH_EVERY_S = 0.25


class TruthFile:
    """Writes ``sequence,t_s,x_norm,y_norm,label,lost`` as samples are sent.

    ``t_s`` is exact (shortest decimal that gives the same float64); ``label`` is 1 fixation,
    2 saccade, 5 blink, 0 unknown; ``lost`` is 1 where both eyes were sent as lost. Flushed four
    times a second, so that a killed tracker leaves what it sent but for the last moment.

    Raises
    ------
    TargetExistsError, UnwritablePathError
        The file is there already, also from an earlier run of this tracker, or cannot be made.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("x", encoding="ascii", newline="\n")
        except OSError as error:
            if path.exists():
                raise TargetExistsError(path) from error
            raise UnwritablePathError(
                path, error.strerror or str(error), "give another --truth"
            ) from error
        self._file.write(HEADER + "\n")
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
