"""The replay tracker: the gaze of a recording once more, at its own pace, on the clock of now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.devices.driver import DeviceSample, EyeChannels, NoPointer, TruePoint
from gazecore.errors import DamagedFileError, InvalidSettingError
from gazecore.samples import GAZE_LABELS, GazeSamples, gaze_point

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gazecore.recording import Recording

Array = npt.NDArray[np.float64]


class ReplayDriver(NoPointer):
    """Sends a recording's gaze with its own intervals; the stream says simulated.

    Samples go out in the order in which they were recorded; one whose stamp lies before that of
    an earlier one goes out with it, and with its own stamp. Gaps stay gaps.

    Parameters
    ----------
    t_s : (n,) float64
        Times of the samples; only their differences matter. Those that are not finite are left
        out.
    channels : (n, 27) float64
        In the order of `GAZE_CHANNELS`; the sequence number is replaced.
    source : str
        What is replayed, for the description.
    """

    name = "replay"
    simulated = True
    calibration = None

    def __init__(self, t_s: Array, channels: Array, source: str = "") -> None:
        finite = np.isfinite(t_s)
        t_s, self._channels = t_s[finite], channels[finite]
        self._elapsed_s = t_s - t_s[:1]
        self._due_s = np.maximum.accumulate(self._elapsed_s)
        self._points, _ = gaze_point(GazeSamples.from_channels(t_s, self._channels))
        self._source = source
        self._start_s = 0.0
        self._next = 0
        intervals_s = np.diff(t_s)
        intervals_s = intervals_s[intervals_s > 0]
        self.rate_hz = float(1.0 / np.median(intervals_s)) if len(intervals_s) else 0.0

    @classmethod
    def open(cls, path: Path, stream: str = "") -> ReplayDriver:
        """Take a gaze stream of an XDF file with all its segments, foreign ones by their profile.

        Parameters
        ----------
        path : Path
        stream : str
            Its name; by default the stream that an analysis would take.

        Raises
        ------
        InputError, AcquisitionError
            No such file; no XDF; no such stream; no gaze stream that can be used; no samples.
        """
        from gazecore.recording import read

        recording = read(path)
        t_s, channels, name = _gaze_of(recording, stream)
        if not np.isfinite(t_s).any():
            raise DamagedFileError(path, f"its stream {name!r} holds no samples")
        return cls(t_s, channels, f"{path.name}, {name}")

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
        stop = int(np.searchsorted(self._due_s, now_s - self._start_s, side="right"))
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


def _gaze_of(recording: Recording, name: str) -> tuple[Array, Array, str]:
    """Times, our channels and name of a recording's gaze stream."""
    from gazecore.recording.gaze_source import gaze_source

    streams = recording.streams
    if name:
        streams = {key: stream for key, stream in streams.items() if stream.name == name}
        if not streams:
            known = ", ".join(sorted({s.name for s in recording.streams.values()}))
            raise InvalidSettingError("--stream", name, f"one of {known}")
    source = gaze_source(recording.path, streams, recording.markers())
    if source.profile is not None:
        samples = source.samples()
        return samples.t_s, _channels(samples), source.stream.name
    t_s = np.concatenate([segment.t_s for segment in source.segments])
    values = [np.asarray(segment.values, np.float64) for segment in source.segments]
    return t_s, np.concatenate(values), source.stream.name


def _channels(samples: GazeSamples) -> Array:
    """Samples (n) in the order of `GAZE_CHANNELS`: what is not known is NaN, its flag 0."""
    table = np.full((len(samples), len(GAZE_LABELS)), np.nan)
    place = {label: index for index, label in enumerate(GAZE_LABELS)}
    for eye in ("left", "right"):
        xy = getattr(samples, f"{eye}_xy_norm")
        pupil_mm = getattr(samples, f"{eye}_pupil_mm")
        origin_mm = getattr(samples, f"{eye}_origin_mm")
        table[:, [place[f"{eye}_gaze_x"], place[f"{eye}_gaze_y"]]] = xy
        table[:, place[f"{eye}_gaze_valid"]] = getattr(samples, f"{eye}_valid")
        table[:, place[f"{eye}_pupil_diameter"]] = pupil_mm
        table[:, place[f"{eye}_pupil_valid"]] = np.isfinite(pupil_mm)
        table[:, [place[f"{eye}_origin_user_{axis}"] for axis in "xyz"]] = origin_mm
        table[:, place[f"{eye}_origin_valid"]] = np.isfinite(origin_mm).all(axis=1)
    return table
