"""``focusstation verify``: prove that a recording is as it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from gazecore.recording import Recording

_MOST_FAULTS = 20
_BEING_WRITTEN = "it is being recorded right now; all that is proven so far is there"

command = typer.Typer(add_completion=False, rich_markup_mode=None)


@command.command()
def verify(
    file: Path = typer.Argument(..., help="An XDF file."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> int:
    """Check a recording's integrity: streams, samples, gaps, damage; exit 1 when damaged."""
    from gazecore.recording import survey

    report = _report(survey(file))
    if as_json:
        print(json.dumps(report))
    else:
        _print(report)
    return 1 if report["damaged"] else 0


def _report(recording: Recording) -> dict[str, Any]:
    from dataclasses import asdict

    from gazecore.recording.hold import is_held

    damage = recording.damage
    being_written = damage.proven and not damage.closed and is_held(recording.path)
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
        **_incidents(recording),
        "damage": asdict(damage),
        "summary": [_BEING_WRITTEN] if being_written else _sentences(recording),
    }


def _incidents(recording: Recording) -> dict[str, Any]:
    """Gaps and faults told by recorder and station; `after_s` counts from the first sample."""
    from gazecore.messages import FaultFound, GapFound

    firsts_s = [stream.t_s[0] for stream in recording.streams.values() if len(stream)]
    begun_s = min(firsts_s, default=0.0)
    told = sorted((*recording.faults(), *recording.markers()), key=lambda marker: marker.t_s)
    gaps = [m for m in told if isinstance(m, GapFound)]
    faults = [m for m in told if isinstance(m, FaultFound)]
    kept = {"stream", "from_s", "to_s", "missing"}
    return {
        "gaps": [m.model_dump(include=kept) | {"after_s": m.from_s - begun_s} for m in gaps],
        "faults": [
            {"after_s": m.t_s - begun_s, "source": m.source, "detail": m.detail} for m in faults
        ],
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
        seconds = gap["to_s"] - gap["from_s"]
        after = f"after {gap['after_s']:.1f} s"
        print(f"  gap in {gap['stream']}: {seconds:.3f} s {after}, missing {lost}")
    for fault in report["faults"][:_MOST_FAULTS]:
        print(f"  fault after {fault['after_s']:.1f} s: {fault['source']}: {fault['detail']}")
    if len(report["faults"]) > _MOST_FAULTS:
        print(f"  and {len(report['faults']) - _MOST_FAULTS} more faults (--json tells all)")
    for sentence in report["summary"]:
        print(f"  {sentence}")
