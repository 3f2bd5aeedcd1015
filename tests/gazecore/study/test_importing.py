from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.errors import DamagedFileError, InvalidSettingError, MissingPathError
from gazecore.study.importing import image_facts, image_files, image_suffix, read_reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_the_suffix_comes_from_the_content(tmp_path: Path) -> None:
    heads = {
        b"\x89PNG\r\n\x1a\n": ".png",
        b"\xff\xd8\xff\xe0": ".jpg",
        b"II*\x00": ".tif",
        b"MM\x00*": ".tif",
        bytes(128) + b"DICM": ".dcm",
        b"": ".dcm",
    }
    path = tmp_path / "wrong.xyz"
    for head, suffix in heads.items():
        path.write_bytes(head)
        assert image_suffix(path) == suffix


def test_folders_are_walked_by_name_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b/2", "a", "b/1", ".hidden", ".git/x", "DICOMDIR", "b/.DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = [path.relative_to(tmp_path).as_posix() for path in image_files([tmp_path])]
    assert found == ["a", "b/1", "b/2"]
    with pytest.raises(MissingPathError, match="none"):
        list(image_files([tmp_path / "none"]))


def test_facts_of_an_image(make_image: Callable[[str, int], Path], tmp_path: Path) -> None:
    facts = image_facts(make_image("a.png", 5))
    assert (facts.suffix, facts.width_px, facts.height_px) == (".png", 40, 35)
    with pytest.raises(MissingPathError):
        image_facts(tmp_path / "none.png")


def test_reference_answers_by_file_name(tmp_path: Path) -> None:
    path = tmp_path / "reference.csv"
    path.write_text("\ufefffile,answer,note\na.png,2,x\n膝.png,0,\nc.png,,\n", encoding="utf-8")
    assert read_reference(path) == {"a.png": "2", "膝.png": "0"}
    path.write_text("name,grade\na,1\n")
    with pytest.raises(InvalidSettingError, match="file and answer"):
        read_reference(path)
    with pytest.raises(MissingPathError):
        read_reference(tmp_path / "none.csv")


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\xff",
        "file,answer\n\u00e9.png,1\n".encode("latin-1"),
        b'file,answer\n"a.png,1\n',
        b"file,answer\n" + b"a" * 200_000 + b",1\n",
    ],
)
def test_a_reference_that_is_no_csv_is_one_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "reference.csv"
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match=r"reference\.csv") as caught:
        read_reference(path)
    assert "\n" not in str(caught.value)
