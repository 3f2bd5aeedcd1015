"""DICOM files: recognised, checked by their header, and only then decoded."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import as_pixel_options
from pydicom.uid import UID

from gazecore.dicom import decoding_plugin, limits
from gazecore.dicom.auto_window import percentile_window
from gazecore.dicom.badges import badges_of
from gazecore.dicom.dicom_header import read_header
from gazecore.dicom.dicom_parsing import BoundedFile, parse
from gazecore.dicom.functional_groups import bring_up
from gazecore.dicom.gray import Channels, split_channels, to_stored
from gazecore.dicom.image import Window, XrayHeader, XrayImage
from gazecore.dicom.overlays import read_overlays
from gazecore.dicom.palette import apply_palette
from gazecore.dicom.pixel_layout import PixelLayout, read_layout
from gazecore.dicom.reasons import reason_of
from gazecore.dicom.values import FOREIGN_ERRORS
from gazecore.errors import DamagedFileError, UnsupportedImageError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from pydicom.dataset import FileDataset

    from gazecore.dicom.dicom_parsing import PixelSource

_PREAMBLE_BYTES = 132
_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00")


def looks_like_dicom(start: bytes) -> bool:
    """Whether bytes begin a DICOM file: with its prefix, or without but with its first group."""
    if start[128:_PREAMBLE_BYTES] == b"DICM":
        return True
    return start[:2] in _FIRST_GROUPS and len(start) >= 8 and start[3] == 0


def open_dicom(path: Path, frame: int = 0) -> XrayImage:
    """Open one frame of a DICOM file; sizes are checked before anything is decoded."""
    with warnings.catch_warnings(), BoundedFile(path) as stream:
        # pydicom's remarks may quote patient data; ours are in XrayImage.badges
        warnings.simplefilter("ignore")
        dataset, pixels = parse(path, stream)
        layout = read_layout(path, dataset, frame)
        samples = _decode(path, dataset, pixels, layout)
        bring_up(dataset, frame)
        header = read_header(dataset, layout)
        overlays, notes = read_overlays(
            dataset, layout, lambda: _decode(path, dataset, pixels, layout, high_bits=True)
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


def _decode(
    path: Path,
    dataset: FileDataset,
    pixels: PixelSource,
    layout: PixelLayout,
    *,
    high_bits: bool = False,
) -> npt.NDArray[Any]:
    """One frame, read from where it lies in the file."""
    decoding_plugin.register()
    syntax = UID(layout.transfer_syntax)
    _check_length(path, pixels, layout)
    whole_words = layout.bits_stored == layout.bits_allocated
    try:
        decoder = get_decoder(syntax)
        pixels.stream.seek(pixels.at)
        decoded, _ = decoder.as_array(
            pixels.stream,
            index=layout.frame,
            decoding_plugin=decoding_plugin.NAME if decoding_plugin.is_available(syntax) else "",
            # overlays and vendors' notes live in the high bits; lossy frames are clipped instead
            **as_pixel_options(
                dataset,
                correct_unused_bits=not high_bits and not layout.shift_bits,
                view_only=whole_words and not syntax.is_encapsulated,
                pixel_keyword="PixelData",
                pixel_vr=pixels.vr,
            ),
        )
    except FOREIGN_ERRORS as error:
        raise DamagedFileError(
            path, f"its pixels cannot be decoded ({syntax.name}: {reason_of(error)})"
        ) from error
    return _brought_down(path, decoded, layout, high_bits) if layout.shift_bits else decoded


def _brought_down(
    path: Path, words: npt.NDArray[Any], layout: PixelLayout, high_bits: bool
) -> npt.NDArray[Any]:
    """The values of words that hold them some bits up; or the words without, for overlays.

    A wrong high bit would make other values of them: only empty bits below prove the right one.
    """
    patterns = words.view(f"u{words.dtype.itemsize}")
    if (patterns & ((1 << layout.shift_bits) - 1)).any():
        raise UnsupportedImageError(
            path,
            f"high bit {layout.bits_stored + layout.shift_bits - 1} for {layout.bits_stored} "
            "bits stored, with bits in use below them",
        )
    above = layout.bits_allocated - layout.bits_stored - layout.shift_bits
    if high_bits:
        held = ((1 << layout.bits_stored) - 1) << layout.shift_bits
        return patterns & ((1 << layout.bits_allocated) - 1 - held)
    return (words << above) >> (above + layout.shift_bits)


def _check_length(path: Path, pixels: PixelSource, layout: PixelLayout) -> None:
    """Refuse native pixels cut short before any memory is taken for them."""
    if UID(layout.transfer_syntax).is_encapsulated:
        return
    # chroma halved along the row: two bytes for three (PS3.3 C.7.6.3.1.2)
    per_pixel = 2 if layout.photometric == "YBR_FULL_422" else layout.samples
    frame_bytes = layout.rows * layout.columns * per_pixel * layout.bits_allocated // 8
    asked = frame_bytes * layout.frames
    if pixels.n_bytes < asked:
        raise DamagedFileError(
            path, f"{pixels.n_bytes} bytes of pixels, its header asks for {asked}"
        )


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
