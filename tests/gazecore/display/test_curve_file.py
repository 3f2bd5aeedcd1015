"""Measurements as files: two forms that are read, and what is said of all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gazecore.display.curve_file import read_curve
from gazecore.errors import LayoutError, MissingPathError

if TYPE_CHECKING:
    from pathlib import Path

LEVELS = tuple(range(0, 256, 15))
LIGHT = tuple(0.4 + 299.6 * (level / 255) ** 2.2 for level in LEVELS)
ROWS = [f"{level},{light:.6g}" for level, light in zip(LEVELS, LIGHT, strict=True)]


def written(folder: Path, text: str, name: str = "left screen.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_csv_with_names_of_columns_and_remarks(tmp_path: Path) -> None:
    text = "# ambient_cd_m2 = 0.25\n# measured by hand\ndriving level;cd/m2\n"
    rows = [row.replace(",", ";") for row in reversed(ROWS)]  # in any order
    curve = read_curve(written(tmp_path, text + "\n".join(rows) + "\n\n"))
    assert (curve.name, curve.levels, curve.ambient_cd_m2) == ("left screen", LEVELS, 0.25)
    assert curve.cd_m2 == pytest.approx(LIGHT, rel=1e-5)


def test_bare_csv_without_ambient_light(tmp_path: Path) -> None:
    curve = read_curve(written(tmp_path, "\ufeff" + "\r\n".join(ROWS)))
    assert (len(curve.levels), curve.ambient_cd_m2) == (18, 0.0)


def test_toml(tmp_path: Path) -> None:
    text = (
        f'name = "Left\\nscreen"\nambient_cd_m2 = 1\nlevels = {list(LEVELS)}\n'
        f"cd_m2 = {list(LIGHT)}\n"
    )
    curve = read_curve(written(tmp_path, text, "curve.toml"))
    assert (curve.name, curve.cd_m2, curve.ambient_cd_m2) == ("Left screen", LIGHT, 1.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "0 levels"),
        ("\n".join(ROWS[:16]), "16 levels, 0 to 225"),
        ("\n".join(ROWS[:-1]), "17 levels, 0 to 240"),
        ("\n".join([*ROWS, "15,0.9"]), "level 15 stands twice"),
        ("\n".join([*ROWS, "20,0.9,7"]), "line 19 has 3 values in place of 2"),
        ("\n".join([*ROWS, "20,bright"]), "'bright' is no luminance"),
        ("\n".join([*ROWS, "20,nan"]), "nan is no luminance"),
        ("\n".join([*ROWS, "20,-1"]), "-1 is no luminance"),
        ("\n".join([*ROWS, "20.5,1"]), "20.5 is no driving level"),
        ("\n".join([*ROWS, "256,900"]), "256 is no driving level"),
        ("\n".join([*ROWS, "20,900"]), "level 30 is no brighter than level 20"),
        ("# ambient_cd_m2 = dark\n" + "\n".join(ROWS), "'dark' is no ambient light"),
        ("# gamma = 2.2\n" + "\n".join(ROWS), "no setting is called 'gamma'"),
        ("\n".join(["0,0.01", *ROWS[1:]]), "under the 0.05 where the standard begins"),
        ("\n".join([*ROWS[:-1], "255,4100"]), "over 3993.4"),
        ("x" * 70_000, "too long"),
    ],
)
def test_a_bad_csv_is_refused_in_one_line(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(LayoutError, match=reason.replace(".", r"\.")) as refused:
        read_curve(written(tmp_path, text))
    line = str(refused.value)
    assert "\n" not in line
    assert "left screen.csv" in line
    assert "17 or more driving levels" in line


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("levels = 3", "the lists 'levels' and 'cd_m2' are not there"),
        ("levels = [0, 1]\ncd_m2 = [1.0]", "2 levels, but 1 luminances"),
        ("levels = [0, true]\ncd_m2 = [1.0, 2.0]", "True is no level"),
        ("levels = [[0]]\ncd_m2 = [{}]", "is no level"),
        ("levels = [", "expected 17"),
    ],
)
def test_a_bad_toml_is_refused_in_one_line(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(LayoutError, match=reason) as refused:
        read_curve(written(tmp_path, text, "curve.toml"))
    assert "\n" not in str(refused.value)


def test_what_is_no_text_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "curve.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LayoutError, match="is no text"):
        read_curve(tmp_path / "curve.csv")
    with pytest.raises(MissingPathError):
        read_curve(tmp_path / "none.csv")
