"""Reads luminance measurements of a screen: driving levels and cd/m2, as CSV or TOML.

CSV: two columns, level and cd/m2; a line of column names and remarks such as
``# ambient_cd_m2 = 0.4`` or ``# name = reading room, left`` are allowed. TOML: the lists ``levels``
and ``cd_m2``, and the same two settings.
"""

from __future__ import annotations

import math
import re
import sys
from typing import TYPE_CHECKING, Any

from gazecore.display.curve import FEWEST_POINTS, DisplayCurve
from gazecore.display.grayscale_standard import LUMINANCE_RANGE_CD_M2
from gazecore.errors import LayoutError, MissingPathError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES = 65_536
LONGEST_NAME = 40
EXPECTED = (
    f"{FEWEST_POINTS} or more driving levels from 0 to 255 with the luminance of each in cd/m2"
)
_SETTINGS = ("name", "ambient_cd_m2")


def read_curve(path: Path) -> DisplayCurve:
    """The display curve measured in a file.

    Raises
    ------
    MissingPathError
        No such file.
    LayoutError
        It does not hold a usable curve: what is wrong, and what would do.
    """
    text = _text(path)
    try:
        found = _from_toml(text) if path.suffix.lower() == ".toml" else _from_csv(text)
        return _checked(*found, default_name=path.stem)
    except ValueError as error:
        raise LayoutError(path, str(error), EXPECTED) from None


def _text(path: Path) -> str:
    if not path.is_file():
        raise MissingPathError(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise LayoutError(path, f"cannot be read ({error.strerror})", EXPECTED) from None
    except UnicodeDecodeError:
        raise LayoutError(path, "is no text", EXPECTED) from None
    if len(content) > LARGEST_BYTES:
        raise LayoutError(path, "is too long for a list of measurements", EXPECTED)
    return text


def _from_toml(text: str) -> tuple[list[tuple[Any, Any]], dict[str, Any]]:
    document = tomllib.loads(text)
    levels, luminances = document.pop("levels", None), document.pop("cd_m2", None)
    if not isinstance(levels, list) or not isinstance(luminances, list):
        raise ValueError("the lists 'levels' and 'cd_m2' are not there")  # noqa: TRY004 - one kind
    if len(levels) != len(luminances):
        raise ValueError(f"{len(levels)} levels, but {len(luminances)} luminances")
    return list(zip(levels, luminances, strict=True)), document


def _from_csv(text: str) -> tuple[list[tuple[Any, Any]], dict[str, Any]]:
    rows: list[tuple[Any, Any]] = []
    settings: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, is_setting, value = line.lstrip("# ").partition("=")
        if line.startswith("#"):
            if is_setting:
                settings[name.strip()] = value.strip()
            continue
        cells = [cell for cell in re.split(r"[,;\s]+", line.strip()) if cell]
        if not cells or (not rows and any(cell[0].isalpha() for cell in cells)):
            continue
        if len(cells) != 2:
            raise ValueError(f"line {number} has {len(cells)} values in place of 2")
        rows.append((cells[0], cells[1]))
    return rows, settings


def _checked(
    rows: list[tuple[Any, Any]], settings: dict[str, Any], *, default_name: str
) -> DisplayCurve:
    unknown = sorted(set(settings) - set(_SETTINGS))
    if unknown:
        raise ValueError(f"no setting is called {unknown[0][:LONGEST_NAME]!r}")
    points = sorted((_level(level), _number(cd_m2, "luminance")) for level, cd_m2 in rows)
    levels, luminances = [level for level, _ in points], [cd_m2 for _, cd_m2 in points]
    if len(set(levels)) < len(levels):
        twice = next(level for level in levels if levels.count(level) > 1)
        raise ValueError(f"level {twice} stands twice")
    if len(levels) < FEWEST_POINTS or (levels[0], levels[-1]) != (0, 255):
        reach = f", {levels[0]} to {levels[-1]}" if levels else ""
        raise ValueError(f"{len(levels)} levels{reach}")
    ambient = _number(settings.get("ambient_cd_m2", 0.0), "ambient light")
    _check_luminances(levels, luminances, ambient)
    name = str(settings.get("name") or default_name)
    name = "".join(c if c.isprintable() else " " for c in name)[:LONGEST_NAME].strip()
    return DisplayCurve(name or "unnamed", tuple(levels), tuple(luminances), ambient)


def _check_luminances(levels: list[int], luminances: list[float], ambient: float) -> None:
    for k in range(1, len(levels)):
        if luminances[k] <= luminances[k - 1]:
            raise ValueError(
                f"level {levels[k]} is no brighter than level {levels[k - 1]} "
                f"({luminances[k]:g} and {luminances[k - 1]:g} cd/m2)"
            )
    low, high = LUMINANCE_RANGE_CD_M2
    if luminances[0] + ambient < low:
        raise ValueError(
            f"black has {luminances[0] + ambient:g} cd/m2, under the {low:g} where the standard "
            "begins (is the ambient light left out?)"
        )
    if luminances[-1] + ambient > high:
        raise ValueError(f"white has {luminances[-1] + ambient:g} cd/m2, over {high:g}")


def _level(value: object) -> int:
    number = _number(value, "level")
    if number != int(number) or number > 255:
        raise ValueError(f"{number:g} is no driving level")
    return int(number)


def _number(value: object, what: str) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{str(value)[:LONGEST_NAME]!r} is no {what}") from None
    if not math.isfinite(number) or number < 0 or isinstance(value, bool):
        raise ValueError(f"{value!s} is no {what}")
    return number
