"""What an analysis left in a study's derivatives, read back by reading, case and reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
import polars as pl

from gazecore.attention.case import CaseAttention, mean_attention
from gazecore.errors import DamagedFileError, MissingDerivativesError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class FinishedReading:
    """A reading as `quality.parquet` tells of it."""

    reading_id: str
    session_id: str
    reader_id: str
    case_id: str
    start_s: float
    duration_s: float
    accuracy_deg: float | None
    usable: bool
    simulated: bool


class Finished:
    """The derivatives of a study.

    Parameters
    ----------
    derivatives : Path

    Raises
    ------
    MissingDerivativesError
        The study was not analysed.
    """

    def __init__(self, derivatives: Path) -> None:
        self.folder = derivatives
        quality = derivatives / "quality.parquet"
        if not quality.is_file():
            raise MissingDerivativesError("quality", str(derivatives.parent))
        names = FinishedReading.__slots__
        rows = pl.read_parquet(quality, columns=list(names)).iter_rows(named=True)
        self.readings = tuple(FinishedReading(**row) for row in rows)

    def by_case(self) -> dict[str, tuple[FinishedReading, ...]]:
        """The usable readings of each case, in the order of the cases' names."""
        cases: dict[str, list[FinishedReading]] = {}
        for reading in self.readings:
            if reading.usable:
                cases.setdefault(reading.case_id, []).append(reading)
        return {case_id: tuple(cases[case_id]) for case_id in sorted(cases)}

    def maps_by_reader(self, readings: tuple[FinishedReading, ...]) -> dict[str, CaseAttention]:
        """The map of each reader of a case, the mean where one read it more than once."""
        theirs: dict[str, list[FinishedReading]] = {}
        for reading in readings:
            theirs.setdefault(reading.reader_id, []).append(reading)
        return {
            reader_id: mean_attention(self.attention(one) for one in each)
            for reader_id, each in theirs.items()
        }

    def attention(self, reading: FinishedReading) -> CaseAttention:
        """The attention map of a reading."""
        place = self.folder / "attention" / f"{reading.reading_id}.npz"
        if not place.is_file():
            missing = f"attention of {reading.reading_id}"
            raise MissingDerivativesError(missing, str(self.folder.parent))
        return read_map(place)

    def fixations(
        self, readings: tuple[FinishedReading, ...]
    ) -> Iterator[tuple[FinishedReading, pl.DataFrame]]:
        """The fixations of each reading; a session's table is read once for its readings in turn.

        Raises
        ------
        MissingDerivativesError
            A session has no table.
        """
        session_id, table = "", pl.DataFrame()
        for reading in readings:
            if reading.session_id != session_id:
                session_id = reading.session_id
                place = self.folder / "fixations" / f"{session_id}.parquet"
                if not place.is_file():
                    missing = f"fixations of {session_id}"
                    raise MissingDerivativesError(missing, str(self.folder.parent))
                table = pl.read_parquet(place)
            yield reading, table.filter(pl.col("reading_id") == reading.reading_id)


def read_map(place: Path) -> CaseAttention:
    """An attention map as `gazecore.analysis.derivatives.write_map` wrote it.

    Raises
    ------
    DamagedFileError
        It is no such file.
    """
    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            x_px, y_px = stored["sigma_px"]
            return CaseAttention(
                map=stored["map"],
                image_height_px=int(stored["image_height_px"]),
                image_width_px=int(stored["image_width_px"]),
                sigma_px=(float(x_px), float(y_px)),
                mass_inside=float(stored["mass_inside"]),
                used=int(stored["used"]),
                dropped=int(stored["dropped"]),
                preset=str(stored["preset"]),
                readers=int(stored["readers"]),
                simulated=bool(stored["simulated"]),
            )
    except (OSError, KeyError, ValueError, TypeError, EOFError, BadZipFile) as error:
        raise DamagedFileError(place, f"no attention map ({error})") from error
