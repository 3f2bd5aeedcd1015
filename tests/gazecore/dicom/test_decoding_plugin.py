"""The plugin decodes what pydicom hands it and refuses what contradicts the header."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pydicom.config
import pytest
from pydicom import uid
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import pixel_array

from gazecore.dicom import decoding_plugin, open_image
from gazecore.errors import DamagedFileError

DEEP = np.random.default_rng(1).integers(0, 4096, (24, 32)).astype(np.uint16)
SHALLOW = (DEEP >> 4).astype(np.uint8)


def _dataset(path: Any, stream: Any, syntax: str) -> Any:
    dataset = pydicom.dcmread(path)
    dataset.PixelData = encapsulate([bytes(stream)])
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = uid.UID(syntax)
    return dataset


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [
        (uid.JPEG2000Lossless, lambda a: imagecodecs.jpeg2k_encode(a, codecformat="J2K", level=0)),
        (uid.JPEGLSLossless, imagecodecs.jpegls_encode),
        (uid.JPEGLosslessSV1, imagecodecs.ljpeg_encode),
    ],
)
@pytest.mark.parametrize("pixels", [DEEP, SHALLOW], ids=["12 bit", "8 bit"])
def test_lossless_round_trip(make_dicom: Any, syntax: Any, encode: Any, pixels: Any) -> None:
    decoding_plugin.register()
    bits = 12 if pixels is DEEP else 8
    path = make_dicom(pixels, BitsStored=bits, HighBit=bits - 1)
    dataset = _dataset(path, encode(pixels), syntax)
    found = pixel_array(dataset, decoding_plugin=decoding_plugin.NAME)
    np.testing.assert_array_equal(found, pixels)


def _j2k(pixels: Any) -> Any:
    return imagecodecs.jpeg2k_encode(pixels, codecformat="J2K", level=0)


def _lossless_jpeg(pixels: Any) -> Any:
    bits = 12 if pixels.dtype == np.uint16 else 8
    return imagecodecs.jpeg8_encode(pixels, lossless=True, bitspersample=bits)


def _lossy_jpeg(pixels: Any) -> Any:
    bits = 12 if pixels.dtype == np.uint16 else 8
    return imagecodecs.jpeg8_encode(pixels, level=100, bitspersample=bits)


SMOOTH = np.add.outer(np.arange(24) * 90, np.arange(32) * 60).astype(np.uint16)
EVERY_SYNTAX: dict[str, tuple[Any, Any, int]] = {
    uid.JPEGBaseline8Bit: (_lossy_jpeg, (SMOOTH >> 4).astype(np.uint8), 1),
    uid.JPEGExtended12Bit: (_lossy_jpeg, SMOOTH, 1),
    uid.JPEGLossless: (_lossless_jpeg, DEEP, 0),
    uid.JPEGLosslessSV1: (_lossless_jpeg, DEEP, 0),
    uid.JPEGLSLossless: (imagecodecs.jpegls_encode, DEEP, 0),
    uid.JPEGLSNearLossless: (lambda a: imagecodecs.jpegls_encode(a, level=3), DEEP, 3),
    uid.JPEG2000Lossless: (_j2k, DEEP, 0),
    uid.JPEG2000: (lambda a: imagecodecs.jpeg2k_encode(a, codecformat="J2K", level=90), SMOOTH, 9),
    uid.HTJ2KLossless: (imagecodecs.htj2k_encode, DEEP, 0),
    uid.HTJ2KLosslessRPCL: (imagecodecs.htj2k_encode, DEEP, 0),
    uid.HTJ2K: (imagecodecs.htj2k_encode, DEEP, 0),
}


@pytest.mark.parametrize("syntax", list(EVERY_SYNTAX), ids=lambda s: uid.UID(s).keyword)
def test_every_syntax_opens_to_the_values_coded(make_dicom: Any, syntax: Any) -> None:
    assert {*EVERY_SYNTAX, uid.RLELossless} == set(decoding_plugin.SYNTAXES)
    encode, pixels, most = EVERY_SYNTAX[syntax]
    bits = 12 if pixels.dtype == np.uint16 else 8
    path = make_dicom(pixels, BitsStored=bits, HighBit=bits - 1)
    _dataset(path, encode(pixels), syntax).save_as(path)
    image = open_image(path)
    assert image.transfer_syntax == syntax
    assert np.abs(image.stored.astype(int) - pixels).max() <= most


@pytest.mark.parametrize(
    ("syntax", "encode"),
    [
        (uid.JPEGLSLossless, imagecodecs.jpegls_encode),
        (uid.JPEGLosslessSV1, _lossless_jpeg),
        (uid.JPEG2000Lossless, _j2k),
    ],
)
@pytest.mark.parametrize("bits", [12, 16])
def test_signed_values(make_dicom: Any, syntax: Any, encode: Any, bits: int) -> None:
    """JPEG and JPEG-LS know no sign: they carry two's complement of the bits stored."""
    signed = DEEP.astype(np.int16) - 2048
    path = make_dicom(signed, BitsStored=bits, HighBit=bits - 1)
    coded = signed.view(np.uint16) & ((1 << bits) - 1)
    if encode is _lossless_jpeg:
        stream = imagecodecs.jpeg8_encode(coded, lossless=True, bitspersample=bits)
    else:
        stream = encode(coded)
    _dataset(path, stream, syntax).save_as(path)
    np.testing.assert_array_equal(open_image(path).stored, signed)


