"""DICOM files: recognised, checked by their header, and only then decoded."""

from __future__ import annotations

import io
import warnings
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from gazecore.dicom import decoding_plugin, limits
from gazecore.dicom.auto_window import percentile_window
from gazecore.dicom.badges import badges_of
from gazecore.dicom.dicom_header import read_header
from gazecore.dicom.functional_groups import bring_up
from gazecore.dicom.gray import Channels, split_channels, to_stored
from gazecore.dicom.image import Window, XrayHeader, XrayImage
from gazecore.dicom.overlays import read_overlays
from gazecore.dicom.palette import apply_palette
from gazecore.dicom.pixel_layout import PixelLayout, read_layout
from gazecore.dicom.values import FOREIGN_ERRORS
from gazecore.errors import DamagedFileError, NotAnImageError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from pydicom.dataset import FileDataset

_PREAMBLE_BYTES = 132
_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00")


def looks_like_dicom(start: bytes) -> bool:
    """Whether bytes begin a DICOM file: with its prefix, or without but with its first group."""
    if start[128:_PREAMBLE_BYTES] == b"DICM":
        return True
    return start[:2] in _FIRST_GROUPS and len(start) >= 8 and start[3] == 0


def open_dicom(path: Path, frame: int = 0) -> XrayImage:
    """Open one frame of a DICOM file; sizes are checked before anything is decoded."""
    with warnings.catch_warnings():
        # pydicom's remarks may quote patient data; ours are in XrayImage.badges
        warnings.simplefilter("ignore")
        dataset = _parse(path)
        layout = read_layout(path, dataset, frame)
        samples = _decode(path, dataset, layout)
        bring_up(dataset, frame)
        header = read_header(dataset, layout)
        overlays, notes = read_overlays(
            dataset, layout, lambda: _decode(path, dataset, layout, high_bits=True)
        )
        channels, bits = _channels(path, samples, layout, dataset)
    stored = to_stored(channels.gray)
    if layout.is_color:
        header = _unwindowed(header, bits, is_color=channels.colors is not None)
    elif not header.windows:
        header = replace(header, default_window=percentile_window(header, stored))
    badges = (*header.badges, *badges_of("overlay", notes), *channels.badges)
    header = replace(header, overlays=overlays, badges=badges)
    return XrayImage.from_header(header, stored, channels.colors)


def _unwindowed(header: XrayHeader, bits: int, *, is_color: bool) -> XrayHeader:
    """Of pixels that came as colours, be they only greys: shown as they are."""
    full = Window(float(1 << (bits - 1)), float(1 << bits), frame=header.frame)
    return replace(header, bits_stored=bits, signed=False, is_color=is_color, default_window=full)


def _parse(path: Path) -> FileDataset:
    data = path.read_bytes()
    try:
        _check_deflated(path, data)
        dataset = pydicom.dcmread(io.BytesIO(data), force=True)
        _name_transfer_syntax(dataset)
        has_pixels = "PixelData" in dataset
        is_empty = has_pixels and not dataset.PixelData
    except FOREIGN_ERRORS as error:
        raise DamagedFileError(path, f"its DICOM structure is broken ({_short(error)})") from error
    if not has_pixels:
        floats = "FloatPixelData" in dataset or "DoubleFloatPixelData" in dataset
        if floats:
            raise UnsupportedImageError(path, "floating-point pixels; up to 16 bits can be shown")
        raise NotAnImageError(path, "DICOM without pixel data")
    if is_empty:
        raise DamagedFileError(path, "its pixel data are empty")
    return dataset


def _check_deflated(path: Path, data: bytes) -> None:
    """Inflate a deflated data set in bounded memory, only to learn its size."""
    start = io.BytesIO(data)
    if data[128:_PREAMBLE_BYTES] != b"DICM":
        return
    start.seek(_PREAMBLE_BYTES)
    meta = pydicom.filereader.read_dataset(
        start,
        is_implicit_VR=False,
        is_little_endian=True,
        stop_when=lambda tag, _vr, _length: tag.group != 2,
    )
    if meta.get("TransferSyntaxUID") != DeflatedExplicitVRLittleEndian:
        return
    inflater, rest, total = zlib.decompressobj(-zlib.MAX_WBITS), data[start.tell() :], 0
    while rest and not inflater.eof:
        total += len(inflater.decompress(rest, 1 << 20))
        rest = inflater.unconsumed_tail
        if total > limits.MAX_INFLATED_BYTES:
            raise UnsupportedImageError(
                path, f"deflated data grows beyond {limits.MAX_INFLATED_BYTES} bytes"
            )


def _name_transfer_syntax(dataset: FileDataset) -> None:
    """Give a file without file meta the transfer syntax it was read by (PS3.10 7.1)."""
    if dataset.file_meta.get("TransferSyntaxUID"):
        return
    implicit, little = dataset.original_encoding
    plain = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    dataset.file_meta.TransferSyntaxUID = plain if little else ExplicitVRBigEndian


def _decode(
    path: Path, dataset: FileDataset, layout: PixelLayout, *, high_bits: bool = False
) -> npt.NDArray[Any]:
    decoding_plugin.register()
    plugin = decoding_plugin.NAME if decoding_plugin.is_available(layout.transfer_syntax) else ""
    try:
        return pixel_array(
            dataset,
            index=layout.frame,
            decoding_plugin=plugin,
            # overlays and vendors' notes live in the high bits; lossy frames are clipped instead
            correct_unused_bits=not high_bits,
        )
    except FOREIGN_ERRORS as error:
        name = UID(layout.transfer_syntax).name
        raise DamagedFileError(
            path, f"its pixels cannot be decoded ({name}: {_short(error)})"
        ) from error


def _channels(
    path: Path, samples: npt.NDArray[Any], layout: PixelLayout, dataset: FileDataset
) -> tuple[Channels, int]:
    """The channels of decoded samples, and their depth in bits."""
    if samples.shape[:2] != (layout.rows, layout.columns) or samples.ndim > 3:
        raise DamagedFileError(path, f"decoded to {samples.shape}, not what its header says")
    if samples.dtype.kind not in "iu" or samples.dtype.itemsize > 2:
        if samples.dtype.kind not in "iu" or np.abs(samples).max() >> 16:
            raise UnsupportedImageError(path, f"decoded to {samples.dtype}")
        samples = samples.astype(np.int16 if layout.signed else np.uint16)
    bits = layout.bits_stored
    if layout.is_palette:
        limits.check_colors(path, layout.columns, layout.rows)
        samples, bits = apply_palette(path, samples, dataset)
    channels = split_channels(samples, bits)
    if channels.colors is not None:
        limits.check_colors(path, layout.columns, layout.rows)
    return channels, bits


def _short(error: BaseException) -> str:
    """The kind of an error of pydicom, and its text where that holds no value of the file."""
    cause = error.args[0] if error.args and isinstance(error.args[0], str) else ""
    first = " ".join(cause.split())
    first = first.rpartition("all available plugins: ")[2][:160]
    return f"{type(error).__name__}: {first}" if first.isascii() and first else type(error).__name__
