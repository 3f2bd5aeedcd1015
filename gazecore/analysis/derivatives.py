"""Files of a study's derivatives: put in place whole, or not at all."""

from __future__ import annotations

import json
import os
import platform
import re
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import psutil

from gazecore import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gazecore.attention.case import CaseAttention

_ROWS_AT_ONCE = 20_000
"""Rows of a joined table that are held until they are written."""

SCHEMA_VERSION = 1
"""Version of the tables and maps; raised when a column changes its meaning or goes."""


def write_about(place: Path, facts: Mapping[str, object]) -> None:
    """Write what made the derivatives as JSON, with the version of their schema."""
    document = {"schema_version": SCHEMA_VERSION, "software": __version__, **facts}
    with put_in_place(place) as partial:
        partial.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def write_table(place: Path, table: pl.DataFrame) -> None:
    """Write a Parquet file."""
    with put_in_place(place) as partial:
        table.write_parquet(partial)


def join_tables(place: Path, tables: Sequence[Path], schema: pl.Schema) -> None:
    """Write the rows of many Parquet files into one, in order, without holding them all."""
    with put_in_place(place) as partial:
        if tables:
            rows = pl.scan_parquet(list(tables), schema=schema)
            rows.sink_parquet(partial, row_group_size=_ROWS_AT_ONCE)
        else:
            pl.DataFrame(schema=schema).write_parquet(partial)


def write_map(place: Path, attention: CaseAttention, sources: str = "") -> None:
    """Write an attention map with what it stands for as an .npz file.

    Keys: map float32 (h, w) that sums to 1; image_height_px, image_width_px, sigma_px (x, y in
    image pixels), mass_inside, used, dropped, preset, readers, simulated; sources: of a
    mean a digest of what it is the mean of.
    """
    with put_in_place(place) as partial, partial.open("wb") as file:
        np.savez_compressed(
            file,
            map=attention.map,
            image_height_px=attention.image_height_px,
            image_width_px=attention.image_width_px,
            sigma_px=np.array(attention.sigma_px),
            mass_inside=attention.mass_inside,
            used=attention.used,
            dropped=attention.dropped,
            preset=attention.preset,
            readers=attention.readers,
            simulated=attention.simulated,
            sources=sources,
        )


def map_sources(place: Path) -> str:
    """The digest of what a mean map was made from; empty where no such map lies there."""
    try:
        with np.load(place, allow_pickle=False) as stored:
            return str(stored["sources"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return ""


@contextmanager
def put_in_place(place: Path) -> Iterator[Path]:
    """A path to write to beside `place`, renamed to it when all went well."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}.{_here()}-{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what processes of this machine that are dead had begun to write in a folder."""
    pattern = re.compile(rf"\..*\.{re.escape(_here())}-(\d+)\.partial")
    for path in folder.rglob(".*.partial"):
        match = pattern.fullmatch(path.name)
        if match and not psutil.pid_exists(int(match[1])):
            path.unlink(missing_ok=True)


def _here() -> str:
    """The name of this machine as file names may hold it."""
    return re.sub(r"[^A-Za-z0-9]", "", platform.node())[:32]
