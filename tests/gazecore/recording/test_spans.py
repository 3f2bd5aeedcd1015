from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from gazecore.recording import chunks, integrity, spans
from tests.gazecore.recording.material import Written, write_gaze

if TYPE_CHECKING:
    from pathlib import Path


def walk(data: bytes) -> list[tuple[int, int]]:
    """Offsets and lengths of all chunks, in the plainest way."""
    found, at = [], 4
    while at < len(data):
        length = 5 + struct.unpack_from("<I", data, at + 1)[0]
        found.append((at, length))
        at += length
    return found


def test_every_chunk_of_every_kind_is_proven(written: Written) -> None:
    data = written.path.read_bytes()
    layout = spans.lay_out(data)
    assert layout.proven
    assert [(s.offset, s.length) for s in layout.spans] == walk(data)
    assert layout.regions == ()
    assert layout.unverified_bytes == 0


def test_rows_hold_against_a_plain_crc(written: Written) -> None:
    data = written.path.read_bytes()
    rows = [row for proof in integrity.find_proofs(data) for row in proof.rows.tolist()]
    assert [row[0] for row in rows] == list(range(len(rows)))
    assert all(zlib.crc32(data[at : at + length]) == crc for _, at, length, crc in rows)


def test_a_region_says_when_it_was_written(written: Written) -> None:
    data = bytearray(written.path.read_bytes())
    data[(written.flushed[3] + written.flushed[4]) // 2] ^= 1
    (region,) = spans.lay_out(bytes(data)).regions
    assert region.reason == "CRC-32 does not match"
    assert region.from_s is not None
    assert region.to_s is not None
    assert 5100 < region.from_s <= region.to_s < 5101


def test_a_torn_end_is_unverified(tmp_path: Path) -> None:
    written = write_gaze(tmp_path / "torn.xdf", close=False)
    data = written.path.read_bytes()
    proof = list(integrity.find_proofs(data))[-1]
    for end in (written.flushed[-2] + 5, proof.offset, proof.offset + 20):
        layout = spans.lay_out(data[:end])
        assert layout.unverified_bytes == end - written.flushed[-2]
        assert layout.regions == ()
        assert layout.proven_until_s is not None


def test_a_torn_proof_proves_the_chunks_whose_rows_are_whole(tmp_path: Path) -> None:
    written = write_gaze(tmp_path / "torn.xdf", close=False)
    data = written.path.read_bytes()
    proof = list(integrity.find_proofs(data))[-1]
    layout = spans.lay_out(data[:-1])
    assert layout.unverified_bytes == proof.length - 1
    assert [(s.offset, s.length) for s in layout.spans] == walk(data)[:-1]


def test_our_file_cut_before_its_first_proof_proves_nothing(written: Written) -> None:
    data = written.path.read_bytes()
    first = next(integrity.find_proofs(data))
    layout = spans.lay_out(data[: first.offset])
    assert layout.proven
    assert (len(layout.spans), layout.regions) == (0, ())
    assert (layout.unverified_bytes, layout.begun_s) == (first.offset, None)


def test_spans_that_overlap_are_never_both_there() -> None:
    one = spans.Spans.of([spans.Span(4, 10), spans.Span(14, 5)])
    other = spans.Spans.of([spans.Span(10, 6), spans.Span(19, 3)])
    assert [s.offset for s in one.merged(other)] == [4, 14, 19]
    assert [s.length for s in one[1:]] == [5]


def test_a_wrong_mark_at_the_start_is_damage(written: Written) -> None:
    data = b"XDG:" + written.path.read_bytes()[4:]
    (region,) = spans.lay_out(data).regions
    assert (region.offset, region.length) == (0, 4)


def test_zeroed_bytes_are_called_so(written: Written) -> None:
    data = bytearray(written.path.read_bytes())
    start, end = walk(bytes(data))[5][0], walk(bytes(data))[6][0]
    data[start:end] = bytes(end - start)
    (region,) = spans.lay_out(bytes(data)).regions
    assert region.reason == "zeroed"


def foreign() -> bytes:
    parts = [
        chunks.chunk(chunks.Tag.FILE_HEADER, b"<info><version>1.0</version></info>"),
        chunks.boundary_chunk(),
        chunks.chunk(chunks.Tag.FILE_HEADER, b"<info/>"),
    ]
    return chunks.MAGIC + b"".join(parts)


def test_a_foreign_file_is_walked() -> None:
    data = foreign()
    layout = spans.lay_out(data)
    assert not layout.proven
    assert [(s.offset, s.length) for s in layout.spans] == walk(data)


def test_a_foreign_file_is_read_on_from_the_next_boundary() -> None:
    data = foreign()
    at = walk(data)[0][0]
    damaged = data[:at] + b"\x09" + data[at + 1 :]
    layout = spans.lay_out(damaged)
    boundary_end = walk(data)[2][0]
    assert [s.offset for s in layout.spans] == [boundary_end]
    assert [(r.offset, r.length) for r in layout.regions] == [(at, boundary_end - at)]


@pytest.mark.parametrize("cut", [1, 5, 12])
def test_a_cut_foreign_file_loses_its_last_chunk(cut: int) -> None:
    layout = spans.lay_out(foreign()[:-cut])
    assert len(layout.spans) == 2
    assert len(layout.regions) == 1
