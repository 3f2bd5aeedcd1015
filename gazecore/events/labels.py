"""What a sample can belong to, and what a detector is."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from gazecore.events.track import Track


class Label(IntEnum):
    """Label of one sample; the numbers are those of the hand-coded Lund2013 set."""

    UNDEFINED = 0
    FIXATION = 1
    SACCADE = 2
    POST_SACCADIC_OSCILLATION = 3
    PURSUIT = 4
    LOSS = 5


class Detector(Protocol):
    """Gives each sample of a track its label.

    To add one: a frozen dataclass of its parameters with `max_gap_s` and `label`, in its own
    file, and its name in `gazecore.events.detection.PRESETS`.
    """

    @property
    def max_gap_s(self) -> float:
        """Longest gap that is filled before detection, in seconds."""
        ...

    def label(self, track: Track) -> npt.NDArray[np.uint8]:
        """Labels (m,) of a track of at least one sample."""
        ...
