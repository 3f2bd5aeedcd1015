"""The unit of work of an analysis: one recording in, its files out.

::

    derivatives/gaze/<session_id>.parquet        every sample on the image
    derivatives/fixations/<session_id>.parquet   fixations on the image
    derivatives/quality/<session_id>.parquet     a row per reading
    derivatives/quality_sessions/<session_id>.parquet    their row together
    derivatives/checks/<session_id>.json         validations, drift checks, last views
    derivatives/robustness/<session_id>.parquet  its endpoints analysed otherwise, where asked for
    derivatives/attention/<reading_id>.npz       map of each reading
    derivatives/sessions/<session_id>.json       the stamp, last

A function of the study's folder, a session and the settings, which any process on any machine
that sees the study can call. It knows nothing of other sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from gazecore.analysis.corrections import correction_of_session
from gazecore.analysis.derivatives import write_map, write_table
from gazecore.analysis.fingerprint import inputs_digest, recording_parts, with_digests
from gazecore.analysis.inputs import session_inputs
from gazecore.analysis.quality_table import QUALITY_SCHEMA
from gazecore.analysis.robustness import ROBUSTNESS_SCHEMA, Sitting, session_robustness
from gazecore.analysis.session import SessionAnalysis, analyse_session
from gazecore.analysis.session_checks import session_checks, write_checks
from gazecore.analysis.session_quality import SESSION_QUALITY_SCHEMA, session_quality
from gazecore.analysis.stamp import (
    SessionStamp,
    StampedReading,
    corrections_digest,
    read_stamp,
    stamp_path,
    write_stamp,
)
from gazecore.analysis.started import session_screen, session_started
from gazecore.errors import (
    AcquisitionError,
    CorrectionRefusedError,
    DamagedFileError,
    FocusStationError,
    InputError,
    MissingPathError,
    NewerSchemaError,
)
from gazecore.recording.parts import read_parts
from gazecore.study import Study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.analysis.corrections import CorrectionVersion
    from gazecore.analysis.inputs import SessionInputs
    from gazecore.analysis.settings import AnalysisSettings
    from gazecore.geometry import Screen
    from gazecore.messages import AnyMarker
    from gazecore.recording import Recording
    from gazecore.samples import GazeSamples


def analyse_recording(
    study: Path | str, session_id: str, settings: AnalysisSettings
) -> SessionStamp:
    """Make the derivatives of one session of the study in a folder.

    What is wrong with the recording becomes a problem of the stamp; files of an earlier analysis
    then stay, but do not count.

    Raises
    ------
    FocusStationError
        No study there, or no such session.
    OSError
        The derivatives cannot be written.
    """
    with Study.open(study, read_only=True) as opened:
        inputs = session_inputs(opened, opened.session(session_id), settings)
    return make_derivatives(inputs)


def failure_of(study: Path | str, session_id: str, settings: AnalysisSettings) -> str | None:
    """Make the derivatives of one session of many: what went wrong in a sentence, None: nothing."""
    try:
        analyse_recording(study, session_id, settings)
    except FocusStationError as error:
        return str(error)
    except OSError as error:
        return f"its derivatives cannot be written ({error.strerror or error})"
    except Exception as error:  # noqa: BLE001 - the worker's door: the others go on
        return f"its analysis failed ({type(error).__name__}: {error})"
    return None


def make_derivatives(inputs: SessionInputs) -> SessionStamp:
    """Make all files of one session and, last, their stamp."""
    before = read_stamp(inputs.derivatives, inputs.session_id)
    stamp_path(inputs.derivatives, inputs.session_id).unlink(missing_ok=True)
    parts = recording_parts(inputs.recording)
    made = _Unit(inputs)
    made.run()
    stamp = SessionStamp(
        session_id=inputs.session_id,
        inputs=inputs_digest(inputs),
        parts=with_digests(parts, inputs.recording.parent),
        corrections=corrections_digest(inputs),
        files=made.files,
        problems=tuple(made.problems),
        **made.found,
    )
    if before is not None and stamp.analysed:
        for name in before.files.keys() - stamp.files.keys():
            (inputs.derivatives / name).unlink(missing_ok=True)
    write_stamp(inputs.derivatives, stamp)
    return stamp


@dataclass(slots=True)
class _Unit:
    """One pass over one session; gathers what its stamp says."""

    inputs: SessionInputs
    files: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        """Analyse the session; what is wrong with its recording becomes a problem."""
        inputs = self.inputs
        try:
            recording = read_parts(inputs.recording)
            samples = recording.gaze(inputs.aid)
        except MissingPathError:
            self._problem("no recording")
            return
        except (InputError, AcquisitionError) as error:
            self._problem(str(error))
            return
        damage = recording.damage
        if not damage.sound or damage.malformed_markers:
            self._problem("; ".join(damage.sentences()))
        self._analyse(recording, samples)

    def _analyse(self, recording: Recording, samples: GazeSamples) -> None:
        inputs, markers = self.inputs, recording.markers()
        correction = self._correction(markers)
        analysis = analyse_session(
            samples,
            markers,
            inputs.exclusion,
            screen=self._screen(markers),
            preset=inputs.settings.preset,
            eye=inputs.eye,
            correction=correction,
        )
        simulated = recording.simulated or analysis.simulated
        analysis = replace(analysis, simulated=simulated)
        version = None if correction is None else correction.version
        self._write_tables(analysis, version)
        readings = self._write_readings(analysis, version)
        self._write_session(analysis, markers, version)
        if inputs.settings.robustness:
            screen = self._screen(markers)
            preset, eye = inputs.settings.preset, inputs.eye
            sitting = Sitting(samples, markers, screen, preset, eye, correction)
            self._write_robustness(session_robustness(sitting, analysis), readings)
        self.found = {
            "analysed": True,
            "samples": analysis.gaze.height,
            "fixations": analysis.fixations["fixation"].n_unique(),
            "readings": readings,
            "simulated": simulated,
            "correction": version,
        }

    def _screen(self, markers: Sequence[AnyMarker]) -> Screen:
        """The screen that the session names, else the protocol's."""
        return session_screen(markers) if session_started(markers) else self.inputs.screen

    def _correction(self, markers: Sequence[AnyMarker]) -> CorrectionVersion | None:
        """What corrects the session's gaze, if asked for; a refusal becomes a problem."""
        inputs = self.inputs
        if not inputs.settings.corrects:
            return None
        screen = self._screen(markers)
        try:
            return correction_of_session(inputs.derivatives, inputs.session_id, markers, screen)
        except (CorrectionRefusedError, DamagedFileError, NewerSchemaError) as error:
            self._problem(str(error))
            return None

    def _write_tables(self, analysis: SessionAnalysis, correction: int | None) -> None:
        extra = {
            "preset": pl.lit(self.inputs.settings.preset),
            "simulated": pl.lit(analysis.simulated),
            "correction": pl.lit(correction, dtype=pl.Int64),
        }
        self._write_table("gaze", analysis.gaze.with_columns(**extra))
        self._write_table("fixations", analysis.fixations.with_columns(**extra))

    def _write_readings(
        self, analysis: SessionAnalysis, correction: int | None
    ) -> tuple[StampedReading, ...]:
        """Quality and map of each reading that the study knows."""
        inputs = self.inputs
        rows: list[dict[str, object]] = []
        stamped: list[StampedReading] = []
        for reading, row in zip(analysis.readings, analysis.quality, strict=True):
            if reading.reading_id not in inputs.reading_ids:
                self._problem(f"{reading.reading_id} is recorded but not in the study")
                continue
            rows.append(
                {
                    **row,
                    "session_id": inputs.session_id,
                    "reader_id": inputs.reader_id,
                    "simulated": analysis.simulated,
                    "correction": correction,
                }
            )
            name = f"attention/{reading.reading_id}.npz"
            attention = analysis.attention(reading, inputs.settings.map_preset)
            write_map(inputs.derivatives / name, attention)
            self._note(name)
            stamped.append(
                StampedReading(
                    reading_id=reading.reading_id,
                    case_id=reading.case_id,
                    usable=bool(row["usable"]),
                )
            )
        self._write_table("quality", pl.DataFrame(rows, QUALITY_SCHEMA))
        return tuple(stamped)

    def _write_session(
        self, analysis: SessionAnalysis, markers: Sequence[AnyMarker], correction: int | None
    ) -> None:
        """Quality of the session as a whole, and what its checks said."""
        inputs = self.inputs
        known = [row for row in analysis.quality if row["reading_id"] in inputs.reading_ids]
        row = {
            **session_quality(known, markers, inputs.calibration, inputs.exclusion),
            "session_id": inputs.session_id,
            "reader_id": inputs.reader_id,
            "simulated": analysis.simulated,
            "correction": correction,
        }
        self._write_table("quality_sessions", pl.DataFrame([row], SESSION_QUALITY_SCHEMA))
        write_checks(inputs.derivatives, session_checks(inputs.session_id, markers))
        self._note(f"checks/{inputs.session_id}.json")

    def _write_robustness(self, table: pl.DataFrame, readings: Sequence[StampedReading]) -> None:
        """The endpoints of the readings that the study knows."""
        usable = pl.DataFrame(
            [{"reading_id": one.reading_id, "usable": one.usable} for one in readings],
            {"reading_id": pl.String, "usable": pl.Boolean},
        )
        known = table.join(usable, on="reading_id", maintain_order="left").with_columns(
            session_id=pl.lit(self.inputs.session_id), reader_id=pl.lit(self.inputs.reader_id)
        )
        self._write_table("robustness", known.select(list(ROBUSTNESS_SCHEMA)))

    def _write_table(self, kind: str, table: pl.DataFrame) -> None:
        name = f"{kind}/{self.inputs.session_id}.parquet"
        write_table(self.inputs.derivatives / name, table)
        self._note(name)

    def _note(self, name: str) -> None:
        self.files[name] = (self.inputs.derivatives / name).stat().st_size

    def _problem(self, sentence: str) -> None:
        self.problems.append(f"{self.inputs.session_id}: {sentence}")
