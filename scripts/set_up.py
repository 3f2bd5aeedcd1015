"""Make the project's virtual environment: the system libraries of Qt, torch, the package itself.

``make`` runs this with the system's Python before every target; it needs the standard library
alone and does nothing when all is there. ``FOCUSSTATION_TORCH_INDEX`` names an extra package
index for torch (the CPU build: https://download.pytorch.org/whl/cpu).
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = "training,demo,test"
PYTHON_RANGE = ((3, 10), (3, 12))

QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
"""What Qt loads without a display, and the Debian and Ubuntu package of each."""

SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt loads besides under X11."""


class SetUpError(Exception):
    """Something that only the user can put right, in one line."""


def missing_libraries(wanted: Mapping[str, str]) -> list[str]:
    """The packages of those libraries in `wanted` (name -> package) that cannot be loaded."""
    return [package for library, package in wanted.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def system_packages(environment: Mapping[str, str]) -> list[str]:
    """The Debian packages this machine still needs: Qt's, and venv's where Python lacks it."""
    packages = missing_libraries(QT_LIBRARIES)
    if environment.get("DISPLAY"):
        packages += missing_libraries(SCREEN_LIBRARIES)
    if importlib.util.find_spec("ensurepip") is None:
        packages.append(f"python3.{sys.version_info.minor}-venv")
    return packages


def install_system_packages(packages: list[str]) -> None:
    """Install `packages` with apt-get, as root or through sudo.

    Raises
    ------
    SetUpError
        When apt-get is absent, may not be used, or fails; the message names the packages.
    """
    by_hand = f"install these system packages: {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        raise SetUpError(f"no apt-get here; {by_hand} (or what your system calls them)")
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    if sudo and shutil.which("sudo") is None:
        raise SetUpError(f"neither root nor sudo; {by_hand}")
    say(f"installing {' '.join(packages)}")
    install = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q"]
    for command in (
        [*sudo, "apt-get", "update", "-q"],
        [*sudo, *install, "--no-install-recommends", *packages],
    ):
        if subprocess.run(command, check=False).returncode != 0:
            raise SetUpError(f"'{' '.join(command)}' failed; {by_hand}")


def fingerprint(files: Iterable[Path]) -> str:
    """A digest of the interpreter's version and these files: equal means nothing to install."""
    digest = hashlib.sha256(sys.version.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def pip_commands(python: Path, environment: Mapping[str, str]) -> list[list[str]]:
    """What to install, in order: torch first, so that nothing after it picks another build."""
    install = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    constrained = [*install, "-c", "constraints.txt"]
    index = environment.get("FOCUSSTATION_TORCH_INDEX")
    torch = [*constrained, "torch"] + (["--extra-index-url", index] if index else [])
    return [torch, [*constrained, "-e", f".[{EXTRAS}]"]]


def set_up(root: Path) -> bool:
    """Bring ``root/.venv`` up to date; returns whether anything had to be done."""
    stamp = root / ".venv" / "installed"
    wanted = fingerprint([root / "pyproject.toml", root / "constraints.txt", Path(__file__)])
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    if not PYTHON_RANGE[0] <= sys.version_info[:2] <= PYTHON_RANGE[1]:
        raise SetUpError(f"Python 3.10 to 3.12 is needed, this is {sys.version.split()[0]}")
    stamp.unlink(missing_ok=True)
    packages = system_packages(os.environ)
    if packages:
        install_system_packages(packages)
    say("making .venv")
    python = root / ".venv" / "bin" / "python"
    run([sys.executable, "-m", "venv", str(root / ".venv")], root)
    for command in pip_commands(python, os.environ):
        say(f"installing {command[-1]} (minutes, the first time)")
        run(command, root)
    stamp.write_text(wanted)
    return True


def run(command: list[str], folder: Path) -> None:
    """Run a command in `folder`, or stop with its name."""
    if subprocess.run(command, cwd=folder, check=False).returncode != 0:
        raise SetUpError(f"'{' '.join(command)}' failed; see above")


def say(text: str) -> None:
    """Tell the user what goes on."""
    print(f"set-up: {text}", flush=True)


def main() -> int:
    """Set up this copy of the project."""
    try:
        if set_up(ROOT):
            say("done")
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
