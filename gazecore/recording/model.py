"""A recording as read from its file: streams by name, markers, and what is damaged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gazecore.recording.gaze_source import NO_AID, GazeSource, ReadingAid, gaze_source
from gazecore.recording.recorded_stream import RecordedStream

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.messages import AnyMarker
    from gazecore.samples import GazeSamples

__all__ = ["DamageReport", "DamagedRegion", "RecordedStream", "Recording"]


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
    begun_s, proven_until_s : float or None
        When (recorder's clock) the first and the last proof were written.
    missing : tuple of (str, int)
        Streams of which samples are missing that the end of the file says were recorded.
    lost_parts : tuple of str
        Why parts of a session's recording are not among what was read, a sentence each.
    """

    proven: bool
    closed: bool
    regions: tuple[DamagedRegion, ...] = ()
    unverified_bytes: int = 0
    malformed_markers: int = 0
    begun_s: float | None = None
    proven_until_s: float | None = None
    missing: tuple[tuple[str, int], ...] = ()
    lost_parts: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether all that was recorded is there and as it was written, as far as is known."""
        whole = self.closed or not self.proven
        return whole and not (self.regions or self.unverified_bytes or self.lost_parts)

    def sentences(self) -> list[str]:
        """The report in plain words, one sentence per finding."""
        said = []
        if not self.proven:
            said.append("integrity unknown: the file has no integrity stream")
        elif not self.closed:
            said.append("recovered: the recording was cut off; all that was proven is there")
        if self.unverified_bytes:
            after = _after(self.proven_until_s, self.begun_s)
            said.append(
                f"{self.unverified_bytes} bytes at the end are unverified and left out{after}"
            )
        said += [_sentence(region, self.begun_s) for region in self.regions]
        said += self.lost_parts
        said += [f"{count} samples of {name} are lost" for name, count in self.missing]
        if self.malformed_markers:
            said.append(f"{self.malformed_markers} markers are malformed and left out")
        return said or ["sound: every byte is as it was written"]


def _sentence(region: DamagedRegion, begun_s: float | None) -> str:
    return (
        f"{region.length} bytes at {region.offset} are damaged ({region.reason}) and "
        f"left out{_when(region, begun_s or 0.0)}"
    )


def _when(region: DamagedRegion, begun_s: float) -> str:
    if region.from_s is None and region.to_s is None:
        return ""
    start = "the beginning" if region.from_s is None else f"{region.from_s - begun_s:.3f} s"
    end = "the end" if region.to_s is None else f"{region.to_s - begun_s:.3f} s"
    return f", written between {start} and {end} of the recording"


def _after(until_s: float | None, begun_s: float | None) -> str:
    if until_s is None or begun_s is None:
        return ""
    return f", written after {until_s - begun_s:.3f} s of the recording"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording read by `gazecore.recording.read`.

    `streams` are by name; an outlet that came back after it was lost is a stream of its own
    under its name with `` #2`` and so on. Internal streams (integrity, recorder) are among them.
    `begun` is when recording began by the wall clock, in ISO 8601, empty where the file does not
    say.
    """

    path: Path
    streams: dict[str, RecordedStream]
    damage: DamageReport
    begun: str = ""
    station_markers: tuple[AnyMarker, ...] = field(default=(), repr=False)
    recorder_markers: tuple[AnyMarker, ...] = field(default=(), repr=False)

    def gaze(self, aid: ReadingAid = NO_AID) -> GazeSamples:
        """Gaze samples, with all segments of their stream.

        A foreign stream is read by the session's ``gaze_mapping`` marker, else by its profile;
        `aid` is what a study knows of a recording that was not made by the station.

        Raises
        ------
        AcquisitionError
            No stream can be used, or nothing says which of several.
        """
        return self.gaze_source(aid).samples()

    def gaze_source(self, aid: ReadingAid = NO_AID) -> GazeSource:
        """The stream that holds the gaze, and how its values are read; raises as `gaze`."""
        return gaze_source(self.path, self.streams, self.markers(), aid)

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
