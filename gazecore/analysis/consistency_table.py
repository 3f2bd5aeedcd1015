"""``derivatives/consistency.parquet``: each reader of each case as the others predict them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs

from gazecore.analysis.derivatives import write_table
from gazecore.analysis.finished import Finished
from gazecore.attention.case import mean_attention
from gazecore.attention.consistency import ReaderGaze, reader_agreement, stretched
from gazecore.scanpaths import Scanpath

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gazecore.analysis.finished import FinishedReading
    from gazecore.attention.case import CaseAttention

CONSISTENCY_SCHEMA = {
    "case_id": pl.String,
    "reader": pl.String,
    "others": pl.Int64,
    "fixations": pl.Int64,
    **dict.fromkeys(("nss", "auc_judd", "information_gain", "cc", "sim", "kld"), pl.Float64),
    "baseline": pl.String,
    "simulated": pl.Boolean,
}
"""Columns; from `reader` to `kld` as in `gazecore.attention.consistency.ReaderAgreement`."""
_COMMON_SHAPE = (96, 96)


def consistency_table(finished: Finished) -> pl.DataFrame:
    """The agreement of the readers of each case that two or more read.

    The baseline of the information gain is the mean map of the other cases, brought to this
    image's shape (`baseline` is then "other cases"), or the centre bias where there is no other
    case ("centre"). Undefined metrics are null. One case is held in memory at a time.
    """
    cases = finished.by_case()
    total, known = np.zeros(_COMMON_SHAPE), 0
    for readings in cases.values():
        habit = _habit(finished.maps_by_reader(readings))
        total, known = total + habit, known + bool(habit.any())
    rows = []
    for case_id, readings in cases.items():
        gaze = _gaze_by_reader(finished, readings)
        own = _habit({name: one.attention for name, one in gaze.items()})
        baseline = None
        if known > bool(own.any()):
            shape = next(iter(gaze.values())).attention.map.shape
            baseline = stretched(np.maximum(total - own, 0), shape)
        facts = {
            "case_id": case_id,
            "baseline": "centre" if baseline is None else "other cases",
            "simulated": any(reading.simulated for reading in readings),
        }
        rows += [{**facts, **asdict(one)} for one in reader_agreement(gaze, baseline)]
    return pl.DataFrame(rows, CONSISTENCY_SCHEMA).with_columns(cs.float().fill_nan(None))


def _habit(maps: Mapping[str, CaseAttention]) -> npt.NDArray[np.float64]:
    """The mean map of a case at the shape that all share."""
    return stretched(mean_attention(list(maps.values())).map, _COMMON_SHAPE)


def _gaze_by_reader(
    finished: Finished, readings: tuple[FinishedReading, ...]
) -> dict[str, ReaderGaze]:
    """Map and fixations of each reader, of all their readings of the case."""
    places: dict[str, list[npt.NDArray[np.float64]]] = {}
    for reading, fixations in finished.fixations(readings):
        places.setdefault(reading.reader_id, []).append(Scanpath.of_reading(fixations).xy_px)
    return {
        reader_id: ReaderGaze(attention, np.concatenate(places[reader_id]))
        for reader_id, attention in finished.maps_by_reader(readings).items()
    }


def write_consistency_table(study_folder: Path) -> pl.DataFrame:
    """Write the table into a study's derivatives and return it.

    Raises
    ------
    MissingDerivativesError
        The study was not analysed.
    """
    table = consistency_table(Finished(study_folder / "derivatives"))
    write_table(study_folder / "derivatives" / "consistency.parquet", table)
    return table
