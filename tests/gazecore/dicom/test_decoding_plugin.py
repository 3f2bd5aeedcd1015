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

from gazecore.dicom import decoding_plugin

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
    assert not decoding_plugin.is_available(uid.RLELossless)
