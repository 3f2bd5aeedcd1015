"""Palette colour (PS3.3 C.7.6.3.1.5): indices become red, green and blue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazecore.dicom.values import numbers, value_of
from gazecore.errors import DamagedFileError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.dataset import Dataset

Indices = npt.NDArray[np.intp]
_CHANNELS = ("Red", "Green", "Blue")
_MOST_ENTRIES = 1 << 16


def apply_palette(
    path: Path, samples: npt.NDArray[Any], dataset: Dataset
) -> tuple[npt.NDArray[np.uint16], int]:
    """The colours of indices, (rows, columns, 3), and their depth in bits, 8 or 16.

    An index before the first or after the last entry takes that entry. Descriptors overstate
    depth here too: entries that all fit into 8 bits are of 8 bits.

    Raises
    ------
    DamagedFileError
        A table is missing or shorter than it says.
    UnsupportedImageError
        The tables are coded in segments.
    """
    if value_of(dataset, "SegmentedRedPaletteColorLookupTableData") is not None:
        raise UnsupportedImageError(path, "a palette in segments; plain palettes can be shown")
    tables = [_table(path, dataset, channel) for channel in _CHANNELS]
    bits = 8 if max(int(entries.max()) for _, entries in tables) < 1 << 8 else 16
    colors = np.empty((*samples.shape, len(tables)), dtype=np.uint16)
    for channel, (first, entries) in enumerate(tables):
        index: Indices = np.clip(samples.astype(np.intp) - first, 0, len(entries) - 1)
        colors[..., channel] = entries[index]
    return colors, bits


def _table(path: Path, dataset: Dataset, channel: str) -> tuple[int, npt.NDArray[np.uint16]]:
    """The first value that a channel's table maps, and its entries."""
    descriptor = numbers(dataset, f"{channel}PaletteColorLookupTableDescriptor")
    data = value_of(dataset, f"{channel}PaletteColorLookupTableData")
    if len(descriptor) != 3 or not isinstance(data, (bytes, bytearray)):
        raise DamagedFileError(path, f"its {channel.lower()} palette is missing")
    count = int(descriptor[0]) or _MOST_ENTRIES
    if not 1 <= count <= _MOST_ENTRIES or len(data) < count:
        raise DamagedFileError(path, f"its {channel.lower()} palette is cut short")
    # tables of 8 bits come with one or with two bytes an entry, whatever the descriptor says
    big = not dataset.original_encoding[1]
    kind = (">u2" if big else "<u2") if len(data) >= 2 * count else "u1"
    entries = np.frombuffer(data, kind, count=count).astype(np.uint16)
    return int(descriptor[1]), entries
