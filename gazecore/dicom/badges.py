"""What a viewer should say beside an image, as data: a code to act on and a line to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

BadgeCode = Literal[
    "color",
    "frames",
    "high_bit",
    "modality_lut",
    "overlay",
    "polarity",
    "rescale",
    "shutter",
    "spacing",
    "transparency",
    "voi_lut",
    "window",
]


@dataclass(frozen=True, slots=True)
class Badge:
    """One thing about a shown image that its file lacks, contradicts, or that had to be chosen.

    Attributes
    ----------
    code : str
        ``color``: in colour, no window applies; ``frames``: one of several; ``high_bit``: values
        kept above the lowest bit of their words; ``modality_lut``, ``voi_lut``: a table mended or
        left out; ``overlay``: planes beside the pixels; ``polarity``: stated twice, differently;
        ``rescale``: left out; ``shutter``: applied, or unusable; ``spacing``: unknown, lengths
        are pixels; ``transparency``: ignored; ``window``: left out.
    text : str
        The same for people; never a value that could name a patient.
    """

    code: BadgeCode
    text: str


def badges_of(code: BadgeCode, texts: Iterable[str]) -> tuple[Badge, ...]:
    """A badge of one code for each text."""
    return tuple(Badge(code, text) for text in texts)
