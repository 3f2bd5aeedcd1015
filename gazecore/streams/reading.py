"""How a gaze stream is read: as our own, by a profile, or not at all and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gazecore.errors import RefusedStreamError, UnmappedStreamError
from gazecore.samples import GAZE_LABELS, GazeSamples
from gazecore.streams.identity import StreamAbout, is_ours, listed_labels
from gazecore.streams.table import Refusal, match_profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from gazecore.streams.profile import StreamProfile

Standing = Literal["ours", "known", "unmapped", "refused"]


@dataclass(frozen=True, slots=True)
class StreamReading:
    """What can be made of a stream.

    Attributes
    ----------
    standing : {"ours", "known", "unmapped", "refused"}
        Our own layout, a profile is known, nobody knows it, known to be of no use.
    profile : StreamProfile or None
        For a known stream; it may still need the screen's resolution when unmapped.
    problem : str
        Why it is unmapped or refused and what to do, in one line.
    """

    standing: Standing
    profile: StreamProfile | None = None
    problem: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether its gaze can be had."""
        return self.standing in ("ours", "known")

    def samples(self, t_s: npt.ArrayLike, values: npt.ArrayLike) -> GazeSamples:
        """Gaze of the stream's own values (n, channels); none of a stream that is not usable."""
        if self.standing == "ours":
            return GazeSamples.from_channels(t_s, values)
        if self.standing == "known" and self.profile is not None:
            return self.profile.to_samples(t_s, values)
        return GazeSamples.from_channels([], np.empty((0, len(GAZE_LABELS))))


def read_by(
    about: StreamAbout,
    own: Sequence[StreamProfile] = (),
    resolution_px: tuple[float, float] | None = None,
    *,
    is_text: bool = False,
) -> StreamReading:
    """How a stream is read.

    Parameters
    ----------
    about : StreamAbout
        What it says of itself.
    own : sequence of StreamProfile
        Mappings made by hand.
    resolution_px : (width, height), optional
        The tracked screen's, for streams in pixels.
    is_text : bool
        Whether it sends texts.
    """
    if is_text:
        why = "it sends texts; choose the stream with the numbers"
        return StreamReading("refused", problem=str(RefusedStreamError(about.name, why)))
    if is_ours(about):
        return StreamReading("ours")
    found = match_profile(about, own)
    if isinstance(found, Refusal):
        problem = str(RefusedStreamError(about.name, found.sentence()))
        return StreamReading("refused", problem=problem)
    if found is None:
        error = UnmappedStreamError(about.name, listed_labels(about), len(about.labels))
        return StreamReading("unmapped", problem=str(error))
    if resolution_px is not None:
        found = found.with_resolution(*resolution_px)
    if found.needs_resolution:
        problem = f"{about.name!r} sends pixels of a screen that nobody has named; map it anew"
        return StreamReading("unmapped", found, problem)
    return StreamReading("known", found)
