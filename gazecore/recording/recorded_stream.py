"""One stream of a recording as read from its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from gazecore.recording.description import Description

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RecordedStream:
    """One stream of a recording, n samples in the order they were sent.

    Attributes
    ----------
    t_s : (n,) float64
        On the recording's clock: the sender's, corrected by the clock offsets.
    t_sender_s : (n,) float64
        As sent, bit by bit.
    values : (n, channels) or None
        In the stream's own type; None for text streams.
    texts : tuple of str
        First channel of a text stream, else empty.
    further_texts : tuple of tuple of str
        Per sample of a text stream the channels after the first; empty if there is one channel.
    description : dict
        The stream's ``desc``, nested; a name that repeats holds a list.
    """

    stream_id: int
    name: str
    type: str
    labels: tuple[str, ...]
    units: tuple[str, ...]
    uid: str
    true_rate_hz: float
    t_s: Array
    t_sender_s: Array
    values: npt.NDArray[Any] | None
    texts: tuple[str, ...]
    description: Description
    source_id: str = ""
    further_texts: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.t_s)

    @property
    def segment(self) -> int:
        """1 for the first outlet that carried this stream, 2 for the one after a loss..."""
        recorded = self.description.get("recorded")
        text = recorded.get("segment", "1") if isinstance(recorded, dict) else "1"
        return int(text) if str(text).isdecimal() else 1
