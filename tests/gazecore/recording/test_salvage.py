from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gazecore.recording import integrity
from gazecore.recording.salvage import salvage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gazecore.recording.material import Written


def walk(data: bytes, at: int, stop: int) -> list[tuple[int, int]]:
    found = []
    while at < stop:
        length = 5 + struct.unpack_from("<I", data, at + 1)[0]
        found.append((at, length))
        at += length
    return found


@pytest.fixture
def flush(written: Written) -> tuple[bytes, int, integrity.Proof, list[tuple[int, int]]]:
    """The file, where its third flush starts, that flush's proof, the chunks before the proof."""
    data = written.path.read_bytes()
    start = written.flushed[1]
    proof = next(p for p in integrity.find_proofs(data) if p.offset > start)
    return data, start, proof, walk(data, start, proof.offset)


Flush = tuple[bytes, int, integrity.Proof, list[tuple[int, int]]]


def test_any_bit_flipped_in_a_proof_costs_at_most_the_chunk_of_its_row(flush: Flush) -> None:
    data, start, proof, chunks = flush
    stop = proof.offset + proof.length
    assert len(chunks) == 5
    for byte in range(proof.offset, stop):
        damaged = bytearray(data)
        damaged[byte] ^= 4
        found = list(salvage(bytes(damaged), start, stop))
        assert set(found) <= set(chunks)
        assert len(found) >= len(chunks) - 1


def test_a_proof_cut_short_proves_the_chunks_whose_rows_are_there(flush: Flush) -> None:
    data, start, proof, chunks = flush
    rows_at = proof.offset + 13
    for whole_rows in range(1, len(chunks) + 1):
        end = rows_at + whole_rows * integrity.ROW_BYTES
        assert list(salvage(data[:end], start, end)) == chunks[:whole_rows]


def test_a_changed_chunk_is_never_salvaged(flush: Flush) -> None:
    data, start, proof, chunks = flush
    damaged = bytearray(data)
    damaged[proof.offset + 3] ^= 1
    for offset, length in chunks:
        changed = bytearray(damaged)
        changed[offset + length - 1] ^= 1
        found = list(salvage(bytes(changed), start, proof.offset + proof.length))
        assert found == [chunk for chunk in chunks if chunk[0] != offset]


def test_a_flush_at_another_place_is_never_salvaged(flush: Flush) -> None:
    data, start, proof, _ = flush
    moved = data[:start] + bytes(8) + data[start:]
    stop = proof.offset + proof.length
    assert list(salvage(moved, start + 8, stop + 8)) == []


def test_several_flushes_in_a_row(written: Written) -> None:
    data = bytearray(written.path.read_bytes())
    proofs = list(integrity.find_proofs(bytes(data)))[1:4]
    for proof in proofs:
        data[proof.offset + 12] ^= 255
    start, stop = written.flushed[0], written.flushed[3]
    found = list(salvage(bytes(data), start, stop))
    expected = walk(written.path.read_bytes(), start, stop)
    assert found == [c for c in expected if c[0] not in {p.offset for p in proofs}]


def test_hundreds_of_chunks_in_one_flush(tmp_path: Path) -> None:
    from gazecore.recording.writer import XdfWriter

    writer = XdfWriter(tmp_path / "many.xdf", lambda: 1.0)
    writer.flush()
    start = writer.bytes_written
    writer.add_stream(1, "<info><channel_count>1</channel_count></info>")
    for k in range(400):
        writer.add_numeric(1, np.array([float(k)]), np.array([[float(k)]]))
    writer.flush()
    stop = writer.bytes_written
    writer.abandon()
    data = bytearray((tmp_path / "many.xdf").read_bytes())
    *chunks, (proof, _) = walk(bytes(data), start, stop)
    data[proof + 5] ^= 1
    assert list(salvage(bytes(data), start, stop)) == chunks


def test_noise_proves_nothing() -> None:
    random = np.random.default_rng(1)
    for _ in range(20):
        data = random.bytes(3000)
        assert list(salvage(data, 4, len(data))) == []
    assert list(salvage(bytes(3000), 4, 3000)) == []
