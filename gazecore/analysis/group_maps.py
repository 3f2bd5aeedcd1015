"""Maps of named groups of readers and their differences, a file per case in the derivatives.

::

    derivatives/groups/<name>/case-<case_id>.npz        `GroupAttention`
    derivatives/differences/<name>/case-<case_id>.npz   `DifferenceAttention`
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from gazecore.analysis.derivatives import put_in_place
from gazecore.analysis.finished import Finished
from gazecore.attention.groups import (
    DifferenceAttention,
    GroupAttention,
    difference_attention,
    group_attention,
)
from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

_FEWEST = 2


def write_group_maps(
    study_folder: Path,
    name: str,
    readers: Collection[str] | None = None,
    weights: Mapping[str, float] | None = None,
) -> tuple[str, ...]:
    """Write the map of each case over a group of readers; the cases written.

    Parameters
    ----------
    study_folder : Path
        Of an analysed study.
    name : str
        Of the group; letters, digits, - and _.
    readers : collection of str, optional
        All readers without it. Only their usable readings count.
    weights : mapping, optional
        How much each reader counts.

    Raises
    ------
    InvalidSettingError
        A name that is none for a folder, a reader without a usable reading.
    MissingDerivativesError
        The study was not analysed.
    """
    finished = Finished(study_folder / "derivatives")
    folder = _folder(finished, "groups", name)
    _check_known(finished, readers or ())
    written = []
    for case_id, readings in finished.by_case().items():
        chosen = tuple(r for r in readings if readers is None or r.reader_id in readers)
        if chosen:
            group = group_attention(finished.maps_by_reader(chosen), weights)
            _write(folder / f"case-{case_id}.npz", group)
            written.append(case_id)
    return _leave_only(folder, written)


def write_difference_maps(
    study_folder: Path,
    name: str,
    first: Collection[str],
    second: Collection[str],
    *,
    relabellings: int = 1000,
) -> tuple[str, ...]:
    """Write the first group minus the second for each case that two readers of each read.

    Arguments and errors as for `write_group_maps`; each case is tested on its own, see
    `difference_attention`, so p values of many cases are to be corrected for their number.
    """
    finished = Finished(study_folder / "derivatives")
    folder = _folder(finished, "differences", name)
    _check_known(finished, {*first, *second})
    written = []
    for case_id, readings in finished.by_case().items():
        one, two = (
            finished.maps_by_reader(tuple(r for r in readings if r.reader_id in group))
            for group in (first, second)
        )
        if min(sum(bool(m.map.any()) for m in maps.values()) for maps in (one, two)) >= _FEWEST:
            found = difference_attention(one, two, relabellings=relabellings)
            _write(folder / f"case-{case_id}.npz", found)
            written.append(case_id)
    return _leave_only(folder, written)


def _folder(finished: Finished, kind: str, name: str) -> Path:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise InvalidSettingError("name of a group", name, "letters, digits, - and _")
    return finished.folder / kind / name


def _check_known(finished: Finished, readers: Collection[str]) -> None:
    known = {reading.reader_id for reading in finished.readings if reading.usable}
    unknown = sorted(set(readers) - known)
    if unknown:
        raise InvalidSettingError("readers of a group", unknown, "readers with usable readings")


def _write(place: Path, found: GroupAttention | DifferenceAttention) -> None:
    """Every field under its own name; a spread that there is not is left out."""
    values = {field.name: getattr(found, field.name) for field in fields(found)}
    kept: dict[str, Any] = {
        name: np.asarray(value) for name, value in values.items() if value is not None
    }
    with put_in_place(place) as partial, partial.open("wb") as file:
        np.savez_compressed(file, **kept)


def _leave_only(folder: Path, cases: list[str]) -> tuple[str, ...]:
    """Remove the files of other cases, which an earlier group of that name left."""
    for place in folder.glob("case-*.npz"):
        if place.stem.removeprefix("case-") not in cases:
            place.unlink()
    return tuple(cases)
