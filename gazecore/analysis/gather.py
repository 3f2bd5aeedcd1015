"""What spans the sessions of a study: its tables and the mean maps of its cases.

The second step of an analysis. It reads the files of the sessions one after another, tables
lazily, so that its memory does not grow with their number.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from gazecore.analysis.derivatives import join_tables, map_sources, write_map
from gazecore.analysis.finished import read_map
from gazecore.analysis.quality_table import QUALITY_SCHEMA
from gazecore.analysis.robustness import ROBUSTNESS_SCHEMA
from gazecore.analysis.session_quality import SESSION_QUALITY_SCHEMA
from gazecore.analysis.stamp import read_stamp
from gazecore.attention.case import mean_attention
from gazecore.errors import DamagedFileError, InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.analysis.stamp import SessionStamp

_TABLES = ("gaze", "fixations", "quality", "quality_sessions", "robustness")
_BY_SESSION = (*_TABLES, "sessions", "checks")


@dataclass(slots=True)
class Gathered:
    """What the stamps of the sessions say together."""

    sessions: list[str] = field(default_factory=list)
    readings: int = 0
    usable_readings: int = 0
    samples: int = 0
    fixations: int = 0
    simulated: bool = False
    problems: list[str] = field(default_factory=list)
    corrections: dict[str, int] = field(default_factory=dict)
    cases: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By case the usable readings, each with what its map was made from."""

    def add(self, stamp: SessionStamp) -> None:
        """Count a session in."""
        self.problems += stamp.problems
        if not stamp.analysed:
            return
        self.sessions.append(stamp.session_id)
        self.readings += len(stamp.readings)
        self.usable_readings += sum(reading.usable for reading in stamp.readings)
        self.samples += stamp.samples
        self.fixations += stamp.fixations
        self.simulated |= stamp.simulated
        if stamp.correction is not None:
            self.corrections[stamp.session_id] = stamp.correction
        for reading in stamp.readings:
            if reading.usable:
                found = self.cases.setdefault(reading.case_id, [])
                found.append((reading.reading_id, stamp.identity))


def gather_stamps(
    derivatives: Path, session_ids: Sequence[str], failures: dict[str, str]
) -> Gathered:
    """What the sessions' stamps say; `failures` are those that could not be analysed at all."""
    gathered = Gathered()
    for session_id in session_ids:
        stamp = read_stamp(derivatives, session_id)
        if session_id in failures or stamp is None:
            reason = failures.get(session_id, "not analysed yet")
            gathered.problems.append(f"{session_id}: {reason}")
        else:
            gathered.add(stamp)
    return gathered


def write_study_tables(derivatives: Path, gathered: Gathered, *, robustness: bool) -> None:
    """Join the tables of the sessions, in the order of the sessions."""
    kinds = {
        "quality": QUALITY_SCHEMA,
        "quality_sessions": SESSION_QUALITY_SCHEMA,
        "robustness": ROBUSTNESS_SCHEMA,
    }
    for kind, schema in kinds.items():
        place = derivatives / f"{kind}.parquet"
        if kind == "robustness" and not robustness:
            place.unlink(missing_ok=True)
            continue
        tables = [derivatives / kind / f"{name}.parquet" for name in gathered.sessions]
        join_tables(place, tables, pl.Schema(schema))


def write_case_maps(derivatives: Path, gathered: Gathered) -> None:
    """The mean map of each case with a usable reading; those that are the same stay."""
    folder = derivatives / "attention"
    for case_id, readings in gathered.cases.items():
        place = folder / f"case-{case_id}.npz"
        said = "\n".join(f"{reading_id} {made_from}" for reading_id, made_from in readings)
        sources = hashlib.sha256(said.encode()).hexdigest()
        if map_sources(place) == sources:
            continue
        try:
            mean = mean_attention(read_map(folder / f"{name}.npz") for name, _ in readings)
        except (DamagedFileError, InvalidSettingError) as error:
            gathered.problems.append(f"{case_id}: {error}")
            place.unlink(missing_ok=True)
        else:
            write_map(place, mean, sources)


def remove_strangers(
    derivatives: Path, session_ids: Sequence[str], reading_ids: Sequence[str], cases: Sequence[str]
) -> None:
    """Remove the files of sessions, readings and cases that the study no longer has."""
    sessions, maps = set(session_ids), set(reading_ids) | {f"case-{case}" for case in cases}
    for kind in _BY_SESSION:
        for place in (derivatives / kind).glob("session-*.*"):
            if place.stem not in sessions:
                place.unlink(missing_ok=True)
    for pattern in ("reading-*.npz", "case-*.npz"):
        for place in (derivatives / "attention").glob(pattern):
            if place.stem not in maps:
                place.unlink(missing_ok=True)
