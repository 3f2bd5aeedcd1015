"""The native tables as Parquet, at any level; each level holds the ones below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from gazecore.export.tables import (
    attention_table,
    cases_table,
    quality_table,
    readers_table,
    readings_table,
)
from gazecore.study.protocol import CONSENT_LEVELS

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.export.source import ExportSource
    from gazecore.study.protocol import ConsentLevel

_README = """\
# {name}: {level}

{simulated}Tables written by FocusStation; their columns are described in docs/schemas.md.

- `cases.parquet`, `readers.parquet`, `readings.parquet`: what was read by whom, with the answers
- `attention.parquet`: one attention map per reading, row-major, summing to 1
- `quality.parquet`: how well gaze was tracked in each reading, and whether it is usable
  (levels fixations and raw)
- `fixations.parquet`: fixations on screen and image (levels fixations and raw)
- `gaze/<session>.parquet`: every sample on screen and image (level raw)

Times count in seconds from the start of each session.
"""


class ParquetExporter:
    """Writes the native tables."""

    levels: tuple[ConsentLevel, ...] = CONSENT_LEVELS

    def write(self, source: ExportSource, folder: Path) -> int:
        """Write the tables that the level allows."""
        attention = attention_table(source)
        tables = {
            "cases": cases_table(source),
            "readers": readers_table(source),
            "readings": readings_table(source),
            "attention": attention,
        }
        if source.level != "maps":
            tables["quality"] = quality_table(source)
            tables["fixations"] = pl.concat(
                [_of_session(source.fixations(s), s.session_id) for s in source.sessions()],
                how="diagonal",
            )
        for name, table in tables.items():
            write_table(folder / f"{name}.parquet", table)
        if source.level == "raw":
            (folder / "gaze").mkdir()
            for session in source.sessions():
                table = _of_session(source.gaze_on_image(session), session.session_id)
                write_table(folder / "gaze" / f"{session.session_id}.parquet", table)
        simulated = "simulated" in attention.columns and bool(attention["simulated"].any())
        _write_readme(source, folder, simulated=simulated)
        return len(attention)


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write one table, zstd-compressed."""
    table.write_parquet(path, compression="zstd")


def _of_session(table: pl.DataFrame, session_id: str) -> pl.DataFrame:
    if "session_id" in table.columns:
        return table
    return table.select(pl.lit(session_id).alias("session_id"), pl.all())


def _write_readme(source: ExportSource, folder: Path, *, simulated: bool) -> None:
    text = _README.format(
        name=source.study.name,
        level=source.level,
        simulated="The gaze in this data set is simulated.\n\n" if simulated else "",
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


exporter = ParquetExporter()
