"""Tables of other programs: read as they are, or refused in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from gazecore.errors import DamagedFileError, InvalidSettingError, MissingPathError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def read_csv(path: Path, numbers: Iterable[str] = (), texts: Iterable[str] = ()) -> pl.DataFrame:
    """A CSV file whose named columns are there and of their kind; others come along as text.

    Raises
    ------
    MissingPathError, DamagedFileError, InvalidSettingError
        No such file, no CSV in it, or a column missing or not of numbers.
    """
    if not path.is_file():
        raise MissingPathError(path)
    try:
        table = pl.read_csv(path, infer_schema=False, null_values=[""])
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise DamagedFileError(path, str(error).splitlines()[0]) from error
    numbers = tuple(numbers)
    missing = [name for name in (*numbers, *texts) if name not in table.columns]
    if missing:
        expected = "a table that has it"
        raise InvalidSettingError(f"{path.name}: missing column", missing[0], expected)
    cast = table.with_columns(pl.col(name).cast(pl.Float64, strict=False) for name in numbers)
    for name in numbers:
        wrong = table[name].filter(cast[name].is_null() & table[name].is_not_null())
        if len(wrong):
            raise InvalidSettingError(f"{path.name}: {name}", wrong[0], "a number")
    return cast
