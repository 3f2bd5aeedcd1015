"""The analysis of a whole study: from its recordings to everything in its derivatives.

First each session by itself (`gazecore.analysis.unit`), side by side if asked, and only those
whose recording, settings, rules or program changed; then what spans them
(`gazecore.analysis.gather`)::

    derivatives/quality.parquet              a row per reading
    derivatives/quality_sessions.parquet     a row per session
    derivatives/aois.parquet                 dwell on areas of interest, with aois.json
    derivatives/consistency.parquet          readers predicted by the others
    derivatives/robustness.parquet           endpoints over detectors, thresholds, sigmas and eyes
    derivatives/attention/case-<case_id>.npz mean map over the readers of a case
    derivatives/corrections/<session_id>.json corrections of gaze, by version
    derivatives/about.json                   schema version, presets, what was found

Recordings are only read. Each file is put in place whole. What came from a recording that cannot
be read any more stays, but no longer counts; the files of a session that the study no longer has
are removed. Killed at any instant, the next analysis completes what was begun.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from gazecore.analysis.cluster import run_on_cluster
from gazecore.analysis.comparisons import write_comparisons
from gazecore.analysis.derivatives import sweep, write_about
from gazecore.analysis.gather import (
    gather_stamps,
    remove_strangers,
    write_case_maps,
    write_study_tables,
)
from gazecore.analysis.inputs import reading_aid, session_inputs
from gazecore.analysis.settings import AnalysisSettings
from gazecore.analysis.stamp import current_stamp
from gazecore.analysis.unit import make_derivatives
from gazecore.analysis.workers import Workers
from gazecore.errors import AnalysisStoppedError, UnwritablePathError
from gazecore.recording.parts import part_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gazecore.analysis.cluster import Cluster
    from gazecore.analysis.gather import Gathered
    from gazecore.study import Session, Study

    Progress = Callable[[int, int, str], None]
    """Called with sessions done, sessions to do, and the one begun or done last."""


@dataclass(frozen=True, slots=True)
class Execution:
    """How an analysis is carried out; the outcome is the same whichever way.

    Attributes
    ----------
    jobs : int
        Processes side by side; 0: in this process.
    force : bool
        Make everything again, changed or not.
    cancelled : callable, optional
        Asked several times a second (in this process: between sessions) whether to stop.
    cluster : Cluster, optional
        Jobs of a cluster in the place of processes.
    """

    jobs: int = 0
    force: bool = False
    cancelled: Callable[[], bool] | None = None
    cluster: Cluster | None = None


_HERE = Execution()
_USUAL = AnalysisSettings()


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
    made: int = field(default=0, compare=False)
    """Sessions whose files were made now; those of the others were as they would be."""


def analyse_study(
    study: Study,
    settings: AnalysisSettings = _USUAL,
    *,
    progress: Progress | None = None,
    how: Execution = _HERE,
) -> AnalysisReport:
    """Analyse every session of a study that has a recording, and write the derivatives.

    Parameters
    ----------
    study : Study
        May be open read-only: only derivatives are written.
    settings : AnalysisSettings, optional
    progress : callable, optional
    how : Execution, optional

    Raises
    ------
    InvalidSettingError
        Unknown preset.
    UnwritablePathError
        The derivatives cannot be written.
    AnalysisStoppedError
        It was cancelled; what is done stays.
    """
    run = _Run(study, settings.checked(), how, progress)
    try:
        return run.all()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritablePathError(study.derivatives, reason, "free the place") from error


class _Run:
    """One pass over a study."""

    def __init__(
        self, study: Study, settings: AnalysisSettings, how: Execution, progress: Progress | None
    ) -> None:
        self._study, self._settings, self._how = study, settings, how
        self._progress = progress or _say_nothing
        self._sessions = study.sessions()
        self._failures: dict[str, str] = {}

    def all(self) -> AnalysisReport:
        """Analyse what changed, then what spans the sessions."""
        sweep(self._study.derivatives)
        changed = [session for session in self._sessions if self._is_changed(session)]
        if self._how.jobs or self._how.cluster:
            self._elsewhere(changed)
        else:
            self._here(changed)
        report = self._finish(len(changed))
        self._progress(len(changed), len(changed), "done")
        return report

    def _is_changed(self, session: Session) -> bool:
        inputs = session_inputs(self._study, session, self._settings)
        return self._how.force or current_stamp(inputs) is None

    def _here(self, sessions: Sequence[Session]) -> None:
        for done, session in enumerate(sessions):
            if self._how.cancelled is not None and self._how.cancelled():
                raise AnalysisStoppedError(done, len(sessions))
            self._progress(done, len(sessions), session.session_id)
            make_derivatives(session_inputs(self._study, session, self._settings))

    def _elsewhere(self, sessions: Sequence[Session]) -> None:
        """In worker processes or a cluster's jobs; without a recording there is nothing to do."""
        total, done = len(sessions), 0

        def on_done(session_id: str, failure: str | None) -> None:
            nonlocal done
            done += 1
            if failure is not None:
                self._failures[session_id] = failure
            self._progress(done, total, session_id)

        recorded: list[str] = []
        for session in sessions:
            if part_paths(session.recording_path):
                recorded.append(session.session_id)
            else:
                make_derivatives(session_inputs(self._study, session, self._settings))
                on_done(session.session_id, None)
        if recorded and not self._run_elsewhere(recorded, on_done):
            raise AnalysisStoppedError(done, total)

    def _run_elsewhere(
        self, session_ids: Sequence[str], on_done: Callable[[str, str | None], None]
    ) -> bool:
        """False when it was cancelled."""
        how, path = self._how, self._study.path
        if how.cluster is not None:
            return run_on_cluster(
                path, session_ids, self._settings, how.cluster, on_done, how.cancelled
            )
        with Workers(path, self._settings, how.jobs) as workers:
            return workers.run(session_ids, on_done, how.cancelled)

    def _finish(self, made: int) -> AnalysisReport:
        """Write what spans sessions."""
        folder = self._study.derivatives
        session_ids = [session.session_id for session in self._sessions]
        gathered = gather_stamps(folder, session_ids, self._failures)
        _aid, problem = reading_aid(self._study)
        if problem:
            gathered.problems.insert(0, problem)
        write_study_tables(folder, gathered, robustness=self._settings.robustness)
        write_case_maps(folder, gathered)
        reading_ids = [name for one in session_ids for name in self._study.reading_ids(one)]
        remove_strangers(folder, session_ids, reading_ids, list(gathered.cases))
        gathered.problems += write_comparisons(self._study.path)
        report = self._report(gathered, made)
        facts = {**_lasting(report), "robustness": self._settings.robustness}
        write_about(folder / "about.json", facts)
        return report

    def _report(self, gathered: Gathered, made: int) -> AnalysisReport:
        return AnalysisReport(
            preset=self._settings.preset,
            map_preset=self._settings.map_preset,
            sessions=len(gathered.sessions),
            readings=gathered.readings,
            usable_readings=gathered.usable_readings,
            samples=gathered.samples,
            fixations=gathered.fixations,
            cases=len(gathered.cases),
            simulated=gathered.simulated,
            problems=tuple(gathered.problems),
            corrections=gathered.corrections,
            made=made,
        )


def _lasting(report: AnalysisReport) -> dict[str, object]:
    """What the derivatives say, however they came about."""
    return {name: value for name, value in asdict(report).items() if name != "made"}


def _say_nothing(_done: int, _total: int, _what: str) -> None:
    """No progress was asked for."""
