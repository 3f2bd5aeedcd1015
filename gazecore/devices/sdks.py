"""The trackers' SDKs: which are installed, in this Python or the configured one, what they find."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from dataclasses import dataclass, replace

from gazecore.devices.interpreter import INTERPRETER, tobii_python
from gazecore.devices.sdk_search import SdkFound, SdkSearch

_SDKS = (
    ("tobii_research", "tobii-research", "tobii", "3.10"),
    ("TittaPy_v2", "TittaPy", "titta", "3.10 or newer"),
)


@dataclass(frozen=True, slots=True)
class SdkState:
    """Whether a vendor's SDK is there, in this Python or the configured one, and what it finds."""

    module: str
    installed: bool
    version: str
    note: str
    trackers: tuple[str, ...] = ()


def sdk_states() -> list[SdkState]:
    """The state of each SDK a driver may use, in this Python; no tracker is looked for."""
    return [_sdk_state(*sdk) for sdk in _SDKS]


class TrackerSearch:
    """A search for trackers by the SDKs there are, in processes beside this one.

    Made before anything else that waits; `states` then waits for the rest of it, and leaving its
    context gives up what still goes on.

    Raises
    ------
    InvalidSettingError
        The interpreter configured for Tobii trackers is of no use.
    """

    def __init__(self) -> None:
        self._configured = tobii_python()
        here = sdk_states()
        self._here = here
        pythons = [sys.executable] if any(state.installed for state in here) else []
        pythons += [self._configured] if self._configured else []
        self._searches = {python: SdkSearch(python) for python in pythons}

    def __enter__(self) -> TrackerSearch:
        return self

    def __exit__(self, *_: object) -> None:
        for search in self._searches.values():
            search.close()

    def states(self) -> list[SdkState]:
        """The SDKs of this Python and of the configured one, with the trackers found."""
        results = {python: search.results() for python, search in self._searches.items()}
        found = {one.module: one for one in results.get(sys.executable, ())}
        states = [_with_trackers(state, found) for state in self._here]
        if self._configured:
            states += [
                _state_there(one, self._configured) for one in results.get(self._configured, ())
            ]
        return states


def _with_trackers(state: SdkState, found: dict[str, SdkFound]) -> SdkState:
    if not state.installed:
        return state
    one = found.get(state.module) or next(iter(found.values()), None)
    if one is None:
        return replace(state, note="its search gave nothing")
    return replace(state, trackers=one.trackers, note=one.problem)


def _state_there(one: SdkFound, python: str) -> SdkState:
    place = f"in {python} ({INTERPRETER})"
    note = f"{place}: {one.problem}" if one.problem else place
    return SdkState(one.module, bool(one.version), one.version, note, one.trackers)


def _sdk_state(module: str, package: str, extra: str, python: str) -> SdkState:
    if importlib.util.find_spec(module) is None:
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        note = f"pip install 'focusstation[{extra}]' (Python {python}; this is {here})"
        return SdkState(module, False, "", note)
    return SdkState(module, True, importlib.metadata.version(package), "")
