"""What gaze streams there are on the bus."""

from __future__ import annotations

from dataclasses import dataclass

from gazecore.stream_survey import MEASURE_S, SurveyedStream, survey
from gazecore.streams import listed_labels


@dataclass(frozen=True, slots=True)
class StreamFound:
    """A gaze stream on the bus: what it says of itself, and what can be made of it.

    Attributes
    ----------
    measured_rate_hz : float or None
        Samples per second by their own times while it was watched; None without samples.
    standing : {"ours", "known", "unmapped", "refused"}
        Our own channels, a known outlet, none that is known (a mapping is needed), of no use.
    profile : str
        The known outlet; empty otherwise.
    reason : str
        Why it is unmapped or refused, and what to do.
    """

    name: str
    type: str
    channels: int
    declared_rate_hz: float
    true_rate_hz: float | None
    simulated: bool
    host: str
    source_id: str
    uid: str
    labels: tuple[str, ...]
    measured_rate_hz: float | None = None
    standing: str = "unmapped"
    profile: str = ""
    reason: str = ""


def find_streams(wait_s: float = 1.0, measure_s: float = MEASURE_S) -> list[StreamFound]:
    """All gaze streams that answer within `wait_s`, each watched for `measure_s`."""
    return [_found(stream) for stream in survey(wait_s, measure_s=measure_s)]


def _found(stream: SurveyedStream) -> StreamFound:
    about, profile = stream.about, stream.reading.profile
    is_known = profile is not None  # pixels want a screen, which only a study names
    return StreamFound(
        name=about.name,
        type=about.type,
        channels=about.channels,
        declared_rate_hz=about.nominal_rate_hz,
        true_rate_hz=_number(str(about.description.get("true_rate", ""))),
        simulated=stream.is_simulated,
        host=about.hostname,
        source_id=about.source_id,
        uid=about.uid,
        labels=listed_labels(about),
        measured_rate_hz=stream.rate_hz,
        standing="known" if is_known else stream.reading.standing,
        profile="" if profile is None else profile.title,
        reason="" if is_known else stream.reading.problem,
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
