"""``focusstation verify``: prove that a recording is as it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from gazecore.recording import Recording

_BEING_WRITTEN = "it is being recorded right now; all that is proven so far is there"

command = typer.Typer(add_completion=False, rich_markup_mode=None)


@command.command()
def verify(
    file: Path = typer.Argument(..., help="An XDF file."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> int:
    """Check a recording's integrity: streams, samples, gaps, damage; exit 1 when damaged."""
    from gazecore.recording import read

    report = _report(read(file))
    if as_json:
        print(json.dumps(report))
    else:
        _print(report)
    return 1 if report["damaged"] else 0


def _report(recording: Recording) -> dict[str, Any]:
    from dataclasses import asdict

    from gazecore.messages import GapFound
    from gazecore.recording.hold import is_held

    damage = recording.damage
    being_written = damage.proven and not damage.closed and is_held(recording.path)
    gaps = [m for m in recording.faults() if isinstance(m, GapFound)]
    return {
        "file": str(recording.path),
        "damaged": bool(damage.regions) if being_written else not damage.sound,
        "integrity": "proven" if damage.proven else "unknown",
        "closed": damage.closed,
        "being_written": being_written,
        "begun": recording.begun,
        "simulated": recording.simulated,
        "streams": {
            name: {
                "type": stream.type,
                "samples": len(stream),
                "seconds": float(stream.t_s[-1] - stream.t_s[0]) if len(stream) else 0.0,
            }
            for name, stream in recording.streams.items()
        },
        "gaps": [m.model_dump(include={"stream", "from_s", "to_s", "missing"}) for m in gaps],
        "damage": asdict(damage),
        "summary": [_BEING_WRITTEN] if being_written else _sentences(recording),
    }


def _sentences(recording: Recording) -> list[str]:
    """What the report says, and for a recording that was cut off what the station says of it."""
    from gazecore.recording.recovery import examine

    damage = recording.damage
    told = None if damage.closed or not damage.proven else examine(recording.path)
    return [*damage.sentences(), *(told.sentences() if told and not told.closed else ())]


def _print(report: dict[str, Any]) -> None:
    print(report["file"] + (" (simulated)" if report["simulated"] else ""))
    for name, stream in report["streams"].items():
        print(f"  {name}: {stream['samples']} samples in {stream['seconds']:.1f} s")
    for gap in report["gaps"]:
        lost = "unknown" if gap["missing"] is None else gap["missing"]
        print(f"  gap in {gap['stream']}: {gap['to_s'] - gap['from_s']:.3f} s, missing {lost}")
    for sentence in report["summary"]:
        print(f"  {sentence}")
