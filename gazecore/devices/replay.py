"""The replay tracker: the gaze of a recording once more, at its own pace, on the clock of now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.devices.driver import DeviceSample, EyeChannels, NoPointer, TruePoint
from gazecore.errors import DamagedFileError
from gazecore.samples import GAZE_LABELS, GazeSamples, gaze_point

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Array = npt.NDArray[np.float64]


class ReplayDriver(NoPointer):
    """Sends a recording's gaze with its own intervals; the stream says simulated.

    Parameters
    ----------
    t_s : (n,) float64
        Times of the samples; only their differences matter.
    channels : (n, 27) float64
        In the order of `GAZE_CHANNELS`; the sequence number is replaced.
    """

    name = "replay"
    simulated = True
    calibration = None

    def __init__(self, t_s: Array, channels: Array, source: str = "") -> None:
        self._elapsed_s = t_s - t_s[0]
        self._channels = channels
        self._points, _ = gaze_point(GazeSamples.from_channels(t_s, channels))
        self._source = source
        self._start_s = 0.0
        self._next = 0
        intervals_s = np.diff(t_s)
        self.rate_hz = float(1.0 / np.median(intervals_s)) if len(intervals_s) else 0.0

    @classmethod
    def open(cls, path: Path) -> ReplayDriver:
        """Take the first gaze stream of an XDF file that has our channels.

        Raises
        ------
        InputError
            No such file; no XDF; no gaze stream of ours with samples in it.
        """
        from gazecore.recording import read

        for stream in read(path).streams.values():
            if stream.labels == GAZE_LABELS and stream.values is not None and len(stream):
                return cls(stream.t_s, np.asarray(stream.values, np.float64), path.name)
        raise DamagedFileError(path, "it holds no gaze stream of FocusStation with samples")

    @property
    def details(self) -> Mapping[str, str]:
        """The recording's name."""
        return {"model": "replay", "source": self._source}

    @property
    def finished(self) -> bool:
        """Whether the recording is over."""
        return self._next >= len(self._elapsed_s)

    def start(self, start_s: float) -> None:
        """Begin at an LSL time."""
        self._start_s = start_s
        self._next = 0

    def read(self, now_s: float) -> list[DeviceSample]:
        """All samples whose time has come."""
        stop = int(np.searchsorted(self._elapsed_s, now_s - self._start_s, side="right"))
        first, self._next = self._next, max(stop, self._next)
        return [self._sample(i) for i in range(first, self._next)]

    def close(self) -> None:
        """Nothing is held."""

    def _sample(self, index: int) -> DeviceSample:
        t_s = self._start_s + float(self._elapsed_s[index])
        row = self._channels[index].tolist()
        x_norm, y_norm = self._points[index].tolist()
        return DeviceSample(
            t_s,
            row[1],
            t_s,
            EyeChannels(*row[3:15]),
            EyeChannels(*row[15:27]),
            TruePoint(x_norm, y_norm, 0),
        )
