from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.recording.verification import Verifier

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gazecore.recording.material import Written


def test_a_whole_file_is_verified(written: Written) -> None:
    verifier = Verifier(written.path)
    assert not verifier.finished
    assert verifier.advance()
    assert verifier.finished


def test_it_follows_a_growing_file(written: Written, tmp_path: Path) -> None:
    data = written.path.read_bytes()
    growing = tmp_path / "growing.xdf"
    growing.write_bytes(b"")
    verifier = Verifier(growing)
    for end in range(0, len(data), 997):
        growing.write_bytes(data[:end])
        assert verifier.advance()
    growing.write_bytes(data)
    assert verifier.advance()
    assert verifier.finished


@pytest.mark.parametrize("part", range(20))
def test_a_flipped_bit_anywhere_is_seen(written: Written, part: int) -> None:
    data = bytearray(written.path.read_bytes())
    data[len(data) * part // 20] ^= 16
    written.path.chmod(0o600)
    written.path.write_bytes(data)
    verifier = Verifier(written.path)
    assert not (verifier.advance() and verifier.finished)


def test_a_chunk_without_its_proof_is_not_finished(written: Written) -> None:
    data = written.path.read_bytes()
    written.path.chmod(0o600)
    written.path.write_bytes(data[: written.flushed[-1] + 60])
    verifier = Verifier(written.path)
    assert verifier.advance()
    assert not verifier.finished
