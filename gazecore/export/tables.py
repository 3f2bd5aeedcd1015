"""The tables every format needs: cases, readers, readings with answers, attention maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np
import polars as pl

from gazecore.errors import DamagedFileError, MissingDerivativesError

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.export.source import ExportSource


def cases_table(source: ExportSource) -> pl.DataFrame:
    """One row per case; nothing of the source image but its size."""
    schema = {
        "case_id": pl.String,
        "width_px": pl.Int64,
        "height_px": pl.Int64,
        "reference_answer": pl.String,
        "simulated": pl.Boolean,
    }
    rows = [{name: getattr(case, name) for name in schema} for case in source.cases()]
    return pl.DataFrame(rows, schema=schema)


def readers_table(source: ExportSource) -> pl.DataFrame:
    """One row per consenting reader."""
    schema = {"reader_id": pl.String, "dominant_eye": pl.String, "glasses": pl.Boolean}
    rows = [{name: getattr(reader, name) for name in schema} for reader in source.readers]
    return pl.DataFrame(rows, schema=schema)


def readings_table(source: ExportSource) -> pl.DataFrame:
    """One row per reading, a column ``answer_<field>`` for each field of the form."""
    fields = [field.name for field in source.study.protocol.form]
    schema = {
        "reading_id": pl.String,
        "session_id": pl.String,
        "reader_id": pl.String,
        "case_id": pl.String,
        "position": pl.Int64,
        "state": pl.String,
    }
    rows = [
        {
            **{name: getattr(reading, name) for name in schema},
            **{f"answer_{field}": reading.answers.get(field) for field in fields},
        }
        for reading in source.readings()
    ]
    return pl.DataFrame(rows, schema={**schema, **{f"answer_{f}": pl.String for f in fields}})


def quality_table(source: ExportSource) -> pl.DataFrame:
    """How well gaze was tracked, a row per reading, without its clock times.

    Raises
    ------
    MissingDerivativesError
        The analysis was not run.
    """
    path = source.study.derivatives / "quality.parquet"
    if not path.is_file():
        raise MissingDerivativesError("quality of the readings", source.study.path)
    mine = [reading.reading_id for reading in source.readings()]
    table = pl.read_parquet(path).filter(pl.col("reading_id").is_in(mine))
    return table.drop("start_s", "stop_s", strict=False)


def attention_table(source: ExportSource) -> pl.DataFrame:
    """One row per reading with its attention map, row-major, summing to 1 (or 0 when empty)."""
    rows = []
    for reading in source.readings():
        path = source.study.derivatives / "attention" / f"{reading.reading_id}.npz"
        if not path.is_file():
            continue
        values = _load_map(path)
        attention = values.pop("map")
        rows.append(
            {
                "reading_id": reading.reading_id,
                "reader_id": reading.reader_id,
                "case_id": reading.case_id,
                "height": attention.shape[0],
                "width": attention.shape[1],
                **values,
                "map": attention.astype(np.float32).ravel().tolist(),
            }
        )
    if not rows:
        raise MissingDerivativesError("attention maps", source.study.path)
    return pl.DataFrame(rows, schema_overrides={"map": pl.List(pl.Float32)})


def _load_map(path: Path) -> dict[str, Any]:
    """A map and the facts beside it, as plain values."""
    wanted = (
        "image_height_px",
        "image_width_px",
        "sigma_px",
        "mass_inside",
        "dropped",
        "preset",
        "simulated",
    )
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            attention = np.asarray(stored["map"], dtype=np.float64)
            facts = {name: stored[name].tolist() for name in wanted if name in stored}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise DamagedFileError(path, f"no attention map ({error})") from error
    if attention.ndim != 2:
        raise DamagedFileError(path, f"the map has shape {attention.shape}")
    return {"map": attention, **facts}
