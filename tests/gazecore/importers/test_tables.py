from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import DamagedFileError, InvalidSettingError, MissingPathError
from gazecore.importers.tables import read_csv

if TYPE_CHECKING:
    from pathlib import Path


def test_numbers_are_numbers_and_texts_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,x,note\n007,1.5,\n008,,=1+1\n")
    table = read_csv(path, numbers=("x",), texts=("id",))
    assert table.to_dict(as_series=False) == {
        "id": ["007", "008"],
        "x": [1.5, None],
        "note": [None, "=1+1"],
    }


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"id,y\n1,2\n", "missing column is 'x'"),
        (b"id,x\n1,far\n", "a.csv: x is 'far'; expected a number"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InvalidSettingError, match=line):
        read_csv(path, numbers=("x",), texts=("id",))


def test_no_table_is_damaged_and_no_file_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for content in (b"", b"id,x\n1,2,3,4\n", b"\xff\xfe\x00id,x\n\xff,1\n"):
        path.write_bytes(content)
        with pytest.raises(DamagedFileError) as caught:
            read_csv(path, numbers=("x",))
        assert "\n" not in str(caught.value)
    with pytest.raises(MissingPathError):
        read_csv(tmp_path / "none.csv")
