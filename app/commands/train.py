"""Start the trainer: ``focusstation train ARGS`` is ``python -m training ARGS``.

The trainer runs in an interpreter of its own (`FOCUSSTATION_TRAINER_PYTHON`, else this one), so
that the station never imports torch and may run on another Python than the trainer.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from gazecore.errors import InvalidSettingError, MissingExtraError
from gazecore.processes import child_environment, package_root

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

INTERPRETER = "FOCUSSTATION_TRAINER_PYTHON"
FOLDER = "FOCUSSTATION_TRAINER_FOLDER"

command = typer.Typer(add_completion=False)


@command.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def train(ctx: typer.Context) -> None:
    """Train, predict, evaluate and compare networks (python -m training)."""
    raise typer.Exit(run_trainer(ctx.args))


def run_trainer(arguments: Sequence[str]) -> int:
    """Run the trainer until it ends, handing SIGTERM on; returns its exit status.

    ``python -m training`` would import any folder ``training`` of the current one, so the trainer
    starts beside our packages and only then goes to the user's folder.
    """
    environment = {**child_environment(), FOLDER: str(Path.cwd())}
    command_line = [trainer_python(), "-m", "training", *arguments]
    with subprocess.Popen(command_line, cwd=package_root(), env=environment) as trainer:

        def hand_on(number: int, frame: FrameType | None) -> None:
            del frame
            trainer.send_signal(number)

        in_main = threading.current_thread() is threading.main_thread()
        before = signal.signal(signal.SIGTERM, hand_on) if in_main else None
        try:
            return _wait(trainer)
        finally:
            if in_main:
                signal.signal(signal.SIGTERM, before)


def _wait(trainer: subprocess.Popen[bytes]) -> int:
    """Ctrl-C reaches the trainer too, which saves and ends: wait for that."""
    while True:
        try:
            return trainer.wait()
        except KeyboardInterrupt:
            continue


def trainer_python() -> str:
    """The interpreter that runs the trainer.

    Raises
    ------
    InvalidSettingError
        The configured interpreter does not exist.
    MissingExtraError
        It is this one, and torch is not installed here.
    """
    configured = os.environ.get(INTERPRETER)
    if configured:
        found = shutil.which(configured)
        if found is None:
            raise InvalidSettingError(INTERPRETER, configured, "the path of a Python interpreter")
        return found
    if importlib.util.find_spec("torch") is None:
        raise MissingExtraError("training", "training")
    return sys.executable
