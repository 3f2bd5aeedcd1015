"""``focusstation tracker DRIVER``: one tracker as an LSL stream, until stopped."""

from __future__ import annotations

import json
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

command = typer.Typer(
    rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}
)


@command.command()
def tracker(
    driver: str = typer.Argument(help="simulated, pointer, replay or tobii."),
    rate: float | None = typer.Option(None, help="Samples per second (default 120)."),
    name: str = typer.Option("", help="Name of the LSL stream (default 'FocusStation gaze')."),
    profile: str = typer.Option(
        "", help="Send as this foreign outlet would: titta, eyelink, gazepoint..."
    ),
    seed: int = typer.Option(0, help="Seed of the simulated reader."),
    seconds: float | None = typer.Option(None, help="End after this long."),
    faults: Path | None = typer.Option(None, help="JSON or TOML file of faults to play."),
    truth: Path | None = typer.Option(None, help="CSV file for the true gaze of each sample."),
    control: Path | None = typer.Option(None, help="Endpoint file for commands."),
    scenes: Path | None = typer.Option(None, help="What attracts the simulated reader."),
    noise_deg: float = typer.Option(0.1, help="Simulated noise, RMS in degrees; 0 is exact."),
    uncalibrated_deg: float | None = typer.Option(
        None, help="Simulated error before calibration (default 1; 0 without noise)."
    ),
    blinks: bool | None = typer.Option(
        None,
        "--blinks/--no-blinks",
        help="Whether the simulated reader blinks (not without noise).",
    ),
    eyes: list[str] = typer.Option(
        [], metavar="NAME=VALUE", help="Option of the simulated eyes, e.g. microsaccades_per_s=2."
    ),
    file: Path | None = typer.Option(None, help="Recording (XDF) for replay."),
    address: str = typer.Option("", help="Address of a Tobii tracker (tet-tcp://...)."),
    as_json: bool = typer.Option(False, "--json", help="Print the outcome as JSON."),
) -> None:
    """Send a tracker's gaze over LSL until stopped (Ctrl-C, SIGTERM, or the control's stop)."""
    from dataclasses import asdict

    from gazecore import lsl
    from gazecore.devices.catalogue import DriverOptions, make_driver
    from gazecore.devices.faults import FaultScript, read_faults
    from gazecore.devices.foreign_outlet import ForeignFormat
    from gazecore.devices.outgoing import OwnFormat
    from gazecore.devices.outlet_profiles import outlet_profile
    from gazecore.devices.process import Tracker, TrackerSettings
    from gazecore.samples import GAZE_STREAM_NAME

    lsl.configure()
    foreign = outlet_profile(profile) if profile else None
    if rate is None and foreign is not None:
        rate = foreign.usual_rate_hz
    script = FaultScript(read_faults(faults) if faults else ())
    options = DriverOptions(
        *(rate, seed, noise_deg, uncalibrated_deg, blinks, scenes, file, address),
        eyes=tuple(eyes),
        calibration_faults=script.of_calibration,
    )
    device = make_driver(driver, options)
    settings = TrackerSettings(
        stream_name=name or (foreign.stream_name if foreign else GAZE_STREAM_NAME),
        seconds=seconds,
        faults=script,
        format=ForeignFormat(foreign, device, seed) if foreign else OwnFormat(),
        truth=truth,
        control=control,
    )
    running = Tracker(device, settings)
    with _stopped_by_signals(running.stop):
        outcome = running.run()
    if as_json:
        typer.echo(json.dumps(asdict(outcome)))
    else:
        kind = "simulated " if outcome.simulated else ""
        typer.echo(
            f"{outcome.stream}: sent {outcome.sent} {kind}samples in {outcome.seconds:.1f} s"
        )


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """End cleanly on Ctrl-C and SIGTERM meanwhile; the handler only sets a flag."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda _number, _frame: stop()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
