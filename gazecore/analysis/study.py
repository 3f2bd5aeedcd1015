"""The analysis of a whole study: from its recordings to everything in its derivatives.

::

    derivatives/gaze/<session_id>.parquet           every sample on the image
    derivatives/fixations/<session_id>.parquet      fixations on the image
    derivatives/quality.parquet                     a row per reading
    derivatives/attention/<reading_id>.npz          map of one reading
    derivatives/attention/case-<case_id>.npz        mean map over the readers of a case
    derivatives/corrections/<session_id>.json       corrections of gaze, by version
    derivatives/about.json                          schema version, presets, what was found

Recordings are only read. Each call rebuilds what it can and puts it in place file by file; what
came from a recording that cannot be read any more stays, but no longer counts in the means.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from gazecore.analysis.corrections import correction_of_session
from gazecore.analysis.derivatives import write_about, write_map, write_table
from gazecore.analysis.quality_table import QUALITY_SCHEMA
from gazecore.analysis.session import SessionAnalysis, analyse_session
from gazecore.analysis.started import session_screen, session_started
from gazecore.attention.case import MAP_PRESETS, CaseAttention, mean_attention
from gazecore.errors import (
    AcquisitionError,
    CorrectionRefusedError,
    DamagedFileError,
    InputError,
    InvalidSettingError,
    MissingPathError,
    NewerSchemaError,
    StudyError,
    UnwritablePathError,
)
from gazecore.events import preset_name
from gazecore.recording.gaze_source import ReadingAid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gazecore.analysis.corrections import CorrectionVersion
    from gazecore.messages import AnyMarker
    from gazecore.study import Session, Study

    Progress = Callable[[int, int, str], None]
    """Called with sessions done, sessions in all, and what is being done."""


@dataclass(frozen=True, slots=True)
class AnalysisReport:
    """What an analysis found; `problems` are sentences about what could not be analysed."""

    preset: str
    map_preset: str
    sessions: int
    readings: int
    usable_readings: int
    samples: int
    fixations: int
    cases: int
    simulated: bool
    problems: tuple[str, ...]
    corrections: dict[str, int] = field(default_factory=dict)
    """The version of the correction applied, by session; empty unless asked for."""


def analyse_study(
    study: Study,
    *,
    preset: str = "focusstation",
    map_preset: str = "focusstation",
    corrects: bool = False,
    progress: Progress | None = None,
) -> AnalysisReport:
    """Analyse every session of a study that has a recording, and write the derivatives.

    Parameters
    ----------
    study : Study
        May be open read-only: only derivatives are written.
    preset : str
        Of `gazecore.events.PRESETS`.
    map_preset : str
        Of `gazecore.attention.case.MAP_PRESETS`.
    corrects : bool
        Apply to each session the affine correction that its validations allow
        (`gazecore.analysis.corrections`); sessions that allow none are named as problems.
    progress : callable, optional

    Raises
    ------
    InvalidSettingError
        Unknown preset.
    UnwritablePathError
        The derivatives cannot be written.
    """
    preset = preset_name(preset)
    if map_preset not in MAP_PRESETS:
        raise InvalidSettingError("attention preset", map_preset, ", ".join(MAP_PRESETS))
    run = _Run(study, preset, map_preset, corrects=corrects)
    sessions = study.sessions()
    try:
        for done, session in enumerate(sessions):
            if progress is not None:
                progress(done, len(sessions), session.session_id)
            run.analyse(session)
        run.finish()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritablePathError(study.derivatives, reason, "free the place") from error
    if progress is not None:
        progress(len(sessions), len(sessions), "done")
    return run.report()


class _Run:
    """One pass over a study; gathers what spans sessions."""

    def __init__(self, study: Study, preset: str, map_preset: str, *, corrects: bool) -> None:
        self._study = study
        self._preset, self._map_preset = preset, map_preset
        self._corrects = corrects
        self._corrections: dict[str, int] = {}
        self._known = {reading.reading_id for reading in study.readings()}
        self._quality: list[dict[str, object]] = []
        self._maps: dict[str, list[CaseAttention]] = {}
        self._problems: list[str] = []
        self._aid = self._aid_of(study)
        self._sessions = self._samples = self._fixations = 0
        self._simulated = False

    def analyse(self, session: Session) -> None:
        """Analyse one session; what is wrong with its recording becomes a problem."""
        from gazecore.recording import read_parts

        try:
            recording = read_parts(session.recording_path)
            samples = recording.gaze(self._aid)
        except MissingPathError:
            self._problems.append(f"{session.session_id}: no recording")
            return
        except (InputError, AcquisitionError) as error:
            self._problems.append(f"{session.session_id}: {error}")
            return
        damage = recording.damage
        if not damage.sound or damage.malformed_markers:
            sentences = "; ".join(damage.sentences())
            self._problems.append(f"{session.session_id}: {sentences}")
        markers, protocol = recording.markers(), self._study.protocol
        analysis = analyse_session(
            samples,
            markers,
            protocol.exclusion,
            screen=None if session_started(markers) else protocol.screen.geometry(),
            preset=self._preset,
            eye=protocol.calibration.eye_of(self._study.reader(session.reader_id).dominant_eye),
            correction=self._correction(session, markers),
        )
        simulated = recording.simulated or analysis.simulated
        self._keep(session, replace(analysis, simulated=simulated))

    def _aid_of(self, study: Study) -> ReadingAid:
        """How to read recordings that other programs made; damaged mappings are a problem."""
        screen = study.protocol.screen
        try:
            profiles = study.stream_profiles()
        except (InputError, StudyError) as error:
            self._problems.append(str(error))
            profiles = ()
        return ReadingAid(profiles, (screen.width_px, screen.height_px))

    def _correction(
        self, session: Session, markers: Sequence[AnyMarker]
    ) -> CorrectionVersion | None:
        """What corrects the session's gaze, if asked for; a refusal becomes a problem."""
        if not self._corrects:
            return None
        screen = (
            session_screen(markers)
            if session_started(markers)
            else self._study.protocol.screen.geometry()
        )
        session_id = session.session_id
        try:
            found = correction_of_session(self._study.derivatives, session_id, markers, screen)
        except (CorrectionRefusedError, DamagedFileError, NewerSchemaError) as error:
            self._problems.append(f"{session_id}: {error}")
            return None
        self._corrections[session_id] = found.version
        return found

    def _keep(self, session: Session, analysis: SessionAnalysis) -> None:
        folder, name = self._study.derivatives, f"{session.session_id}.parquet"
        extra = {
            "preset": pl.lit(self._preset),
            "simulated": pl.lit(analysis.simulated),
            "correction": pl.lit(self._corrections.get(session.session_id), dtype=pl.Int64),
        }
        write_table(folder / "gaze" / name, analysis.gaze.with_columns(**extra))
        write_table(folder / "fixations" / name, analysis.fixations.with_columns(**extra))
        self._sessions += 1
        self._samples += analysis.gaze.height
        self._fixations += analysis.fixations["fixation"].n_unique()
        self._simulated |= analysis.simulated
        self._keep_readings(session, analysis)

    def _keep_readings(self, session: Session, analysis: SessionAnalysis) -> None:
        folder = self._study.derivatives / "attention"
        for reading, row in zip(analysis.readings, analysis.quality, strict=True):
            if reading.reading_id not in self._known:
                self._problems.append(
                    f"{session.session_id}: {reading.reading_id} is recorded but not in the study"
                )
                continue
            self._quality.append(
                {
                    **row,
                    "session_id": session.session_id,
                    "reader_id": session.reader_id,
                    "simulated": analysis.simulated,
                    "correction": self._corrections.get(session.session_id),
                }
            )
            attention = analysis.attention(reading, self._map_preset)
            write_map(folder / f"{reading.reading_id}.npz", attention)
            if row["usable"]:
                self._maps.setdefault(reading.case_id, []).append(attention)

    def finish(self) -> None:
        """Write what spans sessions: quality and the mean maps of the cases."""
        folder = self._study.derivatives
        write_table(folder / "quality.parquet", pl.DataFrame(self._quality, QUALITY_SCHEMA))
        for case_id, maps in self._maps.items():
            place = folder / "attention" / f"case-{case_id}.npz"
            write_map(place, mean_attention(maps))
        for place in (folder / "attention").glob("case-*.npz"):
            if place.stem.removeprefix("case-") not in self._maps:
                place.unlink()
        write_about(folder / "about.json", asdict(self.report()))

    def report(self) -> AnalysisReport:
        """The figures of the run."""
        return AnalysisReport(
            preset=self._preset,
            map_preset=self._map_preset,
            sessions=self._sessions,
            readings=len(self._quality),
            usable_readings=sum(bool(row["usable"]) for row in self._quality),
            samples=self._samples,
            fixations=self._fixations,
            cases=len(self._maps),
            simulated=self._simulated,
            problems=tuple(self._problems),
            corrections=dict(self._corrections),
        )
