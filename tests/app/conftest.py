"""What tests of the station share: small images on disk, a study of them, a decoder."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import numpy.typing as npt
import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from gazecore.dicom.decoder import Decoder
from gazecore.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

needs_training = pytest.mark.skipif(
    find_spec("torch") is None, reason="the extra 'training' is not installed here"
)
needs_validator = pytest.mark.skipif(
    find_spec("bids_validator_deno") is None, reason="the extra 'demo' is not installed here"
)


def gray_image(seed: int, size_px: tuple[int, int] = (240, 180)) -> npt.NDArray[np.uint8]:
    """A dim image of smooth blobs, (h, w) uint8."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : size_px[0], 0 : size_px[1]]
    image = np.full(size_px, 20.0)
    for _ in range(6):
        cx, cy = rng.uniform(0, size_px[1]), rng.uniform(0, size_px[0])
        image += 40 * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * 15.0**2))
    levels: npt.NDArray[np.uint8] = np.clip(image, 0, 120).astype(np.uint8)
    return levels


def write_png(path: Path, image: npt.NDArray[np.uint8]) -> Path:
    """Write an 8-bit image as PNG."""
    path.write_bytes(imagecodecs.png_encode(image))
    return path


def write_frames(path: Path, frames: int) -> Path:
    """Write a DICOM file of 12-bit frames (40, 30), each with a window of its own."""
    stored = np.random.default_rng(9).integers(0, 4096, (frames, 40, 30)).astype(np.uint16)
    dataset = Dataset()
    dataset.SOPClassUID = DigitalXRayImageStorageForPresentation
    dataset.SOPInstanceUID, dataset.Modality = "2.25.8", "DX"
    dataset.Rows, dataset.Columns = stored.shape[1:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset.PixelRepresentation, dataset.NumberOfFrames = 0, frames
    groups = []
    for frame in range(frames):
        window, group = Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth = str(1000 + 100 * frame), "2000"
        group.FrameVOILUTSequence = [window]
        groups.append(group)
    dataset.PerFrameFunctionalGroupsSequence = groups
    dataset.add_new("PixelData", "OW", stored.tobytes())
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    pydicom.dcmwrite(path, dataset, enforce_file_format=True)
    return path


@pytest.fixture
def small_study(tmp_path: Path) -> Iterator[Study]:
    """A study of three small simulated images with one reader, read as imported."""
    images = tmp_path / "images"
    images.mkdir()
    for number in range(3):
        write_png(images / f"{number}.png", gray_image(number))
    with Study.create(tmp_path / "study", name="Small study") as study:
        study.import_images([images], simulated=True)
        study.add_reader("reader-1")
        yield study


@pytest.fixture(scope="session")
def shared_decoder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Decoder]:
    """One decoder for all tests of a run, its process already started."""
    decoder = Decoder()
    first = write_png(tmp_path_factory.mktemp("decoder") / "first.png", gray_image(0))
    decoder.request(first).result(timeout=60)
    yield decoder
    decoder.close()
