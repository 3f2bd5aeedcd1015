"""DICOM files made for each test, and the real ones that come with packages."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

if TYPE_CHECKING:
    from collections.abc import Callable


class MakeDicom(Protocol):
    """Writes a DICOM file of given pixels and elements and returns its path."""

    def __call__(
        self, pixels: npt.NDArray[Any] | None = None, name: str = "image.dcm", **elements: Any
    ) -> Path: ...


@pytest.fixture
def ramp_pixels() -> npt.NDArray[np.uint16]:
    """Every 16-bit pattern once, 256 x 256."""
    return np.arange(1 << 16, dtype=np.uint16).reshape(256, 256)


@pytest.fixture
def lut_item() -> Callable[..., Dataset]:
    """Makes an item of a LUT sequence."""

    def make(entries: list[int], first: int, bits: int, name: str = "") -> Dataset:
        item = Dataset()
        item.add_new("LUTDescriptor", "US" if first >= 0 else "SS", [len(entries), first, bits])
        item.LUTExplanation = name
        item.add_new("LUTData", "US", entries)
        return item

    return make


@pytest.fixture
def make_dicom(tmp_path: Path) -> MakeDicom:
    """Writes a small valid DICOM file; keyword elements replace or, as None, remove.

    Elements without a keyword come as `overlay`, VR and value by tag.
    """

    def make(
        pixels: npt.NDArray[Any] | None = None, name: str = "image.dcm", **elements: Any
    ) -> Path:
        shown = np.arange(48, dtype=np.uint16).reshape(6, 8) * 80 if pixels is None else pixels
        dataset = _dataset(shown)
        for tag, (vr, value) in elements.pop("overlay", {}).items():
            dataset.add_new(tag, vr, value)
        for keyword, value in elements.items():
            if value is None:
                delattr(dataset, keyword)
            elif isinstance(value, tuple):
                dataset.add_new(keyword, *value)
            else:
                setattr(dataset, keyword, value)
        path = tmp_path / name
        pydicom.dcmwrite(path, dataset, enforce_file_format=True)
        return path

    def make_quietly(
        pixels: npt.NDArray[Any] | None = None, name: str = "image.dcm", **elements: Any
    ) -> Path:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some values are wrong on purpose
            return make(pixels, name, **elements)

    return make_quietly


def _dataset(pixels: npt.NDArray[Any]) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID = "2.25.7"
    dataset.Modality = "DX"
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = pixels.shape[2] if pixels.ndim == 3 else 1
    dataset.PhotometricInterpretation = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    bits = 8 * pixels.dtype.itemsize
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    data = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<")).tobytes()
    dataset.add_new("PixelData", "OW" if bits == 16 else "OB", data + b"\0" * (len(data) % 2))
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


@pytest.fixture(scope="session")
def radiographs() -> list[Path]:
    """The real radiographs RG1 and RG3 of pydicom-data, in each of their codings."""
    store = pytest.importorskip("data_store", reason="pydicom-data is not installed")
    root = Path(os.fspath(store.__file__)).parent / "data"
    found = sorted(root.rglob("RG[13]_*.dcm"))
    assert len(found) == 8
    return found
