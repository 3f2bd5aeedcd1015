"""Bringing decoded samples of any layout to one grey channel of 16-bit stored values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazecore.dicom.badges import Badge

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored

COLOR_AS_GRAY = Badge("color", "color shown as its luminance")
TRANSPARENCY_IGNORED = Badge("transparency", "transparency ignored")
_LUMINANCE = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""ITU-R BT.601, as DICOM's YBR_FULL (PS3.3 C.7.6.3.1.2)."""


def to_gray(samples: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], tuple[Badge, ...]]:
    """Samples (rows, columns[, channels]) as (rows, columns), with what had to be given up.

    Grey with transparency loses the transparency; colour becomes its luminance, unless its
    channels agree everywhere, as in the many radiographs saved as RGB.
    """
    if samples.ndim == 2:
        return samples, ()
    channels = samples.shape[-1]
    notes = (TRANSPARENCY_IGNORED,) if channels in (2, 4) else ()
    if channels <= 2:
        return samples[..., 0], notes
    red, green, blue = (samples[..., c] for c in range(3))
    if np.array_equal(red, green) and np.array_equal(red, blue):
        return red, notes
    luminance = np.rint(samples[..., :3].astype(np.float32) @ _LUMINANCE)
    return luminance.astype(samples.dtype), (*notes, COLOR_AS_GRAY)


def to_stored(gray: npt.NDArray[Any]) -> Stored:
    """8- or 16-bit samples as C-contiguous uint16 or int16 in native byte order."""
    signed = np.issubdtype(gray.dtype, np.signedinteger)
    if signed:
        return np.ascontiguousarray(gray, dtype=np.int16)
    return np.ascontiguousarray(gray, dtype=np.uint16)
