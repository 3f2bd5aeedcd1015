from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazecore.recording import chunks, integrity
from gazecore.recording.description import read_description


def rows_of(seal: bytes) -> npt.NDArray[np.int64]:
    """The rows (n, 4), read as any reader of XDF does."""
    content = memoryview(seal)[chunks.HEAD_BYTES + 4 :]
    return np.asarray(chunks.read_numeric_samples(content, np.dtype("<i8"), 4, 0, 0).values)


def sealed(parts: list[bytes], start: int = 4) -> tuple[bytes, integrity.Ledger]:
    ledger, data = integrity.Ledger(), bytes(start)
    for part in parts:
        ledger.note(part, len(data))
        data += part
    return data + ledger.seal(len(data), 12.5), ledger


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=300), st.integers(4, 2**40))
def test_every_row_is_the_plain_crc_of_its_bytes(parts: list[bytes], start: int) -> None:
    ledger, offset, where = integrity.Ledger(), start, []
    for part in parts:
        ledger.note(part, offset)
        where.append((offset, part))
        offset += len(part)
    seal = ledger.seal(offset, 1.0)
    rows = rows_of(seal)
    assert rows[:, 0].tolist() == list(range(len(parts) + 1))
    for row, (at, part) in zip(rows.tolist(), [*where, (offset, seal)], strict=True):
        assert row[1:] == [at, len(part), zlib.crc32(part)]


def test_sequence_goes_on_and_nothing_pends_after_a_seal() -> None:
    _, ledger = sealed([b"one", b"two"])
    assert ledger.pending == 0
    ledger.note(b"three", 400)
    assert ledger.pending == 1
    assert rows_of(ledger.seal(405, 2.0))[:, 0].tolist() == [3, 4]


def test_a_proof_is_found_with_its_time() -> None:
    data, _ = sealed([b"one", b"two"])
    (proof,) = integrity.find_proofs(data)
    assert (proof.offset, proof.offset + proof.length) == (10, len(data))
    assert proof.written_s == 12.5
    np.testing.assert_array_equal(proof.rows[:, 1], [4, 7, 10])


def test_no_single_bit_can_be_flipped_in_a_proof() -> None:
    data, _ = sealed([b"one"])
    (proof,) = integrity.find_proofs(data)
    for bit in range(8 * proof.offset, 8 * len(data)):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        assert not list(integrity.find_proofs(bytes(damaged)))


@pytest.mark.parametrize("cut", [1, 8, 20, 60])
def test_a_cut_proof_is_none(cut: int) -> None:
    data, _ = sealed([b"one"])
    assert not list(integrity.find_proofs(data[:-cut]))


def test_a_proof_at_another_place_is_none() -> None:
    data, _ = sealed([b"one"])
    assert not list(integrity.find_proofs(bytes(4) + data))


def test_proofs_are_found_between_garbage() -> None:
    random = np.random.default_rng(1)
    garbage = random.bytes(1000) + b"\x03\0" + integrity.INTEGRITY_STREAM_ID.to_bytes(4, "little")
    data, _ = sealed([garbage])
    assert len(list(integrity.find_proofs(data))) == 1


def test_its_stream_says_what_it_holds() -> None:
    about = read_description(integrity.header_xml())
    assert about.name == "FocusStation integrity"
    assert (about.labels, about.channel_format) == (integrity.CHANNELS, "int64")
    assert about.nominal_rate_hz == 0
