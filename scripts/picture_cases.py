"""The synthetic radiographs that stand in the pictures of the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pydicom
from scipy import ndimage

from gazecore.study import Study
from gazecore.study.protocol import changed_protocol
from gazecore.synthetic.knees import make_knee, write_dicom

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE_PX = (1100, 900)
PADDING = 0
SMOOTH_PX = 1.5


def make_picture_study(folder: Path, images: Path) -> None:
    """A study of simulated knees in a fixed order: plain, shuttered, padded, without spacing."""
    images.mkdir()
    changes: tuple[Callable[[pydicom.Dataset], None], ...] = (_plain, _shutter, _pad, _unspaced)
    for number, change in enumerate(changes):
        path = images / f"{number}.dcm"
        write_dicom(path, make_knee(7 + number, 1 + number, size_px=SIZE_PX))
        dataset = pydicom.dcmread(path)
        _smooth(dataset)
        change(dataset)
        dataset.save_as(path)
    protocol = changed_protocol(None, {"order.kind": "as_imported", "breaks.every_cases": "0"})
    with Study.create(folder, name="Synthetic knees", protocol=protocol) as study:
        study.import_images([images], simulated=True)
        study.add_reader("reader-1")


def _smooth(dataset: pydicom.Dataset) -> None:
    """Without noise of single pixels, which a small file cannot hold."""
    pixels = ndimage.gaussian_filter(dataset.pixel_array.astype(float), SMOOTH_PX)
    dataset.PixelData = np.round(pixels).astype("<u2").tobytes()


def _plain(dataset: pydicom.Dataset) -> None:
    del dataset


def _shutter(dataset: pydicom.Dataset) -> None:
    dataset.ShutterShape = "CIRCULAR"
    dataset.CenterOfCircularShutter = [SIZE_PX[0] // 2, SIZE_PX[1] // 2]
    dataset.RadiusOfCircularShutter = 420


def _pad(dataset: pydicom.Dataset) -> None:
    """The image lies between two bands that no X-ray reached."""
    pixels = np.maximum(dataset.pixel_array, 1)
    pixels[:, :180] = pixels[:, -180:] = PADDING
    dataset.add_new("PixelPaddingValue", "US", PADDING)
    dataset.PixelData = pixels.astype("<u2").tobytes()


def _unspaced(dataset: pydicom.Dataset) -> None:
    """Nothing says how large a pixel is, and a window that cannot be used comes along."""
    del dataset.ImagerPixelSpacing
    dataset.WindowCenter, dataset.WindowWidth = [1900, 1000], [3200, 0]
