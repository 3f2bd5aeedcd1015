"""Starting our own processes so that they survive the starter and find our packages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def package_root() -> Path:
    """The folder that holds the packages ``app``, ``gazecore`` and ``training``."""
    return Path(__file__).resolve().parent.parent


def child_environment() -> dict[str, str]:
    """This environment, with our packages importable from any working folder.

    ``PYTHONSAFEPATH`` (Python 3.11) keeps ``python -m`` from putting the working folder before
    them, where a folder of the user's may bear the name of one of ours.
    """
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    known = environment.get("PYTHONPATH", "")
    environment["PYTHONPATH"] = os.pathsep.join(p for p in (str(package_root()), known) if p)
    return environment


def focusstation_command(*arguments: str) -> list[str]:
    """The command line of ``focusstation ARGUMENTS`` with this interpreter."""
    return [sys.executable, "-m", "app.cli", *arguments]


def start_detached(
    command: Sequence[str],
    *,
    log: Path,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that outlives this one: own process group, no pipes, output to `log`.

    It works in `folder`, by default in the current one.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment or child_environment(),
            cwd=folder,
            start_new_session=True,
        )
