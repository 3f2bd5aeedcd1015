"""A window from the image itself, for files that bring none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.hidden import shutter_mask
from gazecore.dicom.image import Window
from gazecore.dicom.levels import is_padding, modality_values

if TYPE_CHECKING:
    from gazecore.dicom.image import Stored, XrayHeader, XrayImage

TAIL_SHARE = 0.001
"""Share of pixels left out at either end."""
_PART_PX = 1 << 20


def auto_window(
    image: XrayImage, region_px: tuple[float, float, float, float] | None = None
) -> Window:
    """The linear window that spans the 0.1 % to 99.9 % percentiles, without padding and shutter.

    Parameters
    ----------
    image : XrayImage
        The image.
    region_px : (x0, y0, x1, y1), optional
        Part of the image to look at, half-open, in image pixels; what lies outside the image
        is ignored, and a region without pixels counts as the whole image.
    """
    return percentile_window(image, image.stored, region_px)


def percentile_window(
    header: XrayHeader,
    stored: Stored,
    region_px: tuple[float, float, float, float] | None = None,
) -> Window:
    """The window of `auto_window` for an image that is no object yet."""
    part = _part(stored.shape, region_px)
    looked_at = stored[part]
    hidden = shutter_mask(header, stored.shape)
    if hidden is not None and not hidden[part].all():
        looked_at = looked_at[~hidden[part]]
    return _spanning(header, looked_at)


def _spanning(header: XrayHeader, stored: Stored) -> Window:
    counts = _counts(stored)
    unpadded = np.where(is_padding(header), 0, counts)
    counts = unpadded if unpadded.any() else counts
    values = np.asarray(modality_values(header), dtype=np.float64)
    low, high = _weighted_percentiles(values, counts, (TAIL_SHARE, 1 - TAIL_SHARE))
    # LINEAR: lowest level at or below center - .5 - (width - 1) / 2 (PS3.3 C.11.2.1.2.1)
    return Window(center=(low + high + 1) / 2, width=high - low + 1, frame=header.frame)


def _counts(stored: Stored) -> npt.NDArray[np.int64]:
    """How often each 16-bit pattern occurs; in parts, since counting widens them to 64 bits."""
    patterns = stored.view(np.uint16).ravel()
    counts = np.zeros(1 << 16, dtype=np.int64)
    for start in range(0, len(patterns), _PART_PX):
        counts += np.bincount(patterns[start : start + _PART_PX], minlength=1 << 16)
    return counts


def _part(
    shape: tuple[int, ...], region_px: tuple[float, float, float, float] | None
) -> tuple[slice, slice]:
    """Rows and columns of a region; all of them where it holds no pixel."""
    rows, columns = slice(0, shape[0]), slice(0, shape[1])
    if region_px is None:
        return rows, columns
    left, top, right, bottom = (max(0, round(edge)) for edge in region_px)
    right, bottom = min(right, shape[1]), min(bottom, shape[0])
    is_empty = left >= right or top >= bottom
    return (rows, columns) if is_empty else (slice(top, bottom), slice(left, right))


def _weighted_percentiles(
    values: npt.NDArray[np.float64], counts: npt.NDArray[np.int64], shares: tuple[float, float]
) -> tuple[float, float]:
    present = counts > 0
    order = np.argsort(values[present], kind="stable")
    sorted_values, cumulative = values[present][order], np.cumsum(counts[present][order])
    at = np.searchsorted(cumulative, np.asarray(shares) * cumulative[-1])
    low, high = sorted_values[np.minimum(at, len(sorted_values) - 1)]
    return float(low), float(high)
