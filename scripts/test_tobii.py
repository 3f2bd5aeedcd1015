"""Run the tests of Tobii's trackers over Tobii's own Python layer, in a Python 3.10 of their own.

``make test-tobii`` runs this. Tobii's SDK exists for Python 3.10 alone; its wheel comes from
the package index, and nothing of it is kept here. Without a Python 3.10 it says what is missing.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ".venv310"
INTERPRETER = "FOCUSSTATION_PYTHON310"
TESTS = (
    "tests/gazecore/devices",
    "tests/app/commands/test_tracker_tobii.py",
    "tests/app/commands/test_devices.py",
    "tests/app/commands/test_tracker.py",
)
MISSING = (
    "no Python 3.10 found, and Tobii's SDK exists for it alone; install one (Debian: python3.10 "
    f"and python3.10-venv; or 'pyenv install 3.10'), or name it in {INTERPRETER}"
)


def candidates(environment: Mapping[str, str], home: Path) -> Iterator[str]:
    """Where a Python 3.10 may be: as named, on the path, of pyenv."""
    if environment.get(INTERPRETER):
        yield environment[INTERPRETER]
        return
    found = shutil.which("python3.10", path=environment.get("PATH"))
    if found:
        yield found
    yield from sorted(glob.glob(str(home / ".pyenv" / "versions" / "3.10*" / "bin" / "python")))


def python310(environment: Mapping[str, str], home: Path) -> str | None:
    """The first candidate that runs and is Python 3.10; None if there is none."""
    return next((python for python in candidates(environment, home) if _is_310(python)), None)


def _is_310(python: str) -> bool:
    try:
        done = subprocess.run(
            [python, "-c", "import sys; print(sys.version_info[:2] == (3, 10))"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.strip() == "True"


def set_up(python: str, root: Path) -> Path:
    """Bring ``root/.venv310`` up to date; returns its interpreter."""
    there = root / VENV / "bin" / "python"
    stamp = root / VENV / "installed"
    digest = hashlib.sha256(python.encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((root / name).read_bytes())
    if not (stamp.is_file() and stamp.read_text() == digest.hexdigest()):
        run([python, "-m", "venv", str(root / VENV)], root)
        install = [str(there), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
        run([*install, "-c", "constraints.txt", "-e", ".[tobii,test]"], root)
        stamp.write_text(digest.hexdigest())
    return there


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command in `folder`; ends the program with its status where it fails."""
    status = subprocess.run(command, cwd=folder, check=False).returncode
    if status != 0:
        raise SystemExit(status)


def main(arguments: Sequence[str]) -> int:
    """Make the environment and run the tests; further arguments go to pytest."""
    python = python310(os.environ, Path.home())
    if python is None:
        print(f"test-tobii: {MISSING}", file=sys.stderr)
        return 1
    there = set_up(python, ROOT)
    run([str(there), "-m", "pytest", "-q", *(arguments or TESTS)], ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
