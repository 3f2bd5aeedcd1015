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
    ctx: typer.Context,
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
    stream: str = typer.Option("", help="Which stream of the recording to replay."),
    address: str = typer.Option("", help="Address of a Tobii tracker (tet-tcp://...)."),
    mode: str = typer.Option("", help="Eye tracking mode of a Tobii tracker."),
    screen_mm: tuple[float, float] = typer.Option(
        (0.0, 0.0), help="Width and height of the screen, to compare Tobii's display area with."
    ),
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

    _go_to_configured_python(driver, ctx)
    lsl.configure()
    foreign = outlet_profile(profile) if profile else None
    if rate is None and foreign is not None:
        rate = foreign.usual_rate_hz
    script = FaultScript(read_faults(faults) if faults else ())
    options = DriverOptions(
        *(rate, seed, noise_deg, uncalibrated_deg, blinks, scenes, file, address),
        mode=mode,
        screen_mm=None if screen_mm == (0.0, 0.0) else screen_mm,
        stream=stream,
        eyes=tuple(eyes),
        calibration_faults=script.of_calibration,
    )
    device = make_driver(driver, options)
    settings = TrackerSettings(
        stream_name=name.strip() or (foreign.stream_name if foreign else GAZE_STREAM_NAME),
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


def _go_to_configured_python(driver: str, ctx: typer.Context) -> None:
    """Go on in the Python that is configured for Tobii trackers, if one is."""
    from gazecore.devices.interpreter import go_on_in, tobii_python

    python = tobii_python() if driver == "tobii" else None
    if python is not None:
        go_on_in(python, ["tracker", *_given(ctx)])


def _given(ctx: typer.Context) -> list[str]:
    """The arguments of this call, as they can be given again."""
    words: list[str] = []
    for parameter in ctx.command.params:
        value = ctx.params.get(parameter.name or "")
        if value is None or value == parameter.get_default(ctx):
            continue
        if parameter.param_type_name == "argument":
            words.insert(0, str(value))
        elif isinstance(value, bool):
            names = parameter.opts if value else parameter.secondary_opts
            words += names[:1]
        elif getattr(parameter, "multiple", False):
            words += [word for one in value for word in (parameter.opts[0], str(one))]
        else:
            values = value if isinstance(value, tuple) else (value,)
            words += [parameter.opts[0], *(str(v) for v in values)]
    return words


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
