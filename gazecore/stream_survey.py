"""A survey of the gaze streams on the bus: who they are, what they are good for, their rate."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pylsl
from pylsl.util import LostError
from pylsl.util import TimeoutError as LslTimeoutError

from gazecore.lsl import resolve_gaze
from gazecore.recording.description import StreamDescription, read_description
from gazecore.streams import StreamReading, read_by
from gazecore.streams.rates import effective_rate_hz

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.streams import StreamProfile

MEASURE_S = 1.5
ANSWER_S = 2.0
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class SurveyedStream:
    """One gaze stream on the bus.

    Attributes
    ----------
    about : StreamDescription
        What it says of itself; `true_rate_hz` is the rate it names, 0 for none.
    reading : StreamReading
        What can be made of it.
    rate_hz : float or None
        Samples per second by their own times while it was watched; None without two samples.
    has_answered : bool
        False if it went away or hangs: then only its name is known.
    """

    about: StreamDescription
    reading: StreamReading
    rate_hz: float | None = None
    has_answered: bool = True

    @property
    def is_simulated(self) -> bool:
        """Whether it says that it is simulated."""
        return self.about.description.get("simulated") == "true"


def survey(
    wait_s: float = 1.0,
    *,
    measure_s: float = MEASURE_S,
    own: Sequence[StreamProfile] = (),
    resolution_px: tuple[float, float] | None = None,
) -> list[SurveyedStream]:
    """All gaze streams that answer within `wait_s`, by name; all are watched at once.

    Parameters
    ----------
    wait_s : float
        How long to listen for streams.
    measure_s : float
        How long to watch each for its rate; 0 does not.
    own : sequence of StreamProfile
        Mappings made by hand.
    resolution_px : (width, height), optional
        The tracked screen's.
    """
    infos = resolve_gaze(wait_s)
    if not infos:
        return []
    with ThreadPoolExecutor(len(infos), thread_name_prefix="survey") as pool:
        watched = list(pool.map(lambda info: _watched(info, measure_s), infos))
    found = [
        SurveyedStream(
            about,
            read_by(about, own, resolution_px, is_text=about.channel_format == "string"),
            rate_hz,
            has_answered,
        )
        for about, rate_hz, has_answered in watched
    ]
    return sorted(found, key=lambda stream: (stream.about.name, stream.about.uid))


def _watched(
    info: pylsl.StreamInfo, measure_s: float
) -> tuple[StreamDescription, float | None, bool]:
    """What a stream says of itself, its rate, and whether it answered."""
    inlet = pylsl.StreamInlet(info, recover=False)
    try:
        about = read_description(inlet.info(ANSWER_S).as_xml())
    except (LostError, LslTimeoutError):
        return read_description(info.as_xml()), None, False
    try:
        return about, _rate_hz(inlet, measure_s), True
    except (LostError, LslTimeoutError):
        return about, None, True
    finally:
        inlet.close_stream()


def _rate_hz(inlet: pylsl.StreamInlet, measure_s: float) -> float | None:
    if measure_s <= 0:
        return None
    inlet.open_stream(ANSWER_S)
    times: list[float] = []
    stop_s = time.monotonic() + measure_s
    while time.monotonic() < stop_s:
        _, t_s = inlet.pull_chunk(timeout=0.0, max_samples=4096)
        times += t_s
        time.sleep(POLL_S)
    return effective_rate_hz(times)
