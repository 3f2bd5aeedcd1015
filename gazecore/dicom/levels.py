"""Grey levels: one table from every 16-bit pattern to what the screen shows, pydicom as oracle."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi, apply_windowing

from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from gazecore.dicom.image import LookupTable, Window, XrayHeader

Table = npt.NDArray[np.uint8]
Values = npt.NDArray[np.int64] | npt.NDArray[np.float64]

_LUT_BITS = 16
"""Depth told to pydicom for every lookup: with 8 it wraps tables of more than 256 entries, and
with 12 its modality LUT asks numpy for a ``uint12``. The true depth sets the output range."""


def display_table(image: XrayHeader, window: Window) -> Table:
    """The grey level of every stored value, (65536,) uint8, indexed by its 16-bit pattern.

    ``level = floor(255 (y - y_min) / (y_max - y_min) + .5)`` with y from pydicom's
    ``apply_modality_lut`` and ``apply_voi`` or ``apply_windowing``, and y_min, y_max its
    nominal output range (PS3.3 C.11.1, C.11.2); then polarity, once; then padding to 0.

    Of a colour image this is the table of its luminance, which is what networks and the measures
    of brightness see; on the screen its colours stand as they are, without a window.

    Raises
    ------
    InvalidSettingError
        No VOI LUT of that index, or a rescaling that makes all values the same.

    Examples
    --------
    >>> from gazecore.dicom.image import Window, XrayHeader
    >>> whole = Window(128, 256)
    >>> header = XrayHeader(bits_stored=8, default_window=whole)
    >>> display_table(header, whole)[[0, 7, 255, 300]].tolist()
    [0, 7, 255, 255]
    """
    return GreyLevels(image, stored_ramp(image)).of(window)


class GreyLevels:
    """The grey levels of some stored values of an image, through one window after another.

    Parameters
    ----------
    image : XrayHeader
        The image.
    ramp : (n,) int64
        Stored values.
    """

    def __init__(self, image: XrayHeader, ramp: npt.NDArray[np.int64]) -> None:
        self._image, self._ramp = image, ramp
        self._values = modality_values(image, ramp)
        self._dataset = _window_dataset(image)

    @classmethod
    def between(cls, image: XrayHeader, low: int, high: int) -> GreyLevels:
        """Those of the stored values from `low` to `high`, both inclusive.

        What an image does not hold need not be computed: for 12 bits a sixteenth of the work.
        """
        return cls(image, np.arange(low, high + 1, dtype=np.int64))

    def of(self, window: Window) -> Table:
        """The level of each stored value, (n,) uint8, as `display_table` says."""
        image = self._image
        y, y_min, y_max = self._presented(window)
        if y_max == y_min:
            raise InvalidSettingError(
                "rescale slope", image.slope, "one that keeps the stored values apart"
            )
        levels = np.floor(255 * (y - y_min) / (y_max - y_min) + 0.5)
        table = np.clip(levels, 0, 255).astype(np.uint8)
        if (image.photometric == "MONOCHROME1") != window.invert:
            np.subtract(255, table, out=table)
        if image.padding_range is not None:
            table[is_padding(image, self._ramp)] = 0
        return table

    def table(self, window: Window) -> Table:
        """The same by the 16-bit pattern, (65536,) uint8; 0 for what is not among the values."""
        table = np.zeros(1 << 16, dtype=np.uint8)
        table[self._ramp & 0xFFFF] = self.of(window)
        return table

    def _presented(self, window: Window) -> tuple[Values, float, float]:
        """Values after the VOI step, and the nominal range they lie in."""
        if window.voi_index is None:
            y = _windowed(self._dataset, self._values, window)
            return y, *nominal_range(self._image)
        return _through_lut(self._image, self._values, window.voi_index)


def stored_ramp(image: XrayHeader) -> npt.NDArray[np.int64]:
    """The stored value of each 16-bit pattern, (65536,)."""
    patterns = np.arange(1 << 16, dtype=np.uint16)
    return (patterns.view(np.int16) if image.signed else patterns).astype(np.int64)


def is_padding(
    image: XrayHeader, ramp: npt.NDArray[np.int64] | None = None
) -> npt.NDArray[np.bool_]:
    """Which stored values stand for no image; by default of the 65,536 patterns."""
    ramp = stored_ramp(image) if ramp is None else ramp
    if image.padding_range is None:
        return np.zeros(len(ramp), dtype=np.bool_)
    low, high = image.padding_range
    return (ramp >= low) & (ramp <= high)


def modality_values(image: XrayHeader, ramp: npt.NDArray[np.int64] | None = None) -> Values:
    """The modality value of each stored value; int64 where no rescaling applies.

    By default of the 65,536 patterns.
    """
    ramp = stored_ramp(image) if ramp is None else ramp
    dataset = Dataset()
    if image.modality_lut is not None:
        dataset.ModalityLUTSequence = [_lut_item(image.modality_lut, _LUT_BITS)]
        return apply_modality_lut(ramp, dataset).astype(np.int64)
    if image.slope is not None:
        _set_rescale(dataset, image)
    return apply_modality_lut(ramp, dataset)


def _through_lut(image: XrayHeader, values: Values, voi_index: int) -> tuple[Values, float, float]:
    if not 0 <= voi_index < len(image.voi_luts):
        raise InvalidSettingError("VOI LUT index", voi_index, f"0 to {len(image.voi_luts) - 1}")
    lut = image.voi_luts[voi_index]
    dataset = Dataset()
    dataset.VOILUTSequence = [_lut_item(lut, _LUT_BITS)]
    # Beyond its last entry a table repeats it; clipping first keeps pydicom's uint16 from wrapping
    within = np.clip(values, lut.first_mapped - 1, lut.first_mapped + len(lut.entries) - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rescaled values are floats; truncated as pydicom does
        y = apply_voi(within, dataset)
    return y.astype(np.float64), 0.0, float(lut.nominal_max)


def _window_dataset(image: XrayHeader) -> Dataset:
    """What pydicom's windowing wants to know of an image, but for the window."""
    dataset = Dataset()
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsStored = image.bits_stored
    dataset.PixelRepresentation = int(image.signed)
    if image.modality_lut is not None:
        dataset.ModalityLUTSequence = [_lut_item(image.modality_lut, image.modality_lut.bits)]
    elif image.slope is not None:
        _set_rescale(dataset, image)
    return dataset


