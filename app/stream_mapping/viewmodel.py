"""What is known of the streams on the bus and of the mapping that is being made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from gazecore.samples import GAZE_STREAM_NAME
from gazecore.streams import EyeMapping, StreamProfile, listed_labels
from gazecore.streams.corners import CORNERS
from gazecore.streams.rates import rate_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazecore.recording.description import StreamDescription
    from gazecore.stream_survey import SurveyedStream
    from gazecore.streams.corners import CornerVerdict

Level = Literal["good", "warn", "bad"]
Sides = Literal["both", "eyes", "left", "right"]
Origin = Literal["", "ours", "known", "hand"]

SIDES: tuple[tuple[Sides, str], ...] = (
    ("both", "One point of both eyes"),
    ("eyes", "Left and right eye"),
    ("left", "Left eye only"),
    ("right", "Right eye only"),
)
UNIT_TEXT = {
    "norm": "0 to 1 over the screen",
    "percent": "0 to 100 over the screen",
    "centred": "-1 to 1, 0 in the middle",
    "px": "pixels",
    "px_centred": "pixels from the middle",
}
MISSING_TEXT = {
    "zero": "x and y are 0",
    "flag": "the validity channel says so",
    "outside": "far outside the screen",
}


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream as the list shows it."""

    name: str
    uid: str
    rate: str
    standing: str
    level: Level
    detail: str = ""

    @classmethod
    def of(cls, stream: SurveyedStream) -> StreamRow:
        """A stream that was found."""
        about, reading = stream.about, stream.reading
        words: dict[str, tuple[str, Level]] = {
            "ours": ("FocusStation's own", "good"),
            "known": ("known", "good"),
            "unmapped": ("needs a mapping", "warn"),
            "refused": ("cannot be used", "bad"),
        }
        standing, level = words[reading.standing]
        title = reading.profile.title if reading.profile is not None else ""
        if not stream.has_answered:
            standing, level = "does not answer", "bad"
        elif reading.standing == "known" and title:
            standing = title
        kind = "simulated" if stream.is_simulated else ""
        detail = reading.problem or " · ".join(text for text in (title, kind) if text)
        rate = rate_text(stream.rate_hz, about.true_rate_hz)
        return cls(about.name, about.uid, rate, standing, level, detail)


@dataclass(frozen=True, slots=True)
class MappingState:
    """Everything the page shows; methods give the next state.

    Attributes
    ----------
    rows : tuple of StreamRow
        The streams found.
    is_looking : bool
        Streams are being looked for.
    chosen : str
        Name of the stream that is looked at; empty if none.
    about : StreamDescription or None
        What that stream says of itself, once it answered.
    profile : StreamProfile or None
        Its mapping as it stands in the form; None for our own channels, and before anything came.
    origin : {"", "ours", "known", "hand"}
        Where the mapping comes from: nothing yet, our own channels, a known outlet or the study,
        or guessed and changed here: then it needs the proof, and is saved.
    corner : int or None
        The corner of `gazecore.streams.corners.CORNERS` that is looked at now.
    verdict : CornerVerdict or None
        What the corners told of this mapping.
    message : str
        One line, empty if all is well.
    """

    rows: tuple[StreamRow, ...] = ()
    is_looking: bool = False
    chosen: str = ""
    about: StreamDescription | None = None
    profile: StreamProfile | None = None
    origin: Origin = ""
    corner: int | None = None
    verdict: CornerVerdict | None = None
    message: str = ""

    @property
    def is_at_corners(self) -> bool:
        """Whether targets are being shown."""
        return self.corner is not None

    @property
    def can_look_at_corners(self) -> bool:
        """Whether there is a complete mapping to prove."""
        return self.profile is not None and not self.profile.needs_resolution

    @property
    def can_use(self) -> bool:
        """Whether the stream may be chosen: known, or proven at the corners; not our default."""
        if self.message or self.is_at_corners or self.chosen == GAZE_STREAM_NAME:
            return False
        if self.verdict is not None:
            return self.verdict.passed
        return self.origin in ("ours", "known")

    def found(self, rows: Sequence[StreamRow]) -> MappingState:
        """The streams on the bus are these."""
        return replace(self, rows=tuple(rows), is_looking=False)

    def looking_at(self, name: str) -> MappingState:
        """A stream was chosen; nothing of it has come yet."""
        return MappingState(rows=self.rows, is_looking=self.is_looking, chosen=name)

    def with_profile(self, profile: StreamProfile | None, origin: Origin) -> MappingState:
        """Another mapping; what the corners told of the one before does not count."""
        return replace(self, profile=profile, origin=origin, corner=None, verdict=None, message="")

    def at_corner(self, corner: int) -> MappingState:
        """This corner is looked at."""
        return replace(self, corner=corner, verdict=None, message="")

    def judged(self, verdict: CornerVerdict) -> MappingState:
        """The corners told this."""
        return replace(self, corner=None, verdict=verdict)

    def said(self, message: str) -> MappingState:
        """Something is wrong."""
        return replace(self, corner=None, message=message)


def channel_names(about: StreamDescription) -> tuple[str, ...]:
    """The channels as the form offers them: number (from 1) and label."""
    listed = listed_labels(about)
    return tuple(
        f"{k + 1}  {listed[k] if k < len(listed) and listed[k] else '(no label)'}"
        for k in range(about.channels)
    )


def sides_of(profile: StreamProfile) -> Sides:
    """Whose gaze a mapping reads."""
    if profile.both is not None:
        return "both"
    if profile.left is not None and profile.right is not None:
        return "eyes"
    return "left" if profile.left is not None else "right"


def with_sides(profile: StreamProfile, sides: Sides) -> StreamProfile:
    """The mapping read as these sides; an eye that is new begins with channels of another."""
    eyes = [e for e in (profile.both, profile.left, profile.right) if e is not None]
    first, last = eyes[0], eyes[-1]
    known = {"both": profile.both, "left": profile.left, "right": profile.right}
    wanted = {"left", "right"} if sides == "eyes" else {sides}
    starts = {"both": first, "left": first, "right": last}
    update: dict[str, EyeMapping | None] = {
        side: (known[side] or starts[side]) if side in wanted else None for side in known
    }
    return profile.model_copy(update=update)


def changed(profile: StreamProfile, **changes: Any) -> StreamProfile | str:
    """The mapping with other fields, or why it cannot be."""
    fields = profile.model_dump() | changes
    try:
        return StreamProfile.model_validate(fields)
    except ValidationError as error:
        expected = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        return f"This mapping cannot be: it needs {expected}"


def corner_at(index: int) -> tuple[float, float]:
    """Where a corner's target stands, in 0..1 of the screen."""
    return CORNERS[index]
