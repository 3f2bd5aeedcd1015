"""A recording as exporters see it: its clock started anew, its readings as intervals."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from gazecore.analysis.readings import reading_intervals
from gazecore.analysis.started import session_screen, session_started
from gazecore.recording.gaze_source import NO_AID, ReadingAid
from gazecore.samples import GazeSamples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker, Marker


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """A recording as exporters see it: times in seconds since the session's first sample or marker.

    `origin_s` is that moment on the recording's clock; it is never exported. `device` holds what
    the gaze stream says of its tracker (manufacturer, model, ...).
    """

    samples: GazeSamples
    markers: tuple[AnyMarker, ...]
    """In rising time."""
    intervals_s: dict[str, tuple[float, float]]
    """From when to when each reading lasted."""
    origin_s: float
    rate_hz: float
    device: dict[str, str]
    simulated: bool

    def screen(self) -> Screen:
        """The tracked screen of the session, as its markers say."""
        return session_screen(self.markers)

    def interval_s(self, reading_id: str) -> tuple[float, float] | None:
        """From when to when a reading lasted; None when it was not recorded."""
        return self.intervals_s.get(reading_id)

    def samples_between(self, start_s: float, stop_s: float) -> GazeSamples:
        """The samples with start_s <= t_s < stop_s in the order recorded, even if times fall."""
        inside = (self.samples.t_s >= start_s) & (self.samples.t_s < stop_s)
        return GazeSamples(*(getattr(self.samples, f.name)[inside] for f in fields(GazeSamples)))

    def markers_between(self, start_s: float, stop_s: float) -> tuple[AnyMarker, ...]:
        """The markers with start_s <= t_s < stop_s."""
        first, last = (bisect_left(self.markers, t_s, key=_time_s) for t_s in (start_s, stop_s))
        return self.markers[first:last]


def read_session(path: Path, aid: ReadingAid = NO_AID) -> RecordedSession:
    """Read a session's recording with all its parts and start its clock anew.

    `aid` is what the study knows of recordings that other programs made.
    """
    from gazecore import recording

    recorded = recording.read_parts(path)
    source = recorded.gaze_source(aid)
    samples, stream = source.samples(), source.stream
    device = {name: text for name, text in stream.description.items() if isinstance(text, str)}
    # The rate that another program's stream declares is not believed.
    rate_hz = stream.true_rate_hz if source.profile is None else 0.0
    return recorded_session(samples, recorded.markers(), device, rate_hz)


def recorded_session(
    samples: GazeSamples,
    markers: Sequence[AnyMarker],
    device: dict[str, str],
    true_rate_hz: float = 0.0,
) -> RecordedSession:
    """Samples and markers of one clock, made relative to the earliest of them.

    Without a true rate the inverse of the median interval stands in for it.
    """
    origin_s = first_time_s(samples, markers)
    moved = (marker.model_copy(update={"t_s": marker.t_s - origin_s}) for marker in markers)
    ordered = tuple(sorted(moved, key=_time_s))
    return RecordedSession(
        samples=replace(samples, t_s=samples.t_s - origin_s),
        markers=ordered,
        intervals_s={r.reading_id: (r.start_s, r.stop_s) for r in reading_intervals(ordered)},
        origin_s=origin_s,
        rate_hz=true_rate_hz if true_rate_hz > 0 else median_rate_hz(samples),
        device=device,
        simulated=is_simulated(markers, device),
    )


def _time_s(marker: Marker) -> float:
    return marker.t_s


def first_time_s(samples: GazeSamples, markers: Sequence[Marker]) -> float:
    """The earliest time of samples and markers; 0 when there is none."""
    finite_s = samples.t_s[np.isfinite(samples.t_s)]
    times = [marker.t_s for marker in markers] + ([float(finite_s.min())] if len(finite_s) else [])
    return min(times, default=0.0)


def is_simulated(markers: Sequence[AnyMarker], device: dict[str, str]) -> bool:
    """Whether the tracker or the station says that the gaze is simulated."""
    said = device.get("simulated") == "true"
    started = session_started(markers)
    return said or (started is not None and started.simulated)


def median_rate_hz(samples: GazeSamples) -> float:
    """Samples per second by the median interval; 0 for fewer than two samples."""
    if len(samples) < 2:
        return 0.0
    return round(1.0 / float(np.median(np.diff(samples.t_s))), 3)