def _windowed(dataset: Dataset, values: Values, window: Window) -> Values:
    # as pydicom reads them from a file: DS values that compute as float
    dataset.add_new("WindowCenter", "FD", window.center)
    dataset.add_new("WindowWidth", "FD", window.width)
    dataset.VOILUTFunction = window.function
    with np.errstate(over="ignore"):  # exp of a far tail: the limit, 0, is right
        return apply_windowing(values, dataset)


def nominal_range(image: XrayHeader) -> tuple[float, float]:
    """The range of modality values that pydicom takes as its output range, (y_min, y_max)."""
    if image.modality_lut is not None:
        return 0.0, float(2**image.modality_lut.bits - 1)
    y_min = -(2 ** (image.bits_stored - 1)) if image.signed else 0
    y_max = y_min + 2**image.bits_stored - 1
    if image.slope is not None and image.intercept is not None:
        return y_min * image.slope + image.intercept, y_max * image.slope + image.intercept
    return float(y_min), float(y_max)


def _set_rescale(dataset: Dataset, image: XrayHeader) -> None:
    dataset.add_new("RescaleSlope", "FD", image.slope)
    dataset.add_new("RescaleIntercept", "FD", image.intercept)


def _lut_item(lut: LookupTable, bits: int) -> Dataset:
    """A LUT sequence item for pydicom: values as US, so that byte order plays no part."""
    item = Dataset()
    # SL holds 65536 entries and a negative first value alike
    item.add_new("LUTDescriptor", "SL", [len(lut.entries), lut.first_mapped, bits])
    item.add_new("LUTData", "US", list(lut.entries))
    return item
