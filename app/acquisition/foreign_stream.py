"""The gaze stream of another lab's tracker: found on the bus, and how it will be read."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.errors import AcquisitionError, AmbiguousStreamError, NoStreamError
from gazecore.messages import GazeMapped
from gazecore.stream_survey import SurveyedStream, survey

if TYPE_CHECKING:
    from gazecore.streams import StreamProfile

LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class StreamTerms:
    """What is needed to read a stream: mappings made by hand, the tracked screen's (w, h)."""

    profiles: tuple[StreamProfile, ...] = ()
    resolution_px: tuple[float, float] | None = None


def find_stream(name: str, terms: StreamTerms, wait_s: float) -> SurveyedStream:
    """The one stream of this name, readable as it is; waits for it.

    Raises
    ------
    NoStreamError
        It did not appear in time, or does not answer.
    AmbiguousStreamError
        Two streams have the name.
    AcquisitionError
        It is unmapped or refused, with what to do.
    """
    deadline = time.monotonic() + wait_s
    while True:
        found = [
            stream
            for stream in survey(
                LOOK_S, measure_s=0.0, own=terms.profiles, resolution_px=terms.resolution_px
            )
            if stream.about.name == name
        ]
        if any(stream.has_answered for stream in found) or time.monotonic() >= deadline:
            break
    answering = [stream for stream in found if stream.has_answered]
    if not answering:
        raise NoStreamError(f"named {name!r}", wait_s)
    if len(answering) > 1:
        where = [f"{s.about.hostname} source {s.about.source_id or '-'}" for s in answering]
        raise AmbiguousStreamError(name, where)
    (stream,) = answering
    if not stream.reading.is_usable:
        raise AcquisitionError(stream.reading.problem)
    return stream


def mapping_of(stream: SurveyedStream) -> GazeMapped | None:
    """What the recording has to say of the stream's channels; None for our own layout."""
    profile = stream.reading.profile
    if profile is None:
        return None
    return GazeMapped(t_s=0.0, stream=stream.about.name, uid=stream.about.uid, profile=profile)
