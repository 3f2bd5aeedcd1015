"""The stream ``FocusStation integrity``: a row (sequence, offset, length, CRC-32) for every chunk.

Rows are ordinary int64 samples, so that any XDF reader opens the file. The last row of each
integrity chunk is about that chunk itself: its CRC-32 is chosen so that the chunk which
contains it has just this CRC-32. CRC-32 is affine over GF(2), so the value is the solution of
32 linear equations. Thus every byte after the file's magic is covered, with no end left over,
and a chunk proves itself wherever it is found.
"""

from __future__ import annotations

import functools
import operator
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.recording import chunks

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator

INTEGRITY_STREAM_ID = 0x46534931
"""Fixed, so that integrity chunks can be searched for in a damaged file."""
CHANNELS = ("sequence", "offset", "length", "crc32")
_SIGNATURE = struct.pack("<HI", chunks.Tag.SAMPLES, INTEGRITY_STREAM_ID)
ROW_HEAD_BYTES = 9 + 8
"""Bytes of a row before its offset: its time and the sequence number."""
ROW_BYTES = 9 + 8 * len(CHANNELS)
_ROW = struct.Struct("<Bd4q")
_AFTER_CRC = b"\0\0\0\0"


@dataclass(frozen=True, slots=True)
class Proof:
    """An integrity chunk that proves itself: where it is, when it was written, its rows (n, 4)."""

    offset: int
    length: int
    written_s: float
    rows: npt.NDArray[np.int64]


