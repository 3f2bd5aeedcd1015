"""``derivatives/aois.parquet``: a row per reading and area of interest of its case."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import polars as pl

from gazecore.analysis.aoi_file import read_aois
from gazecore.analysis.derivatives import write_table
from gazecore.analysis.finished import Finished
from gazecore.attention.dwell import ReadingTime, aoi_dwell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gazecore.attention.aois import Aoi

AOI_SCHEMA = {
    "reading_id": pl.String,
    "session_id": pl.String,
    "reader_id": pl.String,
    "case_id": pl.String,
    "aoi": pl.String,
    "dwell_s": pl.Float64,
    "fixations": pl.Int64,
    "visits": pl.Int64,
    "revisits": pl.Int64,
    "first_fixation_s": pl.Float64,
    "first_visit_s": pl.Float64,
    "share_of_fixations": pl.Float64,
    "share_of_reading": pl.Float64,
    "expected_dwell_s": pl.Float64,
    "expected_fixations": pl.Float64,
    "accuracy_deg": pl.Float64,
    "usable": pl.Boolean,
    "simulated": pl.Boolean,
}
"""Columns; from `aoi` to `expected_fixations` as in `gazecore.attention.dwell.AoiDwell`."""


def aoi_table(finished: Finished, aois: Mapping[str, tuple[Aoi, ...]]) -> pl.DataFrame:
    """Looking at the areas of each case, readings that are not usable included and flagged.

    Parameters
    ----------
    finished : Finished
    aois : mapping
        By case, as `read_aois` gives them.
    """
    chosen = tuple(reading for reading in finished.readings if reading.case_id in aois)
    rows = []
    for reading, fixations in finished.fixations(chosen):
        time = ReadingTime(reading.start_s, reading.duration_s)
        accuracy_deg = reading.accuracy_deg
        facts = {
            name: getattr(reading, name)
            for name in ("reading_id", "session_id", "reader_id", "case_id")
        }
        rows += [
            {
                **facts,
                **asdict(dwell),
                "accuracy_deg": accuracy_deg,
                "usable": reading.usable,
                "simulated": reading.simulated,
            }
            for dwell in aoi_dwell(
                fixations, aois[reading.case_id], time, accuracy_deg=accuracy_deg
            )
        ]
    return pl.DataFrame(rows, AOI_SCHEMA)


def write_aoi_table(study_folder: Path) -> int:
    """Write the table of a study's ``aois.json`` into its derivatives; its rows, 0 without a file.

    Raises
    ------
    DamagedFileError, LayoutError, NewerSchemaError
        ``aois.json`` cannot be read or holds something else.
    MissingDerivativesError
        The study was not analysed.
    """
    place = study_folder / "derivatives" / "aois.parquet"
    aois = read_aois(study_folder / "aois.json")
    if not aois:
        place.unlink(missing_ok=True)
        return 0
    table = aoi_table(Finished(study_folder / "derivatives"), aois)
    write_table(place, table)
    return table.height
