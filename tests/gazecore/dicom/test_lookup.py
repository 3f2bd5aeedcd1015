"""LUT sequences, sane and insane."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset

from gazecore.dicom import LookupTable, Window, XrayHeader, display_table
from gazecore.dicom.lookup import read_luts


def _read(
    descriptor: list[int] | None, data: Any, vr: str = "US", *, keyword: str = "VOILUTSequence",
    signed: bool = False,
) -> tuple[LookupTable | None, list[str]]:  # fmt: skip
    item = Dataset()
    if descriptor is not None:
        item.add_new("LUTDescriptor", "SL", descriptor)
    if data is not None:
        item.add_new("LUTData", vr, data)
    dataset = Dataset()
    setattr(dataset, keyword, [item])
    (table,), notes = read_luts(dataset, keyword, little_endian=True, signed=signed)
    return table, notes


def test_plain_table() -> None:
    table, notes = _read([4, 2, 10], [0, 1, 2, 1023])
    assert table == LookupTable(2, 10, (0, 1, 2, 1023), 1023)
    assert notes == []


def test_zero_entries_mean_65536() -> None:
    table, _ = _read([0, 0, 16], list(range(65536)))
    assert table is not None
    assert len(table.entries) == 65536
    assert table.entries[-1] == 65535


def test_first_mapped_is_signed_with_signed_pixels() -> None:
    table, _ = _read([2, 65436, 8], [0, 255], signed=True)
    assert table is not None
    assert table.first_mapped == -100
    table, _ = _read([2, 65436, 8], [0, 255])
    assert table is not None
    assert table.first_mapped == 65436


def test_a_table_that_ends_beyond_the_last_value() -> None:
    """Entries no value reaches are never shown; those before stand where they should."""
    table, _ = _read([1000, 65000, 8], [n % 256 for n in range(1000)])
    assert table is not None
    header = XrayHeader(bits_stored=16, default_window=Window(1, 2), voi_luts=(table,))
    levels = display_table(header, Window(1, 2, voi_index=0))
    assert levels[[0, 65000, 65001, 65535]].tolist() == [0, 0, 1, 535 % 256]


@pytest.mark.parametrize("tail", [b"\x07", b"\x07\x09\x0b", bytes(64)])
def test_odd_lengths_and_trailing_bytes_of_a_table(tail: bytes) -> None:
    words, _ = _read([3, 0, 16], bytes([1, 0, 2, 0, 255, 0]) + tail, "OW")
    assert words is not None
    assert words.entries == (1, 2, 255)


def test_words_and_packed_bytes() -> None:
    words, _ = _read([3, 0, 8], bytes([1, 0, 2, 0, 255, 0]), "OW")
    packed, _ = _read([4, 0, 8], bytes([1, 2, 255, 0]), "OW")
    assert words is not None
    assert packed is not None
    assert words.entries == (1, 2, 255)
    assert packed.entries == (1, 2, 255, 0)


def test_short_tables_repeat_their_last_entry() -> None:
    table, notes = _read([5, 0, 8], [3, 255])
    assert table is not None
    assert table.entries == (3, 255, 255, 255, 255)
    assert "2 of 5" in notes[0]


def test_values_over_the_depth_are_clipped() -> None:
    table, notes = _read([3, 0, 8], [0, 300, 255])
    assert table is not None
    assert table.entries == (0, 255, 255)
    assert "clipped" in notes[0]


@pytest.mark.parametrize(("real", "nominal"), [(32766, 32766), (32767, 32767), (32768, 65535)])
def test_depth_overstated_twofold_and_just_not(real: int, nominal: int) -> None:
    table, notes = _read([2, 0, 16], [0, real])
    assert table is not None
    assert table.nominal_max == nominal
    assert bool(notes) == (nominal == real)


def test_modality_luts_keep_their_stated_depth() -> None:
    table, notes = _read([2, 0, 16], [0, 100], keyword="ModalityLUTSequence")
    assert table is not None
    assert table.nominal_max == 65535
    assert notes == []


@pytest.mark.parametrize(
    ("descriptor", "data"),
    [(None, [1]), ([2, 0], [1]), ([2, 0, 8], None), ([2, 0, 0], [1, 2]), ([2, 0, 17], [1, 2])],
)
def test_unusable_tables_are_left_out_and_named(descriptor: Any, data: Any) -> None:
    table, notes = _read(descriptor, data)
    assert table is None
    assert "VOI LUT 1: ignored" in notes[0]
