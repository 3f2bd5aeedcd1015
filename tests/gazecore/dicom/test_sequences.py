"""Sequences that no image has are refused with the reason; those of long films are not."""

from __future__ import annotations

from typing import Any

import pydicom
import pytest

from gazecore.dicom import dicom_parsing, open_image
from gazecore.dicom.sequences import check_sequences
from gazecore.errors import UnsupportedImageError

TAG = bytes.fromhex("08004011 53510000")
ITEM, OPEN_ITEM = bytes.fromhex("feff00e0 00000000"), bytes.fromhex("feff00e0 ffffffff")
ENDS = bytes.fromhex("feff0de0 00000000 feffdde0 00000000")
OPEN = b"\xff" * 4


def _nested(depth: int) -> bytes:
    """The value of a sequence of stated lengths that nests so deep; pydicom cannot write it."""
    value = b""
    for _ in range(depth):
        inner = TAG + len(value).to_bytes(4, "little") + value if value else b""
        value = ITEM[:4] + len(inner).to_bytes(4, "little") + inner
    return value


def _patched(make_dicom: Any, value: bytes, length: bytes | None = None) -> Any:
    path = make_dicom(ReferencedImageSequence=[])
    data, empty = path.read_bytes(), TAG + bytes(4)
    assert data.count(empty) == 1
    stated = len(value).to_bytes(4, "little") if length is None else length
    path.write_bytes(data.replace(empty, TAG + stated + value))
    return path


@pytest.mark.parametrize("depth", [33, 100, 240])
def test_depth_of_stated_length(make_dicom: Any, depth: int) -> None:
    with pytest.raises(UnsupportedImageError, match="nested more than 32 deep"):
        open_image(_patched(make_dicom, _nested(depth)))


@pytest.mark.parametrize(
    ("depth", "closed"), [(40, True), (240, True), (240, False), (3000, False)]
)
def test_depth_of_undefined_length(make_dicom: Any, depth: int, closed: bool) -> None:
    value = (OPEN_ITEM + TAG + OPEN) * depth
    value += (ENDS[8:] + ENDS * depth) * closed
    with pytest.raises(UnsupportedImageError, match="nested more than 32 deep"):
        open_image(_patched(make_dicom, value, OPEN))


def test_depth_within_the_bound(make_dicom: Any) -> None:
    for depth in (1, 31):
        assert open_image(_patched(make_dicom, _nested(depth))).width_px == 8


def test_items(make_dicom: Any) -> None:
    assert open_image(_patched(make_dicom, ITEM * 5000)).width_px == 8
    with pytest.raises(UnsupportedImageError, match="more than 100000 items"):
        open_image(_patched(make_dicom, ITEM * 100_001))


def test_items_of_undefined_length(make_dicom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """These pydicom parses at once, whether anybody wants them or not."""
    path = _patched(make_dicom, ITEM * 3000 + ENDS[8:], OPEN)
    assert open_image(path).width_px == 8
    monkeypatch.setattr(dicom_parsing, "_MOST_READS", 2000)
    with pytest.raises(UnsupportedImageError, match="more than 2000 pieces to read"):
        open_image(path)


def test_few_items_are_not_parsed(make_dicom: Any) -> None:
    path = _patched(make_dicom, _nested(5))
    dataset = pydicom.dcmread(path)
    check_sequences(path, dataset)
    assert dataset.get_item("ReferencedImageSequence").is_raw
