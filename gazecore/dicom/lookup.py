"""Modality and VOI LUTs from DICOM sequences, with pydicom's traps taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.dicom.image import LookupTable
from gazecore.dicom.values import FOREIGN_ERRORS, items, numbers, text, value_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MAX_TABLES = 16


def read_luts(
    dataset: Dataset, keyword: str, *, little_endian: bool, signed: bool
) -> tuple[list[LookupTable | None], list[str]]:
    """The tables of a LUT sequence in file order, None for one that cannot be used, and notes.

    Parameters
    ----------
    dataset : Dataset
        Holds ``ModalityLUTSequence`` or ``VOILUTSequence``, named by `keyword`.
    little_endian : bool
        Byte order of LUT data kept as words (OW).
    signed : bool
        Whether first mapped values below 0 are meant (Pixel Representation 1).
    """
    tables: list[LookupTable | None] = []
    notes: list[str] = []
    voi = keyword.startswith("VOI")
    what = "VOI LUT" if voi else "modality LUT"
    found = items(dataset, keyword)
    if len(found) > MAX_TABLES:
        notes.append(f"{what}s after the first {MAX_TABLES} ignored")
    for index, item in enumerate(found[:MAX_TABLES]):
        table, note = _read_item(item, little_endian=little_endian, signed=signed)
        if table is not None and voi:
            table, note = _to_real_depth(table, note)
        tables.append(table)
        if note:
            notes.append(f"{what} {index + 1}: {note}")
    return tables, notes


def _read_item(
    item: Dataset, *, little_endian: bool, signed: bool
) -> tuple[LookupTable | None, str]:
    descriptor = numbers(item, "LUTDescriptor")
    if len(descriptor) != 3:
        return None, "ignored, its descriptor is incomplete"
    n_entries, first, bits = (int(v) for v in descriptor)
    n_entries = n_entries % (1 << 16) or 1 << 16  # 0 means 65536; SS shows 32768 as negative
    if signed and first >= 1 << 15:
        first -= 1 << 16
    entries = _entries(item, n_entries, bits, little_endian)
    if entries is None or not 1 <= bits <= 16:
        return None, f"ignored, {bits} bits or no data"
    return _table(entries, n_entries, first, bits, text(item, "LUTExplanation"))


def _table(
    entries: npt.NDArray[np.int64], n_entries: int, first: int, bits: int, name: str
) -> tuple[LookupTable, str]:
    note = ""
    if len(entries) < n_entries:
        note = f"has {len(entries)} of {n_entries} entries, the last one is repeated"
        entries = np.concatenate([entries, np.full(n_entries - len(entries), entries[-1])])
    entries = entries[:n_entries]
    nominal, real = 2**bits - 1, int(entries.max())
    if real > nominal:
        note = f"holds values up to {real}, over its {bits} bits; clipped"
        entries = np.minimum(entries, nominal)
    return LookupTable(first, bits, tuple(entries.tolist()), nominal, name), note


def _to_real_depth(table: LookupTable, note: str) -> tuple[LookupTable, str]:
    """White at the table's real maximum where its descriptor overstates it at least twofold.

    Only a VOI LUT's depth reaches the screen: a window cancels that of a modality LUT.
    """
    real = max(table.entries)
    if real == 0 or table.nominal_max + 1 < 2 * (real + 1):
        return table, note
    stated = f"depth overstated: {table.bits} bits for values up to {real}; {real} is shown white"
    return replace(table, nominal_max=real), f"{note}; {stated}" if note else stated


def _entries(
    item: Dataset, n_entries: int, bits: int, little_endian: bool
) -> npt.NDArray[np.int64] | None:
    """LUT data as integers: words, or bytes where 8-bit entries are packed two a word."""
    data = value_of(item, "LUTData")
    if data is None:
        return None
    try:
        if isinstance(data, (bytes, bytearray)):
            packed = bits <= 8 and len(data) < 2 * n_entries
            kind = "u1" if packed else ("<u2" if little_endian else ">u2")
            usable = len(data) - len(data) % np.dtype(kind).itemsize
            found = np.frombuffer(data[:usable], dtype=kind).astype(np.int64)
        else:
            found = np.atleast_1d(np.asarray(data, dtype=np.int64)) & 0xFFFF
    except FOREIGN_ERRORS:
        return None
    return found if found.size else None
