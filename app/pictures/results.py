"""What an analysis left of a study, as pictures need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from gazecore.analysis.finished import Finished, read_map
from gazecore.analysis.session_checks import SessionChecks, read_checks
from gazecore.analysis.session_quality import SESSION_QUALITY_SCHEMA
from gazecore.errors import MissingDerivativesError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from gazecore.analysis.finished import FinishedReading
    from gazecore.attention import CaseAttention

    Array = npt.NDArray[np.float64]

Row = dict[str, Any]
BINS = 240
"""At most so many pieces of time in a session."""


@dataclass(frozen=True, slots=True, eq=False)
class LossOverTime:
    """Shares of the samples due in pieces of a session.

    Attributes
    ----------
    from_s, width_s : float
        Of the first piece, on the recording's clock, and of each.
    invalid, missing : (n,)
        Came without valid gaze; never came.
    """

    from_s: float
    width_s: float
    invalid: Array
    missing: Array


@dataclass(frozen=True, slots=True, eq=False)
class SessionQuality:
    """One session with its readings, checks and losses over time."""

    row: Row
    readings: tuple[Row, ...]
    checks: SessionChecks
    loss: LossOverTime


class StudyResults:
    """The derivatives of a study by reading, case and session.

    Parameters
    ----------
    derivatives : Path

    Raises
    ------
    MissingDerivativesError
        The study was not analysed, or by an older program.
    """

    def __init__(self, derivatives: Path) -> None:
        self.folder = derivatives
        self._finished = Finished(derivatives)
        sessions = derivatives / "quality_sessions.parquet"
        if not sessions.is_file():
            raise MissingDerivativesError("quality of the sessions", str(derivatives.parent))
        self.readings = self._finished.readings
        self.sessions: tuple[Row, ...] = tuple(
            pl.read_parquet(sessions, columns=list(SESSION_QUALITY_SCHEMA)).iter_rows(named=True)
        )
        self.cases = tuple(sorted({reading.case_id for reading in self.readings}))

    def of_case(self, case_id: str) -> tuple[FinishedReading, ...]:
        """The readings of a case, by reader."""
        mine = [reading for reading in self.readings if reading.case_id == case_id]
        return tuple(sorted(mine, key=lambda r: (r.reader_id, r.reading_id)))

    def reading_row(self, reading_id: str) -> Row:
        """All figures of a reading."""
        found = self._rows(pl.col("reading_id") == reading_id)
        return found[0] if found else {}

    def fixations(self, reading: FinishedReading) -> pl.DataFrame:
        """The fixations of a reading."""
        return next(table for _, table in self._finished.fixations((reading,)))

    def attention(self, reading: FinishedReading) -> CaseAttention:
        """The attention map of a reading."""
        return self._finished.attention(reading)

    def case_attention(self, case_id: str) -> CaseAttention | None:
        """The mean map over the readers of a case; None where no reading can be used."""
        place = self.folder / "attention" / f"case-{case_id}.npz"
        return read_map(place) if place.is_file() else None

    def checks(self, session_id: str) -> SessionChecks:
        """Validations, drift checks and last views of a session."""
        return read_checks(self.folder, session_id)

    def session(self, session_id: str) -> SessionQuality:
        """All that the quality page of a session shows."""
        row = next(row for row in self.sessions if row["session_id"] == session_id)
        readings = self._rows(pl.col("session_id") == session_id)
        return SessionQuality(
            row, readings, self.checks(session_id), self._loss(session_id, row["rate_hz"])
        )

    def _rows(self, where: pl.Expr) -> tuple[Row, ...]:
        found = pl.scan_parquet(self.folder / "quality.parquet").filter(where).collect()
        return tuple(found.sort("start_s").iter_rows(named=True))

    def _loss(self, session_id: str, rate_hz: float | None) -> LossOverTime:
        place = self.folder / "gaze" / f"{session_id}.parquet"
        if not place.is_file():
            return LossOverTime(0.0, 1.0, np.zeros(0), np.zeros(0))
        table = pl.read_parquet(place, columns=["t_s", "eyes_used"])
        return loss_over_time(
            table["t_s"].to_numpy(), table["eyes_used"].to_numpy() > 0, rate_hz or 0.0
        )


def loss_over_time(
    t_s: Array, valid: npt.NDArray[np.bool_], rate_hz: float, bins: int = BINS
) -> LossOverTime:
    """Losses in pieces of a second or more.

    Parameters
    ----------
    t_s : (n,)
        Times of the samples that came, rising.
    valid : (n,) bool
    rate_hz : float
        What should have come; 0 is unknown, then none is missing.
    bins : int, optional
        At most so many pieces.
    """
    if not len(t_s):
        return LossOverTime(0.0, 1.0, np.zeros(0), np.zeros(0))
    length_s = float(t_s[-1] - t_s[0])
    width_s = max(1.0, length_s / bins)
    count = max(1, int(np.ceil(length_s / width_s)))
    piece = np.minimum(((t_s - t_s[0]) / width_s).astype(np.intp), count - 1)
    came = np.bincount(piece, minlength=count).astype(np.float64)
    seen = np.bincount(piece, valid, count)
    widths_s = np.full(count, width_s)
    widths_s[-1] = max(length_s - (count - 1) * width_s, 1e-9)
    due = np.maximum(came, np.round(rate_hz * widths_s))
    share = np.divide(1.0, due, out=np.zeros(count), where=due > 0)
    return LossOverTime(float(t_s[0]), width_s, (came - seen) * share, (due - came) * share)
