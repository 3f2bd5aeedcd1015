"""``focusstation doctor``: what works on this machine, and what a study needs on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.diagnosis.checks import Check

command = typer.Typer(rich_markup_mode=None)


@command.command()
def doctor(
    study: Path = typer.Option(
        None, "--study", help="Check as well what a sitting of this study needs here."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document."),
) -> None:
    """Check Qt, screens, LSL, clocks, trackers, GPUs, disk; exit 1 if the station cannot run."""
    import os
    import sys
    from dataclasses import asdict

    from gazecore import lsl
    from gazecore.study import Study

    if study is not None:
        Study.open(study, read_only=True).close()
    lsl.configure()
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found = []
    for outcome in _outcomes(study):
        found.append(outcome)
        if not as_json:
            typer.echo(f"{outcome.level:>4}  {outcome.name}: {outcome.detail}")
    works = all(outcome.level != "bad" for outcome in found)
    if as_json:
        checks = [asdict(outcome) for outcome in found]
        typer.echo(json.dumps({"schema_version": 1, "works": works, "checks": checks}))
    if not works:
        raise typer.Exit(1)


def _outcomes(study: Path | None) -> Iterator[Check]:
    """Each check's outcome as soon as it is there."""
    from app.diagnosis.checks import CHECKS
    from app.diagnosis.study import study_checks
    from app.diagnosis.surroundings import clocks, ports, screens

    for check in (*CHECKS, screens, clocks, ports):
        yield check()
    if study is not None:
        yield from study_checks(study)
