"""``focusstation doctor``: what works on this machine."""

from __future__ import annotations

import json

import typer

command = typer.Typer(rich_markup_mode=None)


@command.command()
def doctor(
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document."),
) -> None:
    """Check Qt and the screen, LSL, tracker SDKs, GPUs, disk; exit 1 if the station cannot run."""
    import os
    import sys
    from dataclasses import asdict

    from app.diagnosis.checks import CHECKS
    from gazecore import lsl

    lsl.configure()
    if sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found = []
    for check in CHECKS:
        outcome = check()
        found.append(outcome)
        if not as_json:
            typer.echo(f"{outcome.level:>4}  {outcome.name}: {outcome.detail}")
    works = all(outcome.level != "bad" for outcome in found)
    if as_json:
        checks = [asdict(outcome) for outcome in found]
        typer.echo(json.dumps({"schema_version": 1, "works": works, "checks": checks}))
    if not works:
        raise typer.Exit(1)
