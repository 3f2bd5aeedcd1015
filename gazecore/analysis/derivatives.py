"""Files of a study's derivatives: put in place whole, or not at all."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from gazecore import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from gazecore.attention.case import CaseAttention


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


def write_map(place: Path, attention: CaseAttention) -> None:
    """Write an attention map with what it stands for as an .npz file.

    Keys: map float32 (h, w) that sums to 1; image_height_px, image_width_px, sigma_px (x, y in
    image pixels), mass_inside, used, dropped, preset, readers, simulated.
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
        )


@contextmanager
def put_in_place(place: Path) -> Iterator[Path]:
    """A path to write to beside `place`, renamed to it when all went well."""
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_name(f".{place.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)
