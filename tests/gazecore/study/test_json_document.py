from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.analysis.corrections import _read as read_corrections
from gazecore.errors import DamagedFileError, NewerSchemaError
from gazecore.study.json_document import read_document
from gazecore.study.screens import SCREENS_FILE, read_screens
from gazecore.study.stream_profiles import PROFILES_FILE, read_stream_profiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

READERS: list[tuple[str, Callable[[Path], object]]] = [
    ("file.json", lambda folder: read_document(folder / "file.json", 1)),
    (SCREENS_FILE, read_screens),
    (PROFILES_FILE, read_stream_profiles),
    ("corrections.json", lambda folder: read_corrections(folder / "corrections.json", "s")),
]


@pytest.mark.parametrize(("name", "reader"), READERS)
@pytest.mark.parametrize("content", [b"", b"[" * 200_000, b"\xff\x00", b"null", b"[1]", None])
def test_whatever_lies_there_instead_is_one_line(
    tmp_path: Path, name: str, reader: Callable[[Path], object], content: bytes | None
) -> None:
    if content is None:
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DamagedFileError, match=name) as caught:
        reader(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "reader"), READERS)
def test_a_newer_file_is_said_to_be_one(
    tmp_path: Path, name: str, reader: Callable[[Path], object]
) -> None:
    (tmp_path / name).write_text('{"schema_version": 9}')
    with pytest.raises(NewerSchemaError):
        reader(tmp_path)


def test_no_file_is_nothing(tmp_path: Path) -> None:
    assert read_document(tmp_path / "none.json", 1) is None
