"""Grey levels of targets that stand out from their background without being brighter than need."""

from __future__ import annotations

from dataclasses import dataclass

_CONTRAST = 140
_BRIGHTEST = 215
_BRIGHT_BACKGROUND = 110


@dataclass(frozen=True, slots=True)
class TargetGreys:
    """Grey levels 0..255 of a target's ring and of the background, which its dot has too."""

    background: int
    ring: int


def target_greys(level: float) -> TargetGreys:
    """A light ring on a dark background, a dark one on a bright background."""
    background = round(min(255.0, max(0.0, level)))
    if background <= _BRIGHT_BACKGROUND:
        return TargetGreys(background, min(_BRIGHTEST, background + _CONTRAST))
    return TargetGreys(background, max(0, background - _CONTRAST))
