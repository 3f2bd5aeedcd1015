from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazecore.study.durable import copy_durably, sha256_of, sync_file, write_durably

if TYPE_CHECKING:
    from pathlib import Path


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=3000))
def test_what_is_written_is_read_and_nothing_else_is_left(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "a.bin"
    write_durably(target, content)
    assert target.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_copy_gives_the_digest_of_its_bytes(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x" * (2 << 20) + b"end")  # more than two blocks
    digest = copy_durably(source, tmp_path / "target")
    assert digest == hashlib.sha256(source.read_bytes()).hexdigest()
    assert digest == sha256_of(tmp_path / "target")


def test_an_old_file_stays_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    target = tmp_path / "a.toml"
    write_durably(target, b"old")
    (tmp_path / ".a.toml.partial").mkdir()  # where the new one would be written
    with pytest.raises(OSError):
        write_durably(target, b"new")
    assert target.read_bytes() == b"old"


def test_sync_of_a_missing_file_fails(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_file(tmp_path / "none")