def test_signed_jpeg_2000(make_dicom: Any) -> None:
    signed = DEEP.astype(np.int16) - 2048
    path = make_dicom(signed, BitsStored=12, HighBit=11)
    _dataset(path, _j2k(signed), uid.JPEG2000Lossless).save_as(path)
    np.testing.assert_array_equal(open_image(path).stored, signed)


@pytest.mark.parametrize("bits", [12, 16])
def test_a_code_stream_of_the_other_sign(make_dicom: Any, bits: int) -> None:
    """The header rules: a stream that says signed holds the same bits (PS3.5 8.2.4)."""
    path = make_dicom(DEEP, BitsStored=bits, HighBit=bits - 1)
    signed = (DEEP << 4).astype(np.int16) >> 4
    stream = imagecodecs.jpeg2k_encode(signed, codecformat="J2K", level=0, bitspersample=bits)
    _dataset(path, stream, uid.JPEG2000Lossless).save_as(path)
    stored = open_image(path).stored
    assert stored.dtype == np.uint16
    np.testing.assert_array_equal(stored & 0xFFF, DEEP)
    if bits == 12:
        np.testing.assert_array_equal(stored, DEEP)


@pytest.mark.parametrize("stored", [10, 12, 14, 16])
@pytest.mark.parametrize(
    ("syntax", "encode"),
    [(uid.JPEGLosslessSV1, _lossless_jpeg), (uid.JPEGLSLossless, imagecodecs.jpegls_encode)],
)
def test_bits_stored_that_differ_from_the_code_stream(
    make_dicom: Any, stored: int, syntax: Any, encode: Any
) -> None:
    """Bits above the bits stored belong to overlays, not to values (PS3.5 8.1.1); as pydicom."""
    path = make_dicom(DEEP, BitsStored=stored, HighBit=stored - 1)
    dataset = _dataset(path, encode(DEEP), syntax)
    dataset.save_as(path)
    np.testing.assert_array_equal(open_image(path).stored, DEEP & ((1 << stored) - 1))


@pytest.mark.parametrize("syntax", list(EVERY_SYNTAX), ids=lambda s: uid.UID(s).keyword)
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99])
def test_a_code_stream_cut_short_is_refused(make_dicom: Any, syntax: Any, kept: float) -> None:
    """Codecs fill up what they miss with grey or noise, which no reader should take for bone."""
    encode, pixels, _ = EVERY_SYNTAX[syntax]
    bits = 12 if pixels.dtype == np.uint16 else 8
    path, stream = make_dicom(pixels, BitsStored=bits, HighBit=bits - 1), bytes(encode(pixels))
    _dataset(path, stream[: int(kept * len(stream))], syntax).save_as(path)
    with pytest.raises(DamagedFileError):
        open_image(path)


def test_htj2k_damaged_within_is_refused(make_dicom: Any, capfd: Any) -> None:
    path, stream = make_dicom(DEEP, BitsStored=12, HighBit=11), imagecodecs.htj2k_encode(DEEP)
    refused = 0
    for at in range(len(stream) // 3, len(stream) - 2, 97):
        spoilt = bytearray(stream)
        spoilt[at : at + 3] = b"\xff\x00\xff"
        _dataset(path, spoilt, uid.HTJ2KLossless).save_as(path)
        try:
            open_image(path)
        except DamagedFileError:
            refused += 1
    assert refused
    assert "Exception ignored" not in capfd.readouterr().err


def test_lossy_overshoot_is_clipped_not_masked(make_dicom: Any) -> None:
    decoding_plugin.register()
    pixels = np.full((16, 16), 120, dtype=np.uint8)
    dataset = _dataset(
        make_dicom(pixels, BitsStored=6, HighBit=5),
        imagecodecs.jpeg8_encode(pixels, level=100),
        uid.JPEGBaseline8Bit,
    )
    found = pixel_array(dataset, decoding_plugin=decoding_plugin.NAME)
    assert (found == 63).all()


@pytest.mark.parametrize("shape", [(24, 31), (240, 320)])
def test_contradicting_size_is_refused_before_decoding(make_dicom: Any, shape: Any) -> None:
    decoding_plugin.register()
    stream = imagecodecs.jpegls_encode(np.zeros(shape, np.uint16))
    dataset = _dataset(make_dicom(DEEP), stream, uid.JPEGLSLossless)
    with pytest.raises(RuntimeError, match="the header says 32 x 24"):
        pixel_array(dataset, decoding_plugin=decoding_plugin.NAME)


def test_registering_twice_changes_nothing() -> None:
    decoding_plugin.register()
    plugins = get_decoder(uid.JPEG2000).available_plugins
    decoding_plugin.register()
    assert get_decoder(uid.JPEG2000).available_plugins == plugins
    assert plugins.count(decoding_plugin.NAME) == 1


def test_availability() -> None:
    assert decoding_plugin.is_available(uid.JPEG2000)
    assert not decoding_plugin.is_available(uid.ExplicitVRLittleEndian)
