"""``focusstation import-gaze``: gaze recorded elsewhere becomes sessions of a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

command = typer.Typer(rich_markup_mode=None)

_LATER = ("egd", "coco-search", "bids")


@command.command(context_settings={"help_option_names": ["-h", "--help"]})
def import_gaze(
    folder: Path = typer.Argument(help="The data set's folder."),
    format_name: str = typer.Option(
        ..., "--format", help="reflacx, with its samples; egd, coco-search and bids will follow."
    ),
    study: Path = typer.Option(..., help="The study to add to; its screen is the recorded one."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document."),
) -> None:
    """Bring gaze recorded elsewhere into a study, a session for each of its readers.

    The study's protocol must have the screen on which the gaze was recorded (study protocol
    --set screen.width_px=...). Readers that are new are added.
    """
    from gazecore.errors import InvalidSettingError, NotYetError

    if format_name in _LATER:
        raise NotYetError(
            f"importing {format_name}", "reflacx is there, with samples (as exported at level raw)"
        )
    if format_name != "reflacx":
        raise InvalidSettingError("--format", format_name, "reflacx")
    report = _import_reflacx(folder, study)
    if as_json:
        typer.echo(json.dumps(report))
    else:
        typer.echo(f"{report['readings']} readings imported as {', '.join(report['sessions'])}")


def _import_reflacx(folder: Path, study: Path) -> dict[str, Any]:
    from gazecore.importers import read_reflacx, store_sitting
    from gazecore.importers.reflacx import is_simulated
    from gazecore.study import Study

    with Study.open(study) as opened:
        readings = read_reflacx(folder, opened)
        simulated = is_simulated(folder)
        known = {reader.reader_id for reader in opened.readers()}
        for reader_id in readings:
            if reader_id not in known:
                opened.add_reader(reader_id)
        sessions = [
            store_sitting(opened, reader_id, mine, source="reflacx", simulated=simulated)
            for reader_id, mine in readings.items()
        ]
    return {
        "readers": list(readings),
        "sessions": [session.session_id for session in sessions],
        "readings": sum(len(mine) for mine in readings.values()),
        "simulated": simulated,
    }
