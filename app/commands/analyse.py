"""``focusstation analyse``: events, quality, gaze on the image and attention maps of a study."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from gazecore.analysis import AnalysisReport
    from gazecore.analysis.cluster import Cluster
    from gazecore.analysis.settings import AnalysisSettings
    from gazecore.analysis.stamp import SessionStamp
    from gazecore.study import Study

command = typer.Typer(
    help="Analyse a study.",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@command.command()
def analyse(
    study: Path = typer.Argument(help="The study's folder."),
    preset: str = typer.Option(
        "focusstation",
        help="Event detector: focusstation, 'Tobii Pro Lab fixation', "
        "'Tobii Pro Lab attention', I-DT or Engbert-Kliegl.",
    ),
    maps: str = typer.Option(
        "focusstation", help="Attention maps: focusstation, REFLACX or EGD-CXR."
    ),
    correct: bool = typer.Option(
        False,
        "--correct",
        help="Correct gaze by what each session's validations allow; recordings stay as they are.",
    ),
    robustness: bool = typer.Option(
        True, help="Also write the endpoints over detectors, thresholds, sigmas and eyes."
    ),
    jobs: int = typer.Option(
        0, "--jobs", "-j", min=0, help="Processes side by side (default: the cores less one)."
    ),
    force: bool = typer.Option(False, "--force", help="Make everything again, changed or not."),
    session: list[str] = typer.Option(
        [],
        "--session",
        help="Make the files of this session alone, as a task of a cluster does; repeatable.",
    ),
    submitit: str = typer.Option(
        "",
        help="Analyse in jobs of a cluster: slurm, or local to try it; --jobs says in how many.",
    ),
    submitit_option: list[str] = typer.Option(
        [], metavar="NAME=VALUE", help="Of submitit, as slurm_partition=long; repeatable."
    ),
    pictures: bool = typer.Option(
        False,
        "--pictures",
        help="Also draw scanpaths, attention and a quality page per session as PNG.",
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document."),
) -> None:
    """Find events, measure quality and make attention maps; write them to derivatives/.

    Only what changed since the last analysis is made again.
    """
    from gazecore.analysis import Execution, analyse_study
    from gazecore.analysis.settings import AnalysisSettings
    from gazecore.analysis.workers import usual_jobs
    from gazecore.errors import InvalidSettingError
    from gazecore.study import Study

    settings = AnalysisSettings(preset, maps, correct, robustness).checked()
    if session:
        if pictures:
            raise InvalidSettingError("--pictures", "with --session", "an analysis of all sessions")
        _tell_sessions(_analyse_sessions(study, session, settings), as_json=as_json)
        return
    cluster = _cluster(submitit, jobs, submitit_option)
    with Study.open(study, read_only=True) as opened:
        report = analyse_study(
            opened,
            settings,
            progress=None if as_json else _Progress(),
            how=Execution(jobs=jobs or usual_jobs(), force=force, cluster=cluster),
        )
        drawn = _draw(opened, is_silent=as_json) if pictures else None
    if as_json:
        typer.echo(json.dumps({**asdict(report), **(drawn or {})}))
        return
    _print(report, study)
    if drawn is not None:
        typer.echo(f"{drawn['pictures']} pictures in {study / 'derivatives' / 'pictures'}")
        for problem in drawn["picture_problems"]:
            typer.echo(f"! {problem}")


def _draw(study: Study, *, is_silent: bool) -> dict[str, Any]:
    """Draw all pictures of a study that was analysed."""
    from app.pictures.study_pictures import write_pictures

    written, problems = write_pictures(study, None if is_silent else _Progress())
    return {"pictures": written, "picture_problems": problems}


def _cluster(kind: str, jobs: int, options: list[str]) -> Cluster | None:
    from gazecore.analysis.cluster import Cluster
    from gazecore.errors import InvalidSettingError

    for option in options:
        if "=" not in option:
            raise InvalidSettingError("submitit option", option, "NAME=VALUE")
    pairs = [tuple(option.split("=", 1)) for option in options]
    if not kind:
        if options:
            raise InvalidSettingError("submitit option", options[0], "--submitit beside it")
        return None
    named = tuple((name, value) for name, value in pairs)
    return Cluster(kind, jobs, named) if jobs else Cluster(kind, options=named)


def _analyse_sessions(
    study: Path, session_ids: list[str], settings: AnalysisSettings
) -> list[SessionStamp]:
    from gazecore.analysis.unit import analyse_recording
    from gazecore.errors import UnwritablePathError

    try:
        return [analyse_recording(study, session_id, settings) for session_id in session_ids]
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritablePathError(study / "derivatives", reason, "free the place") from error


def _tell_sessions(stamps: list[SessionStamp], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([stamp.model_dump(mode="json") for stamp in stamps]))
        return
    for stamp in stamps:
        typer.echo(
            f"{stamp.session_id}: {len(stamp.readings)} readings, {stamp.samples} samples, "
            f"{stamp.fixations} fixations"
        )
        for problem in stamp.problems:
            typer.echo(f"! {problem}")
    typer.echo("run 'focusstation analyse' without --session to join the sessions' files")


class _Progress:
    """Says each session that is done on stderr, and how long the rest will take."""

    def __init__(self) -> None:
        self._begun_s = time.monotonic()

    def __call__(self, done: int, total: int, what: str) -> None:
        if not done or what == "done":
            return
        left_s = (time.monotonic() - self._begun_s) / done * (total - done)
        left = f", {_duration(left_s)} left" if done < total else ""
        typer.echo(f"{done}/{total} {what}{left}", err=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _print(report: AnalysisReport, study: Path) -> None:
    simulated = ", simulated gaze" if report.simulated else ""
    typer.echo(
        f"{report.sessions} sessions, {report.readings} readings "
        f"({report.usable_readings} usable), {report.samples} samples, "
        f"{report.fixations} fixations, {report.cases} case maps{simulated}"
    )
    if report.corrections:
        named = ", ".join(f"{name} by version {v}" for name, v in report.corrections.items())
        typer.echo(f"gaze corrected: {named}")
    for problem in report.problems:
        typer.echo(f"! {problem}")
    typer.echo(f"sessions analysed now: {report.made}; the others had not changed")
    typer.echo(f"written to {study / 'derivatives'}")
