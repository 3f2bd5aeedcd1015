"""The command line ``focusstation``: a command is a module of `app.commands`, imported late.

To add a command: write ``app/commands/<name>.py`` with a `typer.Typer` called ``command`` and add
its name to `COMMANDS`.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from gazecore.errors import FocusStationError

COMMANDS = (
    "demo",
    "doctor",
    "devices",
    "tracker",
    "record",
    "verify",
    "inspect",
    "study",
    "analyse",
    "export",
    "import-gaze",
    "train",
)

IN_TIME = ("record", "tracker")
"""Commands whose processes have to be in time, whatever else the machine does."""


class _LazyGroup(TyperGroup):
    """Imports a command's module only when that command is looked at."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"app.commands.{cmd_name.replace('-', '_')}")
        command = typer.main.get_command(module.command)
        command.name = cmd_name
        return command


program = typer.Typer(
    name="focusstation",
    cls=_LazyGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@program.callback(invoke_without_command=True)
def station(
    ctx: typer.Context,
    study: str = typer.Option("", "--study", help="Study folder to open."),
    reader: str = typer.Option("", "--reader", help="Sign this reader in."),
    tracker: str = typer.Option(
        "",
        help="simulated, pointer, tobii, replay, or lsl for another program's stream "
        "(default: the study's stream, else simulated).",
    ),
    stream: str = typer.Option("", "--stream", help="Name of the stream for --tracker lsl."),
    tracker_arguments: str = typer.Option("", help="Further options of 'focusstation tracker'."),
    offscreen: bool = typer.Option(False, "--offscreen", help="Draw to memory, without a display."),
    pilot: str = typer.Option("", "--pilot", help="Script that types and clicks (demo, tests)."),
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    """Read X-rays while gaze is recorded; without a command, open the station."""
    if version:
        from gazecore import __version__

        typer.echo(f"focusstation {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        from app.commands.station import StationOptions, open_station

        options = StationOptions(
            study, reader, tracker, tracker_arguments, stream, offscreen, pilot
        )
        raise typer.Exit(open_station(options))


def _usage_error_type() -> type[Exception]:
    """Click's error for wrong usage, from whichever click this typer uses."""
    return next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0, its own, or 2 with one line on stderr."""
    try:
        status = typer.main.get_command(program)(args=arguments, standalone_mode=False)
    except FocusStationError as error:
        typer.echo(f"focusstation: {error}", err=True)
        return 2
    except _usage_error_type() as error:
        typer.echo(f"focusstation: {error.format_message()}", err=True)  # type: ignore[attr-defined]
        return 2
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("focusstation: stopped", err=True)
        return 130
    return status if isinstance(status, int) else 0


def main() -> None:
    """Entry point of ``focusstation`` and ``python main.py``."""
    if sys.argv[1:2] and sys.argv[1] in IN_TIME:
        from gazecore.priority import raise_priority

        raise_priority()
    sys.exit(run())


if __name__ == "__main__":
    main()
