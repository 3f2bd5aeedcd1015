"""Palette colour, with pydicom as the oracle where it is right, and broken palettes refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest
from pydicom.pixels.processing import apply_color_lut

from gazecore.dicom import open_image
from gazecore.errors import DamagedFileError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

RNG = np.random.default_rng(7)
INDICES = RNG.integers(0, 256, (9, 14)).astype(np.uint8)


def palette(tables: Any, first: int = 0, bits: int = 16) -> dict[str, Any]:
    """The elements of a palette with a table for each channel."""
    elements: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for name, table in zip(("Red", "Green", "Blue"), tables, strict=True):
        keyword = f"{name}PaletteColorLookupTable"
        vr = "SS" if first < 0 else "US"
        elements[f"{keyword}Descriptor"] = (vr, [len(table), first, bits])
        elements[f"{keyword}Data"] = ("OW", table.tobytes())
    return elements


def pydicom_colors(path: Path) -> Any:
    """What pydicom makes of a file."""
    dataset = pydicom.dcmread(path)
    return apply_color_lut(dataset.pixel_array, dataset)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colors_equal_pydicoms(make_dicom: Any, dtype: Any) -> None:
    tables = RNG.integers(0, np.iinfo(dtype).max, (3, 256)).astype(dtype)
    bits = 8 * tables.dtype.itemsize
    path = make_dicom(INDICES, **palette(tables, bits=bits))
    image = open_image(path)
    expected = pydicom_colors(path).astype(np.float64)
    top = 2.0**bits - 1
    np.testing.assert_array_equal(image.colors, np.floor(255 * expected / top + 0.5))
    assert (image.is_color, image.bits_stored) == (True, bits)


def test_indices_outside_take_the_end_and_depth_is_not_overstated(make_dicom: Any) -> None:
    tables = np.array([[9, 8, 7], [20, 30, 40], [1, 2, 3]], dtype=np.uint16)
    indices = np.array([[0, 4, 5, 6, 7, 255]], dtype=np.uint8)
    image = open_image(make_dicom(indices, **palette(tables, first=4)))
    assert image.colors is not None
    np.testing.assert_array_equal(image.colors[0], tables.T[[0, 0, 1, 2, 2, 2]])
    assert image.bits_stored == 8


def test_a_signed_index(make_dicom: Any) -> None:
    tables = np.arange(12, dtype=np.uint8).reshape(3, 4)
    indices = np.array([[-9, -2, -1, 0, 1, 90]], dtype=np.int16)
    image = open_image(make_dicom(indices, **palette(tables, first=-2, bits=8)))
    assert image.colors is not None
    np.testing.assert_array_equal(image.colors[0], tables.T[[0, 0, 1, 2, 3, 3]])
    assert not image.signed
    assert image.stored.dtype == np.uint16


def test_broken_palettes_are_refused(make_dicom: Any) -> None:
    tables = np.zeros((3, 256), dtype=np.uint8)
    short = palette(tables, bits=8) | {"RedPaletteColorLookupTableDescriptor": [999, 0, 8]}
    with pytest.raises(DamagedFileError, match="red palette is cut short"):
        open_image(make_dicom(INDICES, **short))
    gone = palette(tables, bits=8)
    del gone["BluePaletteColorLookupTableData"]
    with pytest.raises(DamagedFileError, match="blue palette is missing"):
        open_image(make_dicom(INDICES, **gone))
    segmented = gone | {"SegmentedRedPaletteColorLookupTableData": ("OW", b"\0\1\0\1")}
    with pytest.raises(UnsupportedImageError, match="palette in segments"):
        open_image(make_dicom(INDICES, **segmented))
