"""Where the chunks of a file are: by their proofs, or by walking from one to the next."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.recording import chunks, integrity
from gazecore.recording.model import DamagedRegion

if TYPE_CHECKING:
    import mmap

    Data = bytes | mmap.mmap


@dataclass(frozen=True, slots=True)
class Span:
    """A whole chunk in a file, length and tag included."""

    offset: int
    length: int
    written_s: float | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The chunks of a file that may be read, and the rest.

    `proven`: every span was checked against its CRC-32; else no proofs exist.
    """

    proven: bool
    spans: tuple[Span, ...]
    regions: tuple[DamagedRegion, ...]
    unverified_bytes: int


def lay_out(data: Data) -> Layout:
    """Find the chunks of a file, proven ones alone if it carries proofs."""
    proofs = list(integrity.find_proofs(data))
    if proofs:
        return _proven(data, proofs)
    layout = _walk(data)
    if any(_is_ours(data, span) for span in layout.spans):
        return Layout(True, (), (), len(data))
    return layout


def _proven(data: Data, proofs: list[integrity.Proof]) -> Layout:
    sound: list[Span] = []
    for proof in proofs:
        for _, offset, length, crc in proof.rows.tolist():
            if length > 0 and 0 <= offset <= proof.offset and _crc(data, offset, length) == crc:
                sound.append(Span(offset, length, proof.written_s))
    sound.sort(key=lambda span: span.offset)
    end = max(proof.offset + proof.length for proof in proofs)
    regions = _uncovered(data, sound, end)
    if data[: len(chunks.MAGIC)] != chunks.MAGIC:
        regions.insert(0, DamagedRegion(0, len(chunks.MAGIC), "the file's mark is wrong"))
    return Layout(True, tuple(sound), tuple(regions), len(data) - end)


def _uncovered(data: Data, sound: list[Span], end: int) -> list[DamagedRegion]:
    regions = []
    at, before_s = len(chunks.MAGIC), None
    for span in [*sound, Span(end, 0)]:
        if span.offset > at:
            reason = "zeroed" if not any(data[at : span.offset]) else "CRC-32 does not match"
            regions.append(DamagedRegion(at, span.offset - at, reason, before_s, span.written_s))
        at, before_s = max(at, span.offset + span.length), span.written_s
    return regions


def _crc(data: Data, offset: int, length: int) -> int:
    return zlib.crc32(data[offset : offset + length])


def _is_ours(data: Data, span: Span) -> bool:
    """Whether this chunk is the header of an integrity stream."""
    head = data[span.offset : span.offset + chunks.HEAD_BYTES + 4]
    wanted = struct.pack("<HI", chunks.Tag.STREAM_HEADER, integrity.INTEGRITY_STREAM_ID)
    return head[5:] == wanted


def _walk(data: Data) -> Layout:
    """Go from chunk to chunk by their lengths; after damage, on from the next boundary."""
    spans: list[Span] = []
    regions: list[DamagedRegion] = []
    at = len(chunks.MAGIC)
    while at < len(data):
        length = _chunk_length(data, at)
        if length is not None:
            spans.append(Span(at, length))
            at += length
            continue
        boundary = data.find(chunks.BOUNDARY, at)
        after = len(data) if boundary < 0 else boundary + len(chunks.BOUNDARY)
        regions.append(DamagedRegion(at, after - at, "no chunk starts here"))
        at = after
    return Layout(False, tuple(spans), tuple(regions), 0)


def _chunk_length(data: Data, at: int) -> int | None:
    """Length of the chunk at `at` with its head, None if no whole chunk starts there."""
    head = memoryview(data[at : at + 11])
    try:
        size, used = chunks.read_varlen(head, 0)
    except chunks.ContentError:
        return None
    length = used + size
    tag = int.from_bytes(head[used : used + 2], "little")
    known = tag in tuple(chunks.Tag)
    return length if known and size >= 2 and at + length <= len(data) else None
