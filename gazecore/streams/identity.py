"""What a stream says of itself, as far as it tells one kind of stream from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from gazecore.json_text import parse_json
from gazecore.samples import GAZE_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping


class StreamAbout(Protocol):
    """A stream on the bus or in a recording; `labels` holds one per channel, empty if unknown."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def source_id(self) -> str:
        """What identifies its sender."""

    @property
    def labels(self) -> tuple[str, ...]:
        """One label per channel."""

    @property
    def description(self) -> Mapping[str, Any]:
        """Its ``desc``, nested; a name that repeats holds a list."""


def listed_labels(about: StreamAbout) -> tuple[str, ...]:
    """The labels a stream lists, be they fewer or more than its channels.

    They stand in ``desc/channels/channel/label``; some outlets give them as a JSON list in
    ``desc/column_names`` instead.
    """
    channels = about.description.get("channels")
    entries = channels.get("channel", ()) if isinstance(channels, dict) else ()
    listed = [
        str(entry.get("label", "")) if isinstance(entry, dict) else ""
        for entry in (entries if isinstance(entries, list) else [entries])
    ]
    if any(listed):
        return tuple(listed)
    named = _names(about.description.get("column_names"))
    if named:
        return named
    return about.labels if any(about.labels) else ()


def is_ours(about: StreamAbout) -> bool:
    """Whether a stream has exactly the channels of our own drivers."""
    return about.labels == GAZE_LABELS


def _names(text: object) -> tuple[str, ...]:
    try:
        names = parse_json(text) if isinstance(text, str) else None
    except ValueError:
        return ()
    return tuple(str(name) for name in names) if isinstance(names, list) else ()
