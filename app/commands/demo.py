"""``focusstation demo``: the whole loop on this machine, with simulated readers."""

from __future__ import annotations

import json
from pathlib import Path

import typer

command = typer.Typer(rich_markup_mode=None)


@command.command()
def demo(
    out: Path = typer.Option(..., help="New or empty folder for everything the demo makes."),
    seed: int = typer.Option(0, help="Fixes cases, readers, answers and training."),
    as_json: bool = typer.Option(False, "--json", help="Print the summary as JSON."),
) -> None:
    """Run the whole loop: study, calibration, reading, analysis, training, export, report."""
    from app.demo.plan import DemoPlan
    from app.demo.run import run_demo

    document = run_demo(
        out.resolve(), DemoPlan(seed=seed), lambda text: typer.echo(f"{text} ...", err=as_json)
    )
    if as_json:
        typer.echo(json.dumps(document))
        return
    typer.echo(f"All gaze is simulated. See {out / 'report.html'} and {out / 'summary.json'}")
