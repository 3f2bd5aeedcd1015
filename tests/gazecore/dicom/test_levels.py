"""Every one of the 65,536 levels against pydicom run on the whole ramp."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.pixels.processing import apply_modality_lut, apply_voi, apply_windowing

from gazecore.dicom import LookupTable, Window, XrayHeader, display_table, open_image
from gazecore.dicom.levels import GreyLevels, nominal_range
from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pydicom.dataset import Dataset

WHOLE = Window(2048, 4096)


def _oracle(
    path: Path, index: int, *, lut: bool, window: Window | None = None
) -> npt.NDArray[np.uint8]:
    """Levels by pydicom's own functions on the file's own data set, nothing sanitised.

    A `window` is put into the data set of a file that brings none.
    """
    dataset = pydicom.dcmread(path, force=True)
    if window is not None:
        dataset.add_new("WindowCenter", "FD", window.center)
        dataset.add_new("WindowWidth", "FD", window.width)
    signed = dataset.PixelRepresentation == 1
    ramp = np.arange(1 << 16, dtype=np.uint16)
    # as int16, pydicom's modality LUT wraps for patterns beyond the bits stored (mlut_18.dcm)
    arr = (ramp.view(np.int16) if signed else ramp).astype(np.int32)
    values = apply_modality_lut(arr, dataset)
    if lut:
        y = apply_voi(values, dataset, index)
        bits = dataset.VOILUTSequence[index].LUTDescriptor[2]
        y_min, y_max = 0.0, 2.0**bits - 1
    else:
        y = apply_windowing(values, dataset, index)
        y_min, y_max = _range(dataset)
    share = 255 * (y.astype(np.float64) - y_min) / (y_max - y_min)
    level: npt.NDArray[np.uint8] = np.floor(share + 0.5).astype(np.uint8)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        level = 255 - level
    padding = dataset.get("PixelPaddingValue")
    if padding is not None:
        limit = dataset.get("PixelPaddingRangeLimit", padding)
        level[(arr >= min(padding, limit)) & (arr <= max(padding, limit))] = 0
    return level


def _range(dataset: Dataset) -> tuple[float, float]:
    if dataset.get("ModalityLUTSequence"):
        return 0.0, 2.0 ** dataset.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    bits = dataset.BitsStored
    low = -(2 ** (bits - 1)) if dataset.PixelRepresentation else 0
    slope, intercept = dataset.get("RescaleSlope", 1), dataset.get("RescaleIntercept", 0)
    return low * slope + intercept, (low + 2**bits - 1) * slope + intercept


def _check_all_views(path: Path) -> int:
    """Compare every preset of a file; returns how many were compared."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = open_image(path)
        n_luts = len(image.voi_luts)
        for number, preset in enumerate(image.windows):
            lut = number < n_luts
            expected = _oracle(path, number if lut else number - n_luts, lut=lut)
            found = display_table(image, preset.window)
            np.testing.assert_array_equal(found, expected, err_msg=f"{path.name} {preset}")
        if not image.windows:
            expected = _oracle(path, 0, lut=False, window=image.default_window)
            np.testing.assert_array_equal(display_table(image, image.default_window), expected)
        return max(1, len(image.windows))


TWO = {"WindowCenter": [2047.5, 900], "WindowWidth": [4096, 300.5]}


@pytest.mark.parametrize(
    "elements",
    [
        TWO,
        {**TWO, "PhotometricInterpretation": "MONOCHROME1"},
        {**TWO, "VOILUTFunction": "SIGMOID"},
        {**TWO, "VOILUTFunction": "LINEAR_EXACT"},
        {**TWO, "VOILUTFunction": "linear"},
        {**TWO, "RescaleSlope": "1.7", "RescaleIntercept": "-1024"},
        {**TWO, "RescaleSlope": "-0.37", "RescaleIntercept": "3000"},
        {**TWO, "BitsStored": 12, "HighBit": 11},
        {**TWO, "PixelPaddingValue": ("US", 0)},
        {**TWO, "PixelPaddingValue": ("US", 40), "PixelPaddingRangeLimit": ("US", 7)},
        {"WindowCenter": 5, "WindowWidth": 1},
    ],
    ids=lambda e: "+".join(k for k in e if not k.startswith("WindowC")),
)
@pytest.mark.parametrize("signed", [False, True])
def test_windows_equal_pydicom(make_dicom: Any, elements: dict[str, Any], signed: bool) -> None:
    pixels = np.arange(48, dtype=np.int16 if signed else np.uint16).reshape(6, 8)
    if signed and "PixelPaddingValue" in elements:
        elements = {
            **elements,
            "PixelPaddingValue": ("SS", -40),
            "PixelPaddingRangeLimit": ("SS", 7),
        }
    assert _check_all_views(make_dicom(pixels, **elements)) >= 1


