"""Where the chunks of a file are: by their proofs, or by walking from one to the next."""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from gazecore.recording import chunks, integrity
from gazecore.recording.model import DamagedRegion
from gazecore.recording.salvage import salvage

if TYPE_CHECKING:
    import mmap

    import numpy.typing as npt

    Data = bytes | mmap.mmap

_TAGS = frozenset(chunks.Tag)
_BLOCK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Span:
    """A whole chunk in a file, length and tag included; NaN where the time is not known."""

    offset: int
    length: int
    written_s: float = float("nan")


class Spans(Sequence[Span]):
    """Many spans in little room, in the order of the file.

    Parameters
    ----------
    offset, length : (n,) int64
        Bytes.
    written_s : (n,) float64
        When each was written, on the recorder's clock.
    """

    def __init__(
        self,
        offset: npt.NDArray[np.int64],
        length: npt.NDArray[np.int64],
        written_s: npt.NDArray[np.float64],
    ) -> None:
        self.offset = offset
        self.length = length
        self.written_s = written_s

    @classmethod
    def of(cls, spans: Sequence[Span]) -> Spans:
        """Gather single spans."""
        return cls(
            np.array([s.offset for s in spans], dtype=np.int64),
            np.array([s.length for s in spans], dtype=np.int64),
            np.array([s.written_s for s in spans], dtype=np.float64),
        )

    def __len__(self) -> int:
        return len(self.offset)

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> Spans: ...
    def __getitem__(self, index: int | slice) -> Span | Spans:
        if isinstance(index, slice):
            return Spans(self.offset[index], self.length[index], self.written_s[index])
        return Span(int(self.offset[index]), int(self.length[index]), float(self.written_s[index]))

    def merged(self, other: Spans) -> Spans:
        """Both, in the order of the file; of two that overlap the first stays."""
        offset = np.concatenate([self.offset, other.offset])
        order = np.argsort(offset, kind="stable")
        offset = offset[order]
        length = np.concatenate([self.length, other.length])[order]
        written_s = np.concatenate([self.written_s, other.written_s])[order]
        apart = _apart(offset, length)
        return Spans(offset[apart], length[apart], written_s[apart])


@dataclass(frozen=True, slots=True)
class Layout:
    """The chunks of a file that may be read, and the rest.

    Attributes
    ----------
    proven : bool
        Every span was checked against its CRC-32; else no proofs exist.
    spans : Spans
    regions : tuple of DamagedRegion
        Bytes before the last proof that nothing proves.
    unverified_bytes : int
        Bytes after the last proof.
    begun_s, proven_until_s : float or None
        When (recorder's clock) the first and the last proof were written.
    """

    proven: bool
    spans: Spans
    regions: tuple[DamagedRegion, ...]
    unverified_bytes: int
    begun_s: float | None = None
    proven_until_s: float | None = None


def lay_out(data: Data) -> Layout:
    """Find the chunks of a file, proven ones alone if it carries proofs."""
    sound, end, times_s = _proven_spans(data)
    if not len(sound):
        walked = _walk(data)
        if not any(_is_ours(data, span) for span in walked.spans):
            return walked
    salvaged = _salvaged(data, sound)
    spans = sound.merged(salvaged)
    if len(salvaged):
        last = salvaged[-1]
        end = max(end, last.offset + last.length)
    regions = _uncovered(data, spans, end)
    if len(data) and data[: len(chunks.MAGIC)] != chunks.MAGIC:
        regions.insert(0, DamagedRegion(0, len(chunks.MAGIC), "the file's mark is wrong"))
    begun_s, until_s = (times_s[0], times_s[-1]) if times_s else (None, None)
    return Layout(True, spans, tuple(regions), len(data) - end, begun_s, until_s)


def _proven_spans(data: Data) -> tuple[Spans, int, tuple[float, ...]]:
    """Chunks that whole proofs prove, where the last proof ends, when first and last were made."""
    offsets, lengths, written = array("q"), array("q"), array("d")
    end, first_s, last_s = 0, 0.0, 0.0
    with memoryview(data) as view:
        for proof in integrity.find_proofs(data):
            for _, offset, length, crc in proof.rows.tolist():
                if length <= 0 or not 0 <= offset <= proof.offset:
                    continue
                if offset == proof.offset or _crc(view, offset, length) == crc:
                    offsets.append(offset)
                    lengths.append(length)
                    written.append(proof.written_s)
            first_s = proof.written_s if not end else first_s
            end, last_s = proof.offset + proof.length, proof.written_s
    spans = Spans(
        np.array(offsets, dtype=np.int64),
        np.array(lengths, dtype=np.int64),
        np.array(written, dtype=np.float64),
    )
    none = Spans.of(())
    return spans.merged(none), end, (first_s, last_s) if end else ()


def _salvaged(data: Data, sound: Spans) -> Spans:
    """What is proven by single rows between and after the chunks that are proven already."""
    starts = np.concatenate([[len(chunks.MAGIC)], sound.offset + sound.length])
    stops = np.concatenate([sound.offset, [len(data)]])
    before_s = np.concatenate([[np.nan], sound.written_s])
    found = [
        Span(offset, length, float(before_s[k]))
        for k in np.flatnonzero(stops > starts)
        for offset, length in salvage(data, int(starts[k]), int(stops[k]))
    ]
    return Spans.of(found)


def _uncovered(data: Data, sound: Spans, end: int) -> list[DamagedRegion]:
    starts = np.concatenate([[len(chunks.MAGIC)], sound.offset + sound.length])
    stops = np.concatenate([sound.offset, [end]])
    times_s = np.concatenate([[np.nan], sound.written_s, [np.nan]])
    regions = []
    for k in np.flatnonzero(stops > starts):
        start, stop = int(starts[k]), int(stops[k])
        reason = "zeroed" if _is_zero(data, start, stop) else "CRC-32 does not match"
        from_s, to_s = _known(times_s[k]), _known(times_s[k + 1])
        regions.append(DamagedRegion(start, stop - start, reason, from_s, to_s))
    return regions


def _is_zero(data: Data, start: int, stop: int) -> bool:
    blocks = range(start, stop, _BLOCK_BYTES)
    return not any(data[at : min(at + _BLOCK_BYTES, stop)].strip(b"\0") for at in blocks)


def _apart(offset: npt.NDArray[np.int64], length: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which spans, sorted by offset, begin after the end of the last one that stays."""
    apart = np.ones(len(offset), dtype=np.bool_)
    if (offset[1:] >= offset[:-1] + length[:-1]).all():
        return apart
    end = 0
    for k, (at, size) in enumerate(zip(offset.tolist(), length.tolist(), strict=True)):
        apart[k] = at >= end
        end = at + size if apart[k] else end
    return apart


def _known(time_s: float) -> float | None:
    return None if np.isnan(time_s) else float(time_s)


def _crc(view: memoryview, offset: int, length: int) -> int:
    return zlib.crc32(view[offset : offset + length])


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
    return Layout(False, Spans.of(spans), tuple(regions), 0)


def _chunk_length(data: Data, at: int) -> int | None:
    """Length of the chunk at `at` with its head, None if no whole chunk starts there."""
    head = memoryview(data[at : at + 11])
    try:
        size, used = chunks.read_varlen(head, 0)
    except chunks.ContentError:
        return None
    length = used + size
    tag = int.from_bytes(head[used : used + 2], "little")
    return length if tag in _TAGS and size >= 2 and at + length <= len(data) else None
