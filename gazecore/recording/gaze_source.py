"""Which stream of a recording is the gaze, and how its values are read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from gazecore.errors import AcquisitionError
from gazecore.messages import GazeMapped, SessionStarted, StateRepeated
from gazecore.samples import GazeSamples
from gazecore.streams import Refusal, StreamProfile, is_ours, listed_labels, match_profile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gazecore.messages import AnyMarker, ScreenState
    from gazecore.recording.recorded_stream import RecordedStream


@dataclass(frozen=True, slots=True)
class GazeSource:
    """The gaze stream of a recording: its segments in order, and its profile if it is foreign."""

    segments: tuple[RecordedStream, ...]
    profile: StreamProfile | None

    @property
    def stream(self) -> RecordedStream:
        """The first segment."""
        return self.segments[0]

    def samples(self) -> GazeSamples:
        """All samples of all segments.

        Raises
        ------
        AcquisitionError
            A foreign stream sends pixels and nothing tells of which screen.
        """
        if self.profile is None:
            return GazeSamples.from_channels(
                np.concatenate([s.t_s for s in self.segments]),
                np.concatenate([np.asarray(s.values) for s in self.segments]),
            )
        parts = [self.profile.to_samples(s.t_s, np.asarray(s.values)) for s in self.segments]
        return GazeSamples(
            *(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(GazeSamples))
        )


@dataclass(frozen=True, slots=True)
class ReadingAid:
    """What a study knows of a recording that was not made by the station.

    `profiles` are its mappings made by hand, `resolution_px` its screen's (width, height).
    """

    profiles: tuple[StreamProfile, ...] = ()
    resolution_px: tuple[float, float] | None = None


NO_AID = ReadingAid()


def gaze_source(
    path: Path,
    recorded: Mapping[str, RecordedStream],
    markers: Sequence[AnyMarker],
    aid: ReadingAid = NO_AID,
) -> GazeSource:
    """The gaze of a recording with these streams and markers.

    A stream mapped by the session's ``gaze_mapping`` marker; else the first in our own layout;
    else the one whose profile is known. Pixels are those of the session's screen; what the
    recording does not tell, the aid may.

    Raises
    ------
    AcquisitionError
        No stream can be used, or more than one and nothing says which.
    """
    streams = [s for s in recorded.values() if s.values is not None]
    mapped = _mapped(streams, markers, aid)
    if mapped is not None:
        return mapped
    ours = [s for s in streams if is_ours(s)]
    if ours:
        return GazeSource(_segments([s for s in ours if s.name == ours[0].name]), None)
    profile, of_name = _known(path, recorded, aid)
    return GazeSource(_segments(of_name), _with_screen(profile, markers, aid))


def _mapped(
    streams: Sequence[RecordedStream], markers: Sequence[AnyMarker], aid: ReadingAid
) -> GazeSource | None:
    """The stream that the last ``gaze_mapping`` marker with samples here is for."""
    tried: set[tuple[str, str]] = set()
    for mapping in _mappings(markers):
        if (mapping.stream, mapping.uid) in tried:
            continue
        tried.add((mapping.stream, mapping.uid))
        channels = mapping.profile.match.channels
        of_name = [s for s in streams if s.name == mapping.stream and len(s.labels) == channels]
        if of_name:
            profile = _with_screen(mapping.profile, markers, aid)
            return GazeSource(_segments(of_name, mapping.uid), profile)
    return None


def _mappings(markers: Sequence[AnyMarker]) -> Iterator[GazeMapped]:
    """What was said of mappings, the last first; a lost marker stands in the repeated state."""
    for marker in reversed(markers):
        if isinstance(marker, GazeMapped):
            yield marker
        elif isinstance(marker, StateRepeated) and marker.mapping is not None:
            yield marker.mapping


def _known(
    path: Path, recorded: Mapping[str, RecordedStream], aid: ReadingAid
) -> tuple[StreamProfile, list[RecordedStream]]:
    """The profile of the one known stream, and all outlets that carried it."""
    judged = {
        name: None if stream.values is None else match_profile(stream, aid.profiles)
        for name, stream in recorded.items()
    }
    known = [(recorded[n], p) for n, p in judged.items() if isinstance(p, StreamProfile)]
    names = {stream.name for stream, _ in known}
    if len(names) > 1:
        raise AcquisitionError(
            f"{path} holds gaze of {len(names)} trackers ({', '.join(sorted(names))}) "
            "and nothing says which to use; record with the station, which names one"
        )
    if not known:
        said = ", ".join(_said(stream, judged[name]) for name, stream in recorded.items())
        raise AcquisitionError(
            f"no gaze stream that can be used in {path}; it holds {said or 'nothing'}; "
            "map a foreign stream in the station under Streams before recording"
        )
    return known[0][1], [stream for stream, _ in known]


def _segments(of_name: Sequence[RecordedStream], uid: str = "") -> tuple[RecordedStream, ...]:
    """One stream of this name with what came after each loss; of two, the one with this uid."""
    first = [s for s in of_name if s.segment == 1] or list(of_name[:1])
    begun = next((s for s in first if s.uid == uid), first[0])
    later = [s for s in of_name if s.segment > 1 and s is not begun]
    return (begun, *sorted(later, key=lambda s: s.segment))


def _with_screen(
    profile: StreamProfile, markers: Sequence[AnyMarker], aid: ReadingAid
) -> StreamProfile:
    screen = _screen(markers)
    size_px = aid.resolution_px if screen is None else (screen.width_px, screen.height_px)
    return profile if size_px is None else profile.with_resolution(*size_px)


def _screen(markers: Sequence[AnyMarker]) -> ScreenState | None:
    for marker in markers:
        if isinstance(marker, SessionStarted):
            return marker.screen
        if isinstance(marker, StateRepeated) and marker.session is not None:
            return marker.session.screen
    return None


def _said(stream: RecordedStream, judged: StreamProfile | Refusal | None) -> str:
    if isinstance(judged, Refusal):
        return f"{stream.name} (refused: {judged.reason})"
    if stream.values is None or stream.type in ("Integrity", "Markers"):
        return stream.name
    labels = [label for label in listed_labels(stream) if label]
    return f"{stream.name} ({len(stream.labels)} channels: {', '.join(labels) or 'no labels'})"
