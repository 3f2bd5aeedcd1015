"""Bringing decoded samples of any layout to one channel of stored values, and colours apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazecore.dicom.badges import Badge

if TYPE_CHECKING:
    from gazecore.dicom.image import Colors, Stored

IN_COLOR = Badge("color", "in color, shown without a window")
TRANSPARENCY_IGNORED = Badge("transparency", "transparency ignored")
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""ITU-R BT.601, as DICOM's YBR_FULL (PS3.3 C.7.6.3.1.2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """The channels of an image.

    Attributes
    ----------
    gray : (rows, columns)
        The grey channel; of a colour image its luminance, at the depth of its samples.
    colors : (rows, columns, 3) uint8, optional
        Red, green and blue as the screen shows them; None for a grey image.
    badges : tuple of Badge
        What had to be given up, and that the image is in colour.
    """

    gray: npt.NDArray[Any]
    colors: Colors | None = None
    badges: tuple[Badge, ...] = ()


def split_channels(samples: npt.NDArray[Any], bits: int) -> Channels:
    """Samples (rows, columns[, channels]) of a depth as grey, and as colours where they have any.

    Transparency is given up. Channels that agree everywhere are grey, as in the many radiographs
    saved as RGB.
    """
    if samples.ndim == 2:
        return Channels(samples)
    channels = samples.shape[-1]
    badges = (TRANSPARENCY_IGNORED,) if channels in (2, 4) else ()
    if channels <= 2:
        return Channels(samples[..., 0], badges=badges)
    red, green, blue = (samples[..., c] for c in range(3))
    if np.array_equal(red, green) and np.array_equal(red, blue):
        return Channels(red, badges=badges)
    luminance = np.rint(samples[..., :3].astype(np.float32) @ _LUMINANCE)
    colors = _eight_bits(samples[..., :3], bits)
    return Channels(luminance.astype(samples.dtype), colors, (*badges, IN_COLOR))


def _eight_bits(samples: npt.NDArray[Any], bits: int) -> Colors:
    """Samples of a depth as the screen shows them; those of 8 bits stay as they are.

    ``level = floor(255 v / (2^bits - 1) + .5)``, as `gazecore.dicom.display_table` without a
    window.
    """
    if bits == 8 and samples.dtype == np.uint8:
        return np.ascontiguousarray(samples)
    top = (1 << bits) - 1
    levels = np.floor(255 * np.arange(top + 1) / top + 0.5).astype(np.uint8)
    return np.asarray(levels[np.clip(samples, 0, top)])


def to_stored(gray: npt.NDArray[Any]) -> Stored:
    """8- or 16-bit samples as C-contiguous uint16 or int16 in native byte order."""
    signed = np.issubdtype(gray.dtype, np.signedinteger)
    if signed:
        return np.ascontiguousarray(gray, dtype=np.int16)
    return np.ascontiguousarray(gray, dtype=np.uint16)
