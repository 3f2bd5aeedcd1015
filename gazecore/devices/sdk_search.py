"""``python -m gazecore.devices.sdk_search``: the trackers that this Python's SDK finds, as JSON.

A search may keep the interpreter to itself for two seconds and what an SDK starts stays in its
process, so whoever asks for trackers does it through this one.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from gazecore.devices.interpreter import environment_there
from gazecore.devices.titta_sdk import TittaSdk
from gazecore.devices.tobii_sdk import load_sdk, search_trackers
from gazecore.errors import FocusStationError

if TYPE_CHECKING:
    from collections.abc import Callable

SEARCH_S = 2.5
_LIMIT_S = 8.0


@dataclass(frozen=True, slots=True)
class SdkFound:
    """An SDK in a Python and the trackers it finds: model, serial number, address each.

    `problem` is why the search failed, in a line.
    """

    module: str
    version: str
    trackers: tuple[str, ...] = ()
    problem: str = ""


@dataclass(slots=True)
class SdkSearch:
    """A search in a process of its own, in any Python; `results` waits for it."""

    python: str = sys.executable
    _process: subprocess.Popen[str] = field(init=False)
    _started_s: float = field(init=False)

    def __post_init__(self) -> None:
        self._started_s = time.monotonic()
        self._process = subprocess.Popen(
            [self.python, "-m", "gazecore.devices.sdk_search"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment_there(),
        )

    def results(self) -> tuple[SdkFound, ...]:
        """What it found; empty where no SDK is there, one with a problem where it hangs or dies."""
        left_s = max(0.1, self._started_s + _LIMIT_S - time.monotonic())
        try:
            said, _ = self._process.communicate(timeout=left_s)
            return tuple(
                SdkFound(**{**one, "trackers": tuple(one["trackers"])}) for one in json.loads(said)
            )
        except subprocess.TimeoutExpired:
            self.close()
            return (SdkFound("tobii", "", problem="its search does not come back"),)
        except (ValueError, KeyError, TypeError):
            status = self._process.returncode
            return (SdkFound("tobii", "", problem=f"its search died with status {status}"),)

    def close(self) -> None:
        """Give the search up, if it still goes on."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def search_here() -> list[SdkFound]:
    """The SDKs of this Python, each with what it finds."""
    kinds: tuple[tuple[str, str, Callable[[], tuple[str, ...]]], ...] = (
        ("tobii_research", "tobii-research", lambda: tobii_trackers(load_sdk())),
        ("TittaPy_v2", "TittaPy", lambda: tobii_trackers(TittaSdk.load())),
    )
    found = []
    for module, package, search in kinds:
        if importlib.util.find_spec(module) is not None:
            version = importlib.metadata.version(package)
            try:
                found.append(SdkFound(module, version, search()))
            except FocusStationError as error:
                found.append(SdkFound(module, version, problem=str(error)))
    return found


def tobii_trackers(sdk: Any) -> tuple[str, ...]:
    """Model, serial number and address of each tracker that Tobii's SDK finds."""
    found = search_trackers(sdk, SEARCH_S)
    return tuple(f"{t.model} {t.serial_number} at {t.address}" for t in found)


if __name__ == "__main__":
    sys.stdout.write(json.dumps([asdict(one) for one in search_here()]))