@pytest.mark.parametrize("bits", range(6, 17))
@pytest.mark.parametrize("signed", [False, True])
def test_every_depth_equals_pydicom(make_dicom: Any, bits: int, signed: bool) -> None:
    pixels = np.arange(48, dtype=np.int16 if signed else np.uint16).reshape(6, 8)
    half = 1 << (bits - 1)
    path = make_dicom(
        pixels,
        BitsStored=bits,
        HighBit=bits - 1,
        WindowCenter=[half, half / 3, 7],
        WindowWidth=[2 * half, half / 2 + 1, 1],
        RescaleSlope="-1.25" if bits % 2 else "0.5",
        RescaleIntercept="10.75",
        PresentationLUTShape="INVERSE",
        PhotometricInterpretation="MONOCHROME1",
        VOILUTFunction=("LINEAR", "LINEAR_EXACT", "SIGMOID")[bits % 3],
        PixelPaddingValue=("SS", -3) if signed else ("US", 1 << bits - 1),
        PixelPaddingRangeLimit=("SS", 2) if signed else ("US", (1 << bits) - 1),
    )
    assert _check_all_views(path) == 3


@pytest.mark.parametrize("bits", [10, 12, 16])
@pytest.mark.parametrize("first", [0, 100])
def test_voi_luts_equal_pydicom(
    make_dicom: Any, lut_item: Callable[..., Dataset], bits: int, first: int
) -> None:
    rng = np.random.default_rng(bits)
    entries = np.sort(rng.integers(0, 2**bits, size=200)).tolist()
    entries[-1] = 2**bits - 1
    luts = [lut_item(entries, first, bits), lut_item(entries[::-1], first, bits)]
    assert _check_all_views(make_dicom(VOILUTSequence=luts, **TWO)) == 4


@pytest.mark.parametrize("bits", [8, 16])
def test_modality_luts_equal_pydicom(
    make_dicom: Any, lut_item: Callable[..., Dataset], bits: int
) -> None:
    entries = np.minimum(np.arange(300) * 5, 2**bits - 1).tolist()
    path = make_dicom(ModalityLUTSequence=[lut_item(entries, 20, bits)], **TWO)
    assert _check_all_views(path) == 2


