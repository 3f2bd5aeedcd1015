"""``focusstation record``: record LSL streams into an XDF file."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from gazecore.recording.plan import Outcome

command = typer.Typer(add_completion=False, rich_markup_mode=None)


@command.command()
def record(
    out: Path = typer.Option(..., "--out", help="XDF file to make; never overwritten."),
    stream: list[str] = typer.Option(
        [], "--stream", help="Name of a stream; repeat. Without: all gaze and marker streams."
    ),
    seconds: float = typer.Option(0.0, "--seconds", min=0, help="Stop after this; 0: no limit."),
    wait: float = typer.Option(10.0, "--wait", min=0, help="Wait this long for the streams."),
    planned_minutes: float = typer.Option(
        0.0, "--planned-minutes", min=0, help="Refuse to begin without room for this long."
    ),
    control: Path = typer.Option(None, "--control", help="Endpoint file for the station."),
    as_json: bool = typer.Option(False, "--json", help="Print the outcome as JSON."),
) -> int:
    """Record gaze and markers from Lab Streaming Layer; Ctrl-C or SIGTERM closes the file."""
    from gazecore import lsl
    from gazecore.recording.plan import RecordingPlan
    from gazecore.recording.process import RecorderProcess

    lsl.configure()
    plan = RecordingPlan(
        out=out,
        names=tuple(stream),
        seconds=seconds or None,
        wait_s=wait,
        control=control,
        planned_s=60 * planned_minutes or seconds,
    )
    outcome = RecorderProcess(plan).run(started=None if as_json else _say_started)
    _say(json.dumps(asdict(outcome)) if as_json else _in_words(outcome))
    if outcome.error is not None:
        typer.echo(f"focusstation: recording stopped: {outcome.error}", err=True)
    return 0 if outcome.verified and outcome.error is None else 1


def _say_started(status: dict[str, Any]) -> None:
    _say(f"recording {', '.join(status['streams'])} to {status['file']}")
    for name in status["missing"]:
        _say(f"  not there yet: {name}; it joins when it appears")


def _in_words(outcome: Outcome) -> str:
    lines = [f"{'verified' if outcome.verified else 'NOT verified'}: {outcome.file}"]
    lines += [f"  {name}: {samples} samples" for name, samples in outcome.samples.items()]
    lines += [f"  fault: {fault}" for fault in outcome.faults]
    return "\n".join([*lines, f"  gaps: {outcome.gaps}"])


def _say(text: str) -> None:
    """Print; whoever started the recorder may be gone, and that stops nothing."""
    with contextlib.suppress(BrokenPipeError):
        print(text, flush=True)
