"""A recording as read from its file: streams by name, markers, and what is damaged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazecore.errors import AcquisitionError
from gazecore.samples import GAZE_LABELS, GazeSamples

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.messages import AnyMarker
    from gazecore.recording.description import Description

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RecordedStream:
    """One stream of a recording, n samples in the order they were sent.

    Attributes
    ----------
    t_s : (n,) float64
        On the recording's clock: the sender's, corrected by the clock offsets.
    t_sender_s : (n,) float64
        As sent, bit by bit.
    values : (n, channels) or None
        In the stream's own type; None for text streams.
    texts : tuple of str
        First channel of a text stream, else empty.
    description : dict
        The stream's ``desc``, nested; a name that repeats holds a list.
    """

    stream_id: int
    name: str
    type: str
    labels: tuple[str, ...]
    units: tuple[str, ...]
    uid: str
    true_rate_hz: float
    t_s: Array
    t_sender_s: Array
    values: npt.NDArray[Any] | None
    texts: tuple[str, ...]
    description: Description

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.t_s)

    @property
    def segment(self) -> int:
        """1 for the first outlet that carried this stream, 2 for the one after a loss..."""
        recorded = self.description.get("recorded")
        text = recorded.get("segment", "1") if isinstance(recorded, dict) else "1"
        return int(text) if str(text).isdecimal() else 1


@dataclass(frozen=True, slots=True)
class DamagedRegion:
    """Bytes of the file that are not what was written, or cannot be proven to be.

    `from_s` and `to_s` (recorder's clock) are when the nearest proven bytes around it were
    written; None where there are none.
    """

    offset: int
    length: int
    reason: str
    from_s: float | None = None
    to_s: float | None = None


@dataclass(frozen=True, slots=True)
class DamageReport:
    """What is known about a file's integrity.

    Attributes
    ----------
    proven : bool
        The file carries an integrity stream: all that was returned is as it was written.
        Otherwise (another program's file) integrity is unknown.
    closed : bool
        The recording ended as it should; otherwise it was recovered from what was written.
    regions : tuple of DamagedRegion
        Damaged bytes, nothing of which was returned.
    unverified_bytes : int
        Bytes after the last proof (torn off by a kill or a cut), nothing of which was returned.
    malformed_markers : int
        Markers of the station that follow no known schema.
    """

    proven: bool
    closed: bool
    regions: tuple[DamagedRegion, ...] = ()
    unverified_bytes: int = 0
    malformed_markers: int = 0

    @property
    def sound(self) -> bool:
        """Whether all that was recorded is there and as it was written, as far as is known."""
        whole = self.closed or not self.proven
        return whole and not self.regions and not self.unverified_bytes

    def sentences(self) -> list[str]:
        """The report in plain words, one sentence per finding."""
        said = []
        if not self.proven:
            said.append("integrity unknown: the file has no integrity stream")
        elif not self.closed:
            said.append("recovered: the recording was cut off; all that was proven is there")
        if self.unverified_bytes:
            said.append(f"{self.unverified_bytes} bytes at the end are unverified and left out")
        said += [_sentence(region) for region in self.regions]
        if self.malformed_markers:
            said.append(f"{self.malformed_markers} markers are malformed and left out")
        return said or ["sound: every byte is as it was written"]


def _sentence(region: DamagedRegion) -> str:
    return (
        f"{region.length} bytes at {region.offset} are damaged ({region.reason}) and "
        f"left out{_when(region)}"
    )


def _when(region: DamagedRegion) -> str:
    if region.from_s is None and region.to_s is None:
        return ""
    start = "the beginning" if region.from_s is None else f"{region.from_s:.3f} s"
    end = "the end" if region.to_s is None else f"{region.to_s:.3f} s"
    return f", written between {start} and {end}"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording read by `gazecore.recording.read`.

    `streams` are by name; an outlet that came back after it was lost is a stream of its own
    under its name with `` #2`` and so on. Internal streams (integrity, recorder) are among them.
    """

    path: Path
    streams: dict[str, RecordedStream]
    damage: DamageReport
    station_markers: tuple[AnyMarker, ...] = field(default=(), repr=False)
    recorder_markers: tuple[AnyMarker, ...] = field(default=(), repr=False)

    def gaze(self) -> GazeSamples:
        """Gaze samples of the first stream in our layout, with all its segments.

        Raises
        ------
        AcquisitionError
            No stream has the channels of `gazecore.samples.GAZE_CHANNELS`.
        """
        ours = [s for s in self.streams.values() if s.labels == GAZE_LABELS]
        if not ours:
            raise AcquisitionError(
                f"no gaze stream with FocusStation's channels in {self.path}; "
                f"it holds {', '.join(self.streams) or 'nothing'}"
            )
        first = ours[0]
        later = [s for s in ours[1:] if s.name == first.name and s.segment > 1]
        segments = [first, *later]
        return GazeSamples.from_channels(
            np.concatenate([s.t_s for s in segments]),
            np.concatenate([np.asarray(s.values) for s in segments]),
        )

    def markers(self) -> tuple[AnyMarker, ...]:
        """Markers of the station in time order, `t_s` on the recording's clock."""
        return self.station_markers

    def faults(self) -> tuple[AnyMarker, ...]:
        """Gaps and faults that the recorder found while recording, in time order."""
        return self.recorder_markers

    @property
    def simulated(self) -> bool:
        """Whether any stream says that it is simulated."""
        return any(s.description.get("simulated") == "true" for s in self.streams.values())
