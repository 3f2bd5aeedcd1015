"""imagecodecs as a decoding plugin of pydicom: exact, releases the interpreter lock.

Before a frame is decoded its code-stream's size is held against the header: a 1,440-byte
JPEG 2000 can decode to 2 GB under a header that says 64 x 64.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
from pydicom import uid
from pydicom.pixels.decoders.base import get_decoder

from gazecore.dicom.code_stream import check_end, check_work, read_size
from gazecore.dicom.process_limits import THREADS
from gazecore.dicom.run_lengths import decode_run_lengths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.pixels.decoders.base import DecodeRunner

NAME = "imagecodecs"
_JPEG_LS = (uid.JPEGLSLossless, uid.JPEGLSNearLossless)
_JPEG_2000 = (uid.JPEG2000Lossless, uid.JPEG2000)
_HTJ2K = (uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K)
_JPEG = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLossless, uid.JPEGLosslessSV1)
SYNTAXES = (*_JPEG, *_JPEG_LS, *_JPEG_2000, *_HTJ2K, uid.RLELossless)
_LOSSY = (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless, uid.JPEG2000)

DECODER_DEPENDENCIES = dict.fromkeys(SYNTAXES, ("imagecodecs",))


def is_available(syntax: str) -> bool:
    """Whether this plugin decodes a transfer syntax."""
    return syntax in SYNTAXES


def register() -> None:
    """Make the plugin known to pydicom; harmless when repeated. Not thread-safe, as pydicom's."""
    for syntax in SYNTAXES:
        decoder = get_decoder(syntax)
        if NAME not in decoder.available_plugins:
            decoder.add_plugin(NAME, (__name__, "decode_frame"))


def decode_frame(source: bytes, runner: DecodeRunner) -> bytes:
    """Decode one frame, as pydicom's plugins do."""
    if runner.transfer_syntax == uid.RLELossless:
        return _unpacked(source, runner)
    _check_stream(source, runner)
    samples = _decode(source, runner)
    if samples.dtype.itemsize not in (1, 2):
        raise ValueError(f"decoded samples are {samples.dtype}")
    if runner.transfer_syntax in _LOSSY and samples.dtype.kind == "u":
        # overshoot of lossy coding is clipped; masking would turn white into black
        samples = np.minimum(samples, (1 << runner.bits_stored) - 1).astype(samples.dtype)
    if runner.pixel_representation == 1 and samples.dtype.kind == "u":
        samples = _sign_extended(samples, runner.bits_stored)
    runner.set_option("bits_allocated", 8 * samples.dtype.itemsize)
    if samples.ndim == 3:
        runner.set_option("planar_configuration", 0)
        if runner.photometric_interpretation in ("YBR_ICT", "YBR_RCT"):
            runner.set_option("photometric_interpretation", "RGB")
    return samples.tobytes()


def _check_stream(source: bytes, runner: DecodeRunner) -> None:
    """Refuse a code-stream that contradicts its header, is cut short or is endless work."""
    size = read_size(source)
    if size is None:
        raise ValueError("the code-stream states no size")
    if (size.width_px, size.height_px) != (runner.columns, runner.rows):
        raise ValueError(
            f"the code-stream holds {size.width_px} x {size.height_px} pixels, "
            f"the header says {runner.columns} x {runner.rows}"
        )
    if size.components != runner.samples_per_pixel or size.bits > 16:
        raise ValueError(f"the code-stream holds {size.components} channels of {size.bits} bits")
    check_work(source, size)
    if runner.transfer_syntax not in _JPEG_2000:  # its codec notices by itself
        check_end(source)


def _unpacked(source: bytes, runner: DecodeRunner) -> bytes:
    runner.set_option("planar_configuration", 1)
    n_pixels, n_bytes = runner.rows * runner.columns, runner.bits_allocated // 8
    return decode_run_lengths(source, n_pixels, runner.samples_per_pixel, n_bytes)


def _sign_extended(samples: np.ndarray, bits_stored: int) -> np.ndarray:
    """Two's complement of the bits stored, as JPEG and JPEG-LS carry it (PS3.5 8.2), made whole."""
    signed = samples.view(f"i{samples.dtype.itemsize}")
    unused = 8 * samples.dtype.itemsize - bits_stored
    return np.asarray((signed << unused) >> unused) if unused > 0 else signed


@contextlib.contextmanager
def _nothing_lost() -> Iterator[None]:
    """Raise what a codec lets fall: it would print the error and hand out pixels it never wrote."""
    fallen: list[BaseException] = []
    before = sys.unraisablehook, sys.excepthook
    sys.unraisablehook = lambda what: fallen.append(what.exc_value or RuntimeError())
    sys.excepthook = lambda *_: None  # Cython has it printed first
    try:
        yield
    finally:
        sys.unraisablehook, sys.excepthook = before
    if fallen:
        raise ValueError("damaged within its pixels") from fallen[0]


def _decode(source: bytes, runner: DecodeRunner) -> np.ndarray:
    syntax = runner.transfer_syntax
    if syntax in _JPEG_LS:
        return np.asarray(imagecodecs.jpegls_decode(source))
    if syntax in _HTJ2K:
        with _nothing_lost():
            return np.asarray(imagecodecs.htj2k_decode(source))
    if syntax in _JPEG_2000:
        return np.asarray(imagecodecs.jpeg2k_decode(source, numthreads=THREADS))
    if runner.samples_per_pixel == 1:
        return np.asarray(imagecodecs.jpeg_decode(source))
    # stored values, untouched: pydicom converts the colour space that the header names
    space = "RGB" if runner.photometric_interpretation == "RGB" else "YCBCR"
    return np.asarray(imagecodecs.jpeg8_decode(source, colorspace=space, outcolorspace=space))