class Ledger:
    """Notes each chunk as it is written and seals what it noted into integrity chunks."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, int, int, int]] = []
        self._sequence = 0

    @property
    def pending(self) -> int:
        """How many chunks are noted and not yet sealed."""
        return len(self._rows)

    def note(self, chunk: bytes, offset: int) -> None:
        """Note a chunk that will stand at `offset` in the file."""
        self._append(offset, len(chunk), zlib.crc32(chunk))

    def seal(self, offset: int, written_s: float) -> bytes:
        """The integrity chunk for all chunks noted since the last one, and for itself.

        Parameters
        ----------
        offset : int
            Where the chunk will stand in the file.
        written_s : float
            Time of its rows, on the recorder's LSL clock.
        """
        self._append(offset, _chunk_bytes(len(self._rows) + 1), 0)
        rows = [_ROW.pack(8, written_s, *row) for row in self._rows]
        self._rows.clear()
        content = b"".join([chunks.count_bytes(len(rows)), *rows])
        chunk = chunks.stream_chunk(chunks.Tag.SAMPLES, INTEGRITY_STREAM_ID, content)
        crc = _fixed_point(zlib.crc32(chunk))
        return chunk[:-8] + struct.pack("<I", crc) + _AFTER_CRC

    def _append(self, offset: int, length: int, crc: int) -> None:
        self._rows.append((self._sequence, offset, length, crc))
        self._sequence += 1


def header_xml() -> str:
    """The stream header of the integrity stream."""
    channels = "".join(f"<channel><label>{name}</label></channel>" for name in CHANNELS)
    return (
        '<?xml version="1.0"?><info><name>FocusStation integrity</name><type>Integrity</type>'
        f"<channel_count>{len(CHANNELS)}</channel_count><nominal_srate>0</nominal_srate>"
        "<channel_format>int64</channel_format><source_id></source_id>"
        f"<desc><channels>{channels}</channels></desc></info>"
    )


def find_proofs(data: bytes | mmap.mmap) -> Iterator[Proof]:
    """All integrity chunks in a file's bytes that prove themselves, in order of their place.

    Found by their signature alone, so damage elsewhere hides none of them.
    """
    at = data.find(_SIGNATURE)
    while at >= 0:
        proof = read_proof(data, at - 5)
        if proof is not None:
            yield proof
            at = data.find(_SIGNATURE, proof.offset + proof.length)
        else:
            at = data.find(_SIGNATURE, at + 1)


def read_proof(data: bytes | mmap.mmap, offset: int) -> Proof | None:
    """The integrity chunk that starts at `offset`, None unless it is whole and proves itself."""
    if offset < len(chunks.MAGIC) or len(data) < offset + chunks.HEAD_BYTES or data[offset] != 4:
        return None
    length = 5 + struct.unpack_from("<I", data, offset + 1)[0]
    count_at = offset + chunks.HEAD_BYTES + 4
    if not _is_plausible(data[count_at : count_at + 5], length):
        return None
    chunk = data[offset : offset + length]
    if len(chunk) < length or int.from_bytes(chunk[-8:], "little") != zlib.crc32(chunk):
        return None
    samples = _samples_of(chunk)
    rows = np.asarray(samples.values, dtype=np.int64)
    if tuple(rows[-1, 1:3]) != (offset, length):
        return None
    return Proof(offset, length, float(samples.t_s[-1]), rows)


def _is_plausible(count: bytes, length: int) -> bool:
    """Whether a chunk of this length can hold just the rows that its count announces."""
    try:
        rows, _ = chunks.read_varlen(memoryview(count), 0)
    except chunks.ContentError:
        return False
    return rows > 0 and length == _chunk_bytes(rows)


def checksums_of(chunk: bytes) -> dict[tuple[int, int], int]:
    """CRC-32 by (offset, length) as an integrity chunk's rows say, not checked.

    Raises
    ------
    chunks.ContentError
        The chunk does not follow the format.
    """
    content = memoryview(chunk)[chunks.HEAD_BYTES + 4 :]
    rows, at = chunks.read_varlen(content, 0)
    if len(content) - at != rows * ROW_BYTES:
        raise chunks.ContentError(f"{rows} rows in {len(content) - at} bytes")
    return {row[3:5]: row[5] for row in _ROW.iter_unpack(content[at:])}


def _samples_of(chunk: bytes) -> chunks.Samples:
    content = memoryview(chunk)[chunks.HEAD_BYTES + 4 :]
    return chunks.read_numeric_samples(content, np.dtype("<i8"), len(CHANNELS), 0, 0)


def _chunk_bytes(rows: int) -> int:
    count_bytes = 2 if rows < 256 else 5
    return chunks.HEAD_BYTES + 4 + count_bytes + rows * ROW_BYTES


def _fixed_point(crc_with_zero: int) -> int:
    """The value c for which a chunk ending in (c, four zero bytes) has the CRC-32 c.

    `crc_with_zero` is the CRC-32 with c = 0. With L the linear part of CRC-32 over the four
    bytes of c and the four after it: crc(c) = crc(0) + L c, so c = (L + 1)^-1 crc(0).
    """
    first, second, third, fourth = _tables()
    return (
        first[crc_with_zero & 255]
        ^ second[crc_with_zero >> 8 & 255]
        ^ third[crc_with_zero >> 16 & 255]
        ^ fourth[crc_with_zero >> 24]
    )


@functools.cache
def _tables() -> tuple[tuple[int, ...], ...]:
    """What each value of each of the four bytes adds to the solution."""
    columns = _inverse()
    return tuple(
        tuple(
            functools.reduce(
                operator.xor, (columns[8 * byte + bit] for bit in range(8) if value >> bit & 1), 0
            )
            for value in range(256)
        )
        for byte in range(4)
    )


@functools.cache
def _inverse() -> tuple[int, ...]:
    """Columns of (L + 1)^-1 over GF(2), each a 32-bit word, by Gauss-Jordan elimination."""
    zero = zlib.crc32(bytes(4) + _AFTER_CRC)
    # Each pair holds a column of L + 1 and the combination of unit vectors that made it.
    pairs = [
        [zlib.crc32((1 << i).to_bytes(4, "little") + _AFTER_CRC) ^ zero ^ (1 << i), 1 << i]
        for i in range(32)
    ]
    for bit in range(32):
        pivot = next(i for i in range(bit, 32) if pairs[i][0] >> bit & 1)
        pairs[bit], pairs[pivot] = pairs[pivot], pairs[bit]
        for i in range(32):
            if i != bit and pairs[i][0] >> bit & 1:
                pairs[i][0] ^= pairs[bit][0]
                pairs[i][1] ^= pairs[bit][1]
    return tuple(combination for _, combination in pairs)
