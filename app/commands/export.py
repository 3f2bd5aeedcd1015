"""``focusstation export``: gaze data sets in the field's formats."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typer

command = typer.Typer(rich_markup_mode=None)


@command.command(context_settings={"help_option_names": ["-h", "--help"]})
def export(
    study: Path = typer.Argument(help="The study's folder."),
    format_name: str = typer.Option(
        ..., "--format", help="bids, reflacx, egd, coco-search or parquet."
    ),
    level: str = typer.Option(
        ...,
        help="maps (attention maps), fixations or raw (gaze samples). bids has raw; reflacx and "
        "egd have fixations and raw; coco-search has fixations; parquet has all three.",
    ),
    out: Path = typer.Option(..., help="A folder that does not exist yet."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document."),
) -> None:
    """Export the gaze of a study at one level, within what its readers consented to.

    Readers whose consent is lower are left out and named. Clocks count from the start of each
    session, images are not exported, and a manifest lists every file with its SHA-256.
    """
    from gazecore.export import export_study, find_exporter
    from gazecore.study import Study

    find_exporter(format_name, level)  # a wrong name is said before the study is opened
    with Study.open(study, read_only=True) as opened:
        report = export_study(
            opened,
            format_name=format_name,
            level=level,  # type: ignore[arg-type]  # checked just above
            target=out,
        )
    for reader in report.excluded:
        typer.echo(f"left out: {reader} did not consent to an export of {level}", err=True)
    for session in report.unrecorded:
        typer.echo(f"left out: {session} has no recording", err=True)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    kind = "simulated " if report.simulated else ""
    typer.echo(
        f"{report.readings} {kind}readings of {len(report.readers)} readers as {format_name}: "
        f"{report.files} files, {report.bytes / 1e6:.1f} MB in {out}"
    )
