"""Another Python for Tobii trackers: Tobii's SDK exists for Python 3.10, the station runs on 3.11.

``FOCUSSTATION_TOBII_PYTHON`` names an interpreter that has this package's needs and
``tobii-research``; ``focusstation tracker tobii`` then runs in it, with the same options, the
same control and the same streams.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from gazecore.errors import InvalidSettingError
from gazecore.processes import child_environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

INTERPRETER = "FOCUSSTATION_TOBII_PYTHON"

_PROBE_LIMIT_S = 30.0
_VERSIONS = ((3, 10), (3, 12))
_PROBE = """
import importlib.util, json, sys
def lacks(name): return importlib.util.find_spec(name) is None
missing = [n for n in ("numpy", "psutil", "pydantic", "pylsl", "typer") if lacks(n)]
if lacks("tobii_research") and lacks("TittaPy_v2"): missing.append("tobii-research")
print(json.dumps({"version": sys.version_info[:2], "missing": missing}))
"""


def tobii_python() -> str | None:
    """The interpreter configured for Tobii trackers; None where that is this one, or none is.

    Raises
    ------
    InvalidSettingError
        It is no Python that can run a tracker: what it lacks, and how to put it there.
    """
    configured = os.environ.get(INTERPRETER, "").strip()
    if not configured:
        return None
    found = shutil.which(os.path.expanduser(configured))
    if found is None:
        raise InvalidSettingError(INTERPRETER, configured, "the path of a Python 3.10 interpreter")
    # No look behind links: two virtual environments may share one.
    if os.path.abspath(found) == os.path.abspath(sys.executable):
        return None
    _needs_all(configured, found)
    return found


def environment_there() -> dict[str, str]:
    """The environment for a process in that interpreter, which then runs what it has itself."""
    environment = child_environment()
    environment.pop(INTERPRETER, None)
    # macOS keeps the interpreter that was started first in it.
    environment.pop("__PYVENV_LAUNCHER__", None)
    return environment


def go_on_in(python: str, arguments: Sequence[str]) -> NoReturn:
    """Go on as ``focusstation ARGUMENTS`` in another interpreter; does not return.

    The process stays the same where the system can do that, so that signals and its parent find
    it; on Windows it waits for the other one and ends with its status.
    """
    command = [python, "-m", "app.cli", *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execve(python, command, environment_there())
    raise SystemExit(subprocess.run(command, env=environment_there(), check=False).returncode)


def _needs_all(configured: str, python: str) -> None:
    try:
        done = subprocess.run(
            [python, "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=_PROBE_LIMIT_S,
            check=True,
            env=environment_there(),
        )
        told = json.loads(done.stdout)
        version, missing = tuple(told["version"]), list(told["missing"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        expected = f"a Python 3.10 interpreter ({type(error).__name__} when it was started)"
        raise InvalidSettingError(INTERPRETER, configured, expected) from error
    here = ".".join(str(part) for part in version)
    if not _VERSIONS[0] <= version <= _VERSIONS[1]:
        raise InvalidSettingError(INTERPRETER, configured, f"Python 3.10; it is Python {here}")
    if missing:
        expected = (
            f"a Python with {', '.join(missing)}: {python} -m pip install 'focusstation[tobii]'"
        )
        raise InvalidSettingError(INTERPRETER, configured, expected)