def test_eight_bit_voi_luts_equal_pydicom_where_it_does_not_wrap(
    make_dicom: Any, lut_item: Callable[..., Dataset]
) -> None:
    path = make_dicom(VOILUTSequence=[lut_item(list(range(255, 55, -1)), 30, 8)])
    image = open_image(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = _oracle(path, 0, lut=True)
    found = display_table(image, image.default_window)
    np.testing.assert_array_equal(found[: 256 + 30], expected[: 256 + 30])


def test_voi_lut_after_rescale_equals_pydicom(
    make_dicom: Any, lut_item: Callable[..., Dataset]
) -> None:
    entries = list(range(0, 65536, 64))
    entries[-1] = 65535
    luts = [lut_item(entries, 10, 16)]
    path = make_dicom(VOILUTSequence=luts, RescaleSlope="0.01", RescaleIntercept="3")
    assert _check_all_views(path) == 1


def test_real_radiographs_equal_pydicom(radiographs: list[Path]) -> None:
    assert sum(_check_all_views(path) for path in radiographs) >= len(radiographs)


@pytest.mark.data
def test_local_radiographs_equal_pydicom(local_data: Path) -> None:
    folders = [local_data / "dicom" / name for name in ("odd", "nema_wg04")]
    compared = sum(_check_all_views(path) for folder in folders for path in folder.iterdir())
    assert compared == 19


def _header(**changes: Any) -> XrayHeader:
    return XrayHeader(**{"bits_stored": 12, "default_window": WHOLE, **changes})


def test_closed_form_of_a_full_window() -> None:
    table = display_table(_header(bits_stored=8), Window(128, 256))
    np.testing.assert_array_equal(table[:256], np.arange(256))
    assert (table[256:] == 255).all()


def test_each_inversion_counts_once() -> None:
    plain = display_table(_header(), WHOLE)
    turned = Window(2048, 4096, invert=True)
    first = _header(photometric="MONOCHROME1")
    np.testing.assert_array_equal(display_table(_header(), turned), 255 - plain)
    np.testing.assert_array_equal(display_table(first, WHOLE), 255 - plain)
    np.testing.assert_array_equal(display_table(first, turned), plain)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("invert", [False, True])
def test_padding_stays_black(photometric: str, invert: bool) -> None:
    header = _header(photometric=photometric, padding_range=(4000, 4095))
    table = display_table(header, Window(100, 50, invert=invert))
    assert (table[4000:4096] == 0).all()
    inverted = (photometric == "MONOCHROME1") != invert
    assert table[3999] == (0 if inverted else 255)


def test_eight_bit_luts_of_many_entries_do_not_wrap() -> None:
    """Pydicom 3.0.2 indexes such a table with uint8: silently wrong beyond entry 255."""
    entries = tuple(min(255, i // 4) for i in range(1024))
    header = _header(voi_luts=(LookupTable(0, 8, entries, 255),))
    table = display_table(header, Window(512, 1024, voi_index=0))
    np.testing.assert_array_equal(table[:1024], entries)
    assert (table[1024:] == 255).all()


def test_negative_first_mapped_value() -> None:
    """Numpy 2 lets pydicom fail here for unsigned pixels."""
    entries = tuple(range(256))
    header = _header(voi_luts=(LookupTable(-56, 8, entries, 255),))
    table = display_table(header, Window(72, 256, voi_index=0))
    np.testing.assert_array_equal(table[:200], np.arange(56, 256))


def test_overstated_depth_takes_the_real_maximum() -> None:
    header = _header(voi_luts=(LookupTable(0, 16, tuple(range(1024)), 1023),))
    table = display_table(header, Window(512, 1024, voi_index=0))
    assert table[1023] == 255
    assert table[0] == 0


def test_twelve_bit_modality_lut() -> None:
    """Pydicom asks numpy for a ``uint12`` here."""
    entries = tuple(range(4096))
    header = _header(modality_lut=LookupTable(0, 12, entries, 4095))
    np.testing.assert_array_equal(display_table(header, WHOLE), display_table(_header(), WHOLE))
    assert nominal_range(header) == (0.0, 4095.0)


@pytest.mark.parametrize(("slope", "intercept"), [(0.0, 1.0), (0.0, 0.0), (1e-20, 1000.0)])
def test_a_rescaling_to_one_value_is_refused(slope: float, intercept: float) -> None:
    with pytest.raises(InvalidSettingError, match="rescale slope"):
        display_table(_header(slope=slope, intercept=intercept), WHOLE)


def test_unknown_voi_lut_is_refused() -> None:
    with pytest.raises(InvalidSettingError, match="VOI LUT index"):
        display_table(_header(), Window(0, 1, voi_index=0))


@given(
    center=st.floats(-1e5, 1e5),
    width=st.floats(1, 1e6),
    function=st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
    signed=st.booleans(),
)
def test_levels_never_fall_with_the_value(
    center: float, width: float, function: Any, signed: bool
) -> None:
    table = display_table(_header(bits_stored=16, signed=signed), Window(center, width, function))
    ordered = np.roll(table, 1 << 15) if signed else table
    assert (np.diff(ordered.astype(int)) >= 0).all()


@pytest.mark.parametrize("signed", [False, True])
def test_a_part_of_the_table_is_that_part_of_the_whole(signed: bool) -> None:
    windows = [Window(100, 300), Window(40.5, 80.25, "LINEAR_EXACT"), Window(9, 50, "SIGMOID")]
    header = XrayHeader(
        bits_stored=12,
        signed=signed,
        slope=1.25,
        intercept=-7.0,
        photometric="MONOCHROME1",
        padding_range=(-20, 30),
        default_window=windows[0],
    )
    low, high = (-1500, 2000) if signed else (3, 4000)
    patterns = np.arange(low, high + 1) & 0xFFFF
    for window in windows:
        part, whole = (
            GreyLevels.between(header, low, high).table(window),
            display_table(header, window),
        )
        np.testing.assert_array_equal(part[patterns], whole[patterns])
        part[patterns] = 0
        assert not part.any()
