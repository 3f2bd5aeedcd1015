"""Chunks that a damaged or torn integrity chunk still proves, row by row.

A row says where a chunk lies, how long it is and what CRC-32 it has. Such a row that agrees with
the file in all three proves its chunk whatever became of the rows beside it, so a bit flipped in
an integrity chunk, or a cut through it, costs none of the chunks before it.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from gazecore.recording import chunks, integrity

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator

    Data = bytes | mmap.mmap

_COUNT_BYTES = (2, 5)
"""How many bytes the number of rows takes: up to 255 rows, and beyond."""
_TAGS = frozenset(chunks.Tag)


def salvage(data: Data, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Offsets and lengths of the chunks between `start` and `stop` that rows there prove.

    Parameters
    ----------
    data : bytes or mmap
        The whole file.
    start, stop : int
        Bytes that no whole integrity chunk covers; a chunk starts at `start`.
    """
    noted: list[tuple[int, int]] = []
    needles: list[bytes] = []
    at = start
    while at < stop:
        first_row = _first_row(data, at, needles)
        if first_row is not None:
            for k, chunk in enumerate(noted):
                if _holds(data, first_row, k, needles):
                    yield chunk
            at = first_row - integrity.ROW_HEAD_BYTES + (len(noted) + 1) * integrity.ROW_BYTES
            noted, needles = [], []
            continue
        length = _length(data, at, stop)
        if length is None:
            return
        noted.append((at, length))
        crc = zlib.crc32(data[at : at + length])
        needles.append(struct.pack("<qqq", at, length, crc))
        at += length


def _first_row(data: Data, at: int, needles: list[bytes]) -> int | None:
    """Where the rows about these chunks begin if an integrity chunk begins at `at`."""
    for count_bytes in _COUNT_BYTES if needles else ():
        first = at + chunks.HEAD_BYTES + 4 + count_bytes + integrity.ROW_HEAD_BYTES
        if _holds(data, first, 0, needles) or _holds(data, first, len(needles) - 1, needles):
            return first
    return None


def _holds(data: Data, first: int, k: int, needles: list[bytes]) -> bool:
    place = first + k * integrity.ROW_BYTES
    return data[place : place + len(needles[k])] == needles[k]


def _length(data: Data, at: int, stop: int) -> int | None:
    """Length of the chunk that starts at `at`, None if there is none of ours."""
    head = data[at : at + chunks.HEAD_BYTES]
    if len(head) < chunks.HEAD_BYTES or head[0] != 4:
        return None
    size, tag = struct.unpack_from("<IH", head, 1)
    return 5 + size if tag in _TAGS and size >= 2 and at + 5 + size <= stop else None
