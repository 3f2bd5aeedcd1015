"""``focusstation devices``: the gaze streams on the bus and the trackers' SDKs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from gazecore.devices.discovery import StreamFound
    from gazecore.devices.sdks import SdkState

command = typer.Typer(
    rich_markup_mode=None, context_settings={"help_option_names": ["-h", "--help"]}
)


@command.command()
def devices(
    wait: float = typer.Option(1.0, min=0.1, max=60.0, help="Seconds to listen for streams."),
    host: list[str] = typer.Option([], "--host", help="Look on this machine, too; repeat."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON document."),
) -> None:
    """List gaze streams (Lab Streaming Layer) and the state of the trackers' SDKs."""
    from dataclasses import asdict

    from gazecore.devices.sdks import TrackerSearch

    # It takes longest, so it begins before anything else is imported.
    with TrackerSearch() as search:
        from gazecore import lsl
        from gazecore.devices.catalogue import DRIVERS
        from gazecore.devices.discovery import find_streams
        from gazecore.devices.tobii_sdk import LICENCE_NOTICE

        lsl.name_hosts(host)
        lsl.configure()
        streams = find_streams(wait)
        sdks = search.states()
    if as_json:
        document = {
            "schema_version": 1,
            "streams": [asdict(stream) for stream in streams],
            "sdks": [asdict(sdk) for sdk in sdks],
            "drivers": list(DRIVERS),
            "notices": [LICENCE_NOTICE],
        }
        typer.echo(json.dumps(document))
        return
    for stream in streams:
        typer.echo(_in_words(stream))
    if not streams:
        typer.echo("no gaze streams; start one with 'focusstation tracker simulated'")
    for sdk in sdks:
        typer.echo(_sdk_in_words(sdk))
    typer.echo(LICENCE_NOTICE)


def _sdk_in_words(sdk: SdkState) -> str:
    if not sdk.installed:
        return f"{sdk.module}: not installed; {sdk.note}"
    note = f"; {sdk.note}" if sdk.note else ""
    found = [f"  {tracker}" for tracker in sdk.trackers] or ["  no tracker found"]
    return "\n".join([f"{sdk.module}: {sdk.version}{note}", *found])


def _in_words(stream: StreamFound) -> str:
    from gazecore.streams.rates import rate_text

    rate = rate_text(stream.measured_rate_hz, stream.true_rate_hz or stream.declared_rate_hz)
    kind = ", simulated" if stream.simulated else ""
    standing = {
        "ours": "FocusStation's own channels",
        "known": f"known: {stream.profile}",
        "unmapped": f"unknown: {stream.reason}",
        "refused": f"refused: {stream.reason}",
    }[stream.standing]
    return f"{stream.name}: {stream.channels} channels, {rate}{kind}\n  {standing}"
