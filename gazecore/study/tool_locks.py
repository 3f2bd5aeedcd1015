"""What a protocol locks: groups of tools, tools and gestures by their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gazecore.study.gestures import GESTURES
from gazecore.study.tool_keys import TOOLS

if TYPE_CHECKING:
    from collections.abc import Collection

GROUPS = (
    *("zoom", "pan", "window", "invert", "rotate", "flip", "measure"),
    *("layout", "overlays", "frames"),
)
"""Names that stand for several tools and their gestures at once."""

LOCKS: tuple[str, ...] = tuple(dict.fromkeys((*GROUPS, *TOOLS, *GESTURES)))
"""Everything that can be locked."""


def checked_lock(name: str) -> str:
    """The name of a group, tool or gesture; anything else is a ValueError that lists groups."""
    if name not in LOCKS:
        raise ValueError(f"{', '.join(GROUPS)}, or a tool as 'study protocol' lists them in keys")
    return name


def locked_names(locks: Collection[str]) -> frozenset[str]:
    """Every tool and gesture that `locks` take away.

    A gesture goes with its group, and with any tool whose work it would do: where a study locks
    `zoom_in`, the wheel must not zoom either.
    """
    tools = {name for name, tool in TOOLS.items() if {name, tool.lock} & set(locks)}
    gestures = {
        name
        for name, gesture in GESTURES.items()
        if {name, gesture.lock} & set(locks) or tools & set(gesture.same_as)
    }
    return frozenset(tools | gestures)
