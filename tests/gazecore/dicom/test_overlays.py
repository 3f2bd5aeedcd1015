"""Overlay planes come as bit layers of their own, wherever the file keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pydicom
import pytest

from gazecore.dicom import open_image
from gazecore.dicom.overlays import GROUPS

if TYPE_CHECKING:
    from pathlib import Path

BITS = np.random.default_rng(4).random((5, 7)) < 0.4


def _plane(bits: Any, group: int = 0x6000, origin: Any = (1, 1), **more: Any) -> Any:
    packed = np.packbits(bits, bitorder="little").tobytes()
    base = group << 16
    elements = {
        base | 0x0010: ("US", bits.shape[-2]),
        base | 0x0011: ("US", bits.shape[-1]),
        base | 0x0040: ("CS", more.get("kind", "G")),
        base | 0x0050: ("SS", list(origin)),
        base | 0x0100: ("US", 1),
        base | 0x0102: ("US", 0),
        base | 0x3000: ("OW", packed + b"\0" * (len(packed) % 2)),
    }
    if bits.ndim == 3:
        elements[base | 0x0015] = ("IS", len(bits))
        elements[base | 0x0051] = ("US", more.get("first", 1))
    return elements


def test_bits_origin_and_kind(make_dicom: Any) -> None:
    planes = {
        **_plane(BITS, origin=(-2, 9)),
        **_plane(~BITS, group=0x601E, kind="R"),
    }
    image = open_image(make_dicom(overlay=planes))
    first, last = image.overlays
    np.testing.assert_array_equal(first.mask, BITS)
    np.testing.assert_array_equal(last.mask, ~BITS)
    assert first.origin_px == (8, -3)
    assert [(p.group, p.kind) for p in image.overlays] == [(0x6000, "G"), (0x601E, "R")]
    assert "2 overlays beside the pixels" in image.warnings


@pytest.mark.parametrize(("bits", "position"), [(12, 12), (12, 15), (10, 11)])
def test_bits_in_the_pixels(make_dicom: Any, bits: int, position: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 1 << bits, BITS.shape).astype(np.uint16)
    planes = _plane(BITS)
    del planes[0x60003000]
    planes[0x60000100], planes[0x60000102] = ("US", 16), ("US", position)
    raw = pixels | (BITS.astype(np.uint16) << position)
    image = open_image(make_dicom(raw, BitsStored=bits, HighBit=bits - 1, overlay=planes))
    np.testing.assert_array_equal(image.stored, pixels)
    np.testing.assert_array_equal(image.overlays[0].mask, BITS)


def test_frames_of_a_plane(make_dicom: Any) -> None:
    frames = np.zeros((4, 6, 8), dtype=np.uint16)
    bits = np.stack([BITS, ~BITS])  # 35 bits a frame: the second begins within a byte
    path = make_dicom(
        frames[0], NumberOfFrames=4, PixelData=frames.tobytes(), overlay=_plane(bits, first=2)
    )
    found = [open_image(path, frame=n).overlays for n in range(4)]
    assert found[0] == found[3] == ()
    np.testing.assert_array_equal(found[1][0].mask, BITS)
    np.testing.assert_array_equal(found[2][0].mask, ~BITS)


@pytest.mark.parametrize(
    ("tag", "vr", "value", "why"),
    [
        (0x60000010, "US", 0, "no size"),
        (0x60000010, "US", 40_000, "more than"),
        (0x60003000, "OW", b"\0\0", "cut short"),
        (0x60000050, "SS", [-32768, 1], ""),
        (0x60000050, "SS", [1], "ignored"),
    ],
)
def test_nonsense_is_ignored_and_said(
    make_dicom: Any, tag: int, vr: str, value: Any, why: str
) -> None:
    image = open_image(make_dicom(overlay={**_plane(BITS), tag: (vr, value)}))
    if why:
        assert image.overlays == ()
        assert why in image.warnings[-1]
        assert image.badges[-1].code == "overlay"
    else:
        assert image.overlays[0].origin_px == (0, -32769)


def test_a_position_without_a_bit_of_its_own(make_dicom: Any) -> None:
    planes = _plane(BITS)
    del planes[0x60003000]
    image = open_image(make_dicom(np.zeros(BITS.shape, np.uint16), overlay=planes))
    assert image.overlays == ()
    assert "nor a bit of its own" in image.warnings[-1]


@pytest.mark.data
@pytest.mark.parametrize("name", ["OutOfBoundsOverlay.dcm", "ovly_p01.dcm"])
def test_real_overlays_equal_pydicom(local_data: Path, name: str) -> None:
    path = local_data / "dicom" / "odd" / name
    dataset, image = pydicom.dcmread(path), open_image(path)
    by_group = {plane.group: plane for plane in image.overlays}
    with_data = [group for group in GROUPS if (group, 0x3000) in dataset]
    assert len(with_data) == 2
    for group in with_data:
        np.testing.assert_array_equal(by_group[group].mask, dataset.overlay_array(group))


@pytest.mark.data
def test_real_overlays_in_the_high_bits(local_data: Path) -> None:
    path = local_data / "dicom" / "odd" / "ovly_p01.dcm"
    raw = np.frombuffer(pydicom.dcmread(path).PixelData, "<u2").reshape(512, 512)
    by_group = {plane.group: plane.mask for plane in open_image(path).overlays}
    assert sorted(by_group) == [0x6000, 0x6002, 0x6004, 0x6006]
    np.testing.assert_array_equal(by_group[0x6000], raw >> 15 & 1)
    np.testing.assert_array_equal(by_group[0x6002], raw >> 14 & 1)
