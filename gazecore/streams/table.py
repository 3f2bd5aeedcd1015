"""The table of known outlets (``profiles.toml``), and finding the profile of a stream."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from gazecore.streams.identity import StreamAbout, listed_labels
from gazecore.streams.profile import (
    Described,
    EyeMapping,
    MissingRule,
    StreamMatch,
    StreamProfile,
    Unit,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Sequence

ChannelName = str | int
"""A channel by its label, or by its number (from 0) where it has none."""
EyeRow = dict[str, ChannelName | tuple[ChannelName, ChannelName, ChannelName]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a stream's gaze cannot be used, and what to do."""

    title: str
    reason: str
    advice: str

    def sentence(self) -> str:
        """The refusal in one line."""
        return f"{self.title}: {self.reason}; {self.advice}"


class _Row(Described):
    """A row of the table; `refused` and `advice`, or channels."""

    id: str
    title: str
    name: str
    types: tuple[str, ...] = Field(min_length=1)
    source_prefix: str = ""
    labels: tuple[str, ...] = ()
    channels: int | None = None
    refused: str = ""
    advice: str = ""
    left: EyeRow | None = None
    right: EyeRow | None = None
    both: EyeRow | None = None
    unit: Unit = "norm"
    y_origin: Literal["top", "bottom"] = "top"
    missing: tuple[MissingRule, ...] = ("nan",)
    pupil_unit: Literal["mm", "arbitrary"] = "arbitrary"
    device_time: ChannelName | None = None
    device_time_unit: Literal["s", "ms", "us"] = "s"

    def judged(self, about: StreamAbout) -> StreamProfile | Refusal | None:
        """What this row makes of a stream; None if it is for another."""
        listed = tuple(label.casefold() for label in listed_labels(about))
        if not self._fits(about, listed):
            return None
        if self.refused:
            return Refusal(self.title, self.refused, self.advice)
        try:
            return self._profile(about, listed)
        except (LookupError, ValueError):
            return None

    def _fits(self, about: StreamAbout, listed: tuple[str, ...]) -> bool:
        return (
            fnmatchcase(about.name.casefold(), self.name.casefold())
            and about.type.casefold() in {kind.casefold() for kind in self.types}
            and about.source_id.casefold().startswith(self.source_prefix.casefold())
            and self.channels in (None, len(about.labels))
            and all(label.casefold() in listed for label in self.labels)
        )

    def _profile(self, about: StreamAbout, listed: tuple[str, ...]) -> StreamProfile:
        device_time = None
        if self.device_time is not None:
            device_time = _channel(self.device_time, listed)
            device_time = device_time if device_time < len(about.labels) else None
        return StreamProfile(
            profile_id=self.id,
            title=self.title,
            match=StreamMatch(
                name=about.name,
                type=about.type,
                source_prefix=self.source_prefix,
                labels=listed_labels(about),
                channels=len(about.labels),
            ),
            **{side: _eye(getattr(self, side), listed) for side in ("left", "right", "both")},
            unit=self.unit,
            y_origin=self.y_origin,
            missing=self.missing,
            pupil_unit=self.pupil_unit,
            device_time=device_time,
            device_time_unit=self.device_time_unit,
        )


def _eye(row: EyeRow | None, listed: tuple[str, ...]) -> EyeMapping | None:
    if row is None:
        return None
    channels: dict[str, Any] = {
        what: tuple(_channel(n, listed) for n in name)
        if isinstance(name, tuple)
        else _channel(name, listed)
        for what, name in row.items()
    }
    return EyeMapping(**channels)


def _channel(name: ChannelName, listed: tuple[str, ...]) -> int:
    """The number of a channel; a label must be listed exactly once."""
    if isinstance(name, int):
        return name
    if listed.count(name.casefold()) != 1:
        raise LookupError(name)
    return listed.index(name.casefold())


@cache
def _rows() -> tuple[_Row, ...]:
    text = resources.files("gazecore.streams").joinpath("profiles.toml").read_text("utf-8")
    return tuple(_Row.model_validate(row) for row in tomllib.loads(text)["row"])


def known_outlets() -> tuple[str, ...]:
    """The ids of the table's rows."""
    return tuple(row.id for row in _rows())


def match_profile(
    about: StreamAbout, own: Sequence[StreamProfile] = ()
) -> StreamProfile | Refusal | None:
    """The profile of a foreign gaze stream, why it is refused, or None if nobody knows it.

    Parameters
    ----------
    about : StreamAbout
        A `StreamDescription` or a `RecordedStream`.
    own : sequence of StreamProfile
        Mappings made by hand; they come before the table, the last one first. What the table
        refuses stays refused.
    """
    judged = (row.judged(about) for row in _rows())
    known = next((found for found in judged if found is not None), None)
    if isinstance(known, Refusal):
        return known
    return next((p for p in reversed(own) if is_for(p, about)), None) or known


def is_for(profile: StreamProfile, about: StreamAbout) -> bool:
    """Whether a mapping made by hand is for this stream: all that identifies it is the same."""
    match = profile.match
    return (
        match.name.casefold() == about.name.casefold()
        and match.type.casefold() == about.type.casefold()
        and about.source_id.casefold().startswith(match.source_prefix.casefold())
        and match.channels == len(about.labels)
        and _folded(match.labels) == _folded(listed_labels(about))
    )


def _folded(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(label.casefold() for label in labels)
