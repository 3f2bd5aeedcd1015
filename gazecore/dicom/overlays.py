"""Overlay planes of groups 60xx (PS3.3 C.9.2): bit layers beside the pixels, never in them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from gazecore.dicom import limits
from gazecore.dicom.values import FOREIGN_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom.dataset import Dataset

    from gazecore.dicom.pixel_layout import PixelLayout

Mask = npt.NDArray[np.bool_]
GROUPS = range(0x6000, 0x6020, 2)
MAX_OVERLAY_BITS = 1 << 28
"""Bits of all planes of an image together; sixteen planes of a large radiograph."""
_MOST_OFFSET_PX = limits.MAX_SIDE_PX


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayPlane:
    """One overlay plane, for the frame that was opened.

    Attributes
    ----------
    group : int
        0x6000, 0x6002, ... of the file.
    kind : str
        ``G`` for graphics, ``R`` for a region of interest.
    rows, columns : int
        Size of the plane, which need not be that of the image.
    origin_px : (int, int)
        Image pixel (x, y), from 0, under the plane's top left bit. May be negative or lie beyond
        the image: a plane may lie partly outside.
    deflated : bytes
        The bits, row after row, least significant bit first, deflated.
    """

    group: int
    kind: str
    rows: int
    columns: int
    origin_px: tuple[int, int]
    deflated: bytes

    @property
    def mask(self) -> Mask:
        """Where the plane has a bit set, (rows, columns)."""
        n_bits = self.rows * self.columns
        packed = zlib.decompressobj().decompress(self.deflated, -(-n_bits // 8))
        bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=n_bits, bitorder="little")
        return bits.reshape(self.rows, self.columns).astype(np.bool_)


def read_overlays(
    dataset: Dataset, layout: PixelLayout, raw_pixels: Callable[[], npt.NDArray[Any]]
) -> tuple[tuple[OverlayPlane, ...], list[str]]:
    """The overlay planes of the frame that was opened, and what to say of those left out.

    Parameters
    ----------
    dataset : Dataset
        The whole file.
    layout : PixelLayout
        How its pixels lie.
    raw_pixels : callable
        Gives (rows, columns) stored values with their high bits, where files made before 2004
        keep overlays; called only if one does.
    """
    planes: list[OverlayPlane] = []
    notes: list[str] = []
    bits_left = MAX_OVERLAY_BITS
    for group in GROUPS:
        if not _is_overlay(dataset, group):
            continue
        try:
            plane = _read_plane(dataset, group, layout, raw_pixels, bits_left)
        except _Unusable as error:
            notes.append(f"overlay {group:04X} ignored: {error}")
            continue
        except FOREIGN_ERRORS:
            notes.append(f"overlay {group:04X} ignored")
            continue
        if plane is not None:
            planes.append(plane)
            bits_left -= plane.rows * plane.columns
    if planes:
        what = "1 overlay" if len(planes) == 1 else f"{len(planes)} overlays"
        notes.append(f"{what} beside the pixels")
    return tuple(planes), notes


class _Unusable(Exception):  # noqa: N818  not an error: the image is shown without this plane
    """A plane that is left out, and why."""


def _is_overlay(dataset: Dataset, group: int) -> bool:
    return (group, 0x3000) in dataset or ((group, 0x0010) in dataset and (group, 0x0102) in dataset)


def _read_plane(
    dataset: Dataset,
    group: int,
    layout: PixelLayout,
    raw_pixels: Callable[[], npt.NDArray[Any]],
    bits_left: int,
) -> OverlayPlane | None:
    rows, columns = _whole(dataset, group, 0x0010), _whole(dataset, group, 0x0011)
    if not (rows and columns and min(rows, columns) > 0):
        raise _Unusable("it has no size")
    if max(rows, columns) > limits.MAX_SIDE_PX or rows * columns > bits_left:
        raise _Unusable(f"{columns} x {rows} bits are more than can be shown")
    plane_frame = _plane_frame(dataset, group, layout.frame)
    if plane_frame is None:
        return None
    if (group, 0x3000) in dataset:
        bits = _own_bits(dataset, group, rows * columns, plane_frame)
    else:
        bits = _embedded_bits(dataset, group, (rows, columns), layout, raw_pixels)
    return OverlayPlane(
        group=group,
        kind="R" if str(_value(dataset, group, 0x0040)).strip() == "R" else "G",
        rows=rows,
        columns=columns,
        origin_px=_origin(dataset, group),
        deflated=zlib.compress(bits, 1),
    )


def _plane_frame(dataset: Dataset, group: int, frame: int) -> int | None:
    """Which frame of the plane belongs to a frame of the image; None for none (PS3.3 C.9.3)."""
    frames = _whole(dataset, group, 0x0015)
    if frames is None:
        return 0
    first = _whole(dataset, group, 0x0051) or 1
    found = frame - (first - 1)
    return found if 0 <= found < frames else None


def _own_bits(dataset: Dataset, group: int, n_bits: int, plane_frame: int) -> bytes:
    data = _value(dataset, group, 0x3000)
    if not isinstance(data, (bytes, bytearray)):
        raise _Unusable("its data are no bits")
    element = dataset[group, 0x3000]
    if element.VR == "OW" and not dataset.original_encoding[1]:
        data = np.frombuffer(data[: len(data) // 2 * 2], ">u2").astype("<u2").tobytes()
    start = plane_frame * n_bits
    stop = start + n_bits
    if 8 * len(data) < stop:
        raise _Unusable("its data are cut short")
    if start % 8 == 0:
        return bytes(data[start // 8 : -(-stop // 8)])
    # frames follow one another without padding to a byte
    touched = np.frombuffer(data[start // 8 : -(-stop // 8)], np.uint8)
    bits = np.unpackbits(touched, bitorder="little")[start % 8 :][:n_bits]
    return np.packbits(bits, bitorder="little").tobytes()


def _embedded_bits(
    dataset: Dataset,
    group: int,
    shape: tuple[int, int],
    layout: PixelLayout,
    raw_pixels: Callable[[], npt.NDArray[Any]],
) -> bytes:
    position = _whole(dataset, group, 0x0102)
    if position is None or not layout.bits_stored <= position < layout.bits_allocated:
        raise _Unusable("it has no data, nor a bit of its own in the pixels")
    if shape != (layout.rows, layout.columns):
        raise _Unusable("it lies in the pixels and differs from them in size")
    raw = raw_pixels()
    pattern = raw.view(np.dtype(f"u{raw.dtype.itemsize}"))
    if 8 * raw.dtype.itemsize <= position:
        raise _Unusable("its bit was lost by the coding")
    return np.packbits((pattern >> position) & 1 != 0, bitorder="little").tobytes()


def _origin(dataset: Dataset, group: int) -> tuple[int, int]:
    """Overlay Origin (60xx,0050), row then column from 1, as (x, y) from 0."""
    value = _value(dataset, group, 0x0050)
    row, column = (int(v) for v in value) if value is not None else (1, 1)
    if max(abs(row), abs(column)) > _MOST_OFFSET_PX:
        raise _Unusable("it lies far outside")
    return column - 1, row - 1


def _value(dataset: Dataset, group: int, element: int) -> Any:
    return dataset[group, element].value if (group, element) in dataset else None


def _whole(dataset: Dataset, group: int, element: int) -> int | None:
    value = _value(dataset, group, element)
    return None if value is None or value == "" else int(value)
