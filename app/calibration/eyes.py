"""Whether the tracker sees the reader's eyes, and from how far: told while nothing is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gazecore.samples import GazeSamples

SEEN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class EyesSeen:
    """Eyes seen in at least half of the last samples; `distance_mm` where the tracker tells it."""

    is_live: bool = False
    left: bool = False
    right: bool = False
    distance_mm: float | None = None

    @property
    def is_well(self) -> bool:
        """Whether both eyes are seen."""
        return self.left and self.right

    def text(self) -> str:
        """One line for the reader."""
        if not self.is_live:
            return "No gaze arrives yet"
        if not (self.left or self.right):
            return "No eyes are seen: move into the tracker's view"
        if not self.is_well:
            return f"The {'right' if self.left else 'left'} eye is not seen"
        if self.distance_mm is None:
            return "Both eyes are seen"
        return f"Both eyes are seen, {self.distance_mm / 10:.0f} cm from the tracker"


def eyes_seen(samples: GazeSamples) -> EyesSeen:
    """The eyes in the last moment's samples."""
    if not len(samples):
        return EyesSeen()
    origins_mm = np.concatenate([samples.left_origin_mm, samples.right_origin_mm])
    known = origins_mm[np.isfinite(origins_mm).all(axis=1)]
    # Whole centimetres: a line that flickers with each millimetre cannot be read.
    distance_mm = float(np.median(np.linalg.norm(known, axis=1)).round(-1)) if len(known) else None
    return EyesSeen(
        is_live=True,
        left=bool(samples.left_valid.mean() >= SEEN_SHARE),
        right=bool(samples.right_valid.mean() >= SEEN_SHARE),
        distance_mm=distance_mm,
    )
