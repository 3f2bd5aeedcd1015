"""``focusstation analyse``: events, quality, gaze on the image and attention maps of a study."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from gazecore.analysis import AnalysisReport

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
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document."),
) -> None:
    """Find events, measure quality and make attention maps; write them to derivatives/."""
    from gazecore.analysis import analyse_study
    from gazecore.study import Study

    with Study.open(study, read_only=True) as opened:
        report = analyse_study(
            opened,
            preset=preset,
            map_preset=maps,
            corrects=correct,
            progress=None if as_json else _say,
        )
    if as_json:
        typer.echo(json.dumps(asdict(report)))
        return
    _print(report, study)


def _say(done: int, total: int, what: str) -> None:
    if done < total:
        typer.echo(f"{done + 1}/{total} {what}", err=True)


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
    typer.echo(f"written to {study / 'derivatives'}")
