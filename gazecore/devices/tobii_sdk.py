"""Tobii's SDK `tobii_research` 2.1: loading it, its errors in plain words, finding a tracker.

Its calls may block for seconds, and a property call that timed out looks like a success with
nothing in it (its Python layer takes the status ``se_timed_out`` for no error), so what it gives
is looked at before it is believed.
"""

from __future__ import annotations

import importlib
import sys
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gazecore.errors import MissingExtraError, TrackerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LICENCE_NOTICE = (
    "Tobii's licence: its SDK may be used for non-commercial research only; medical or commercial "
    "use needs another licence; a consumer tracker needs an analytical-use licence, the reader's "
    "consent and a visible sign of recording"
)
SEARCH_WAIT_S = 8.0
ANSWER_LIMIT_S = 10.0
"""A property that is not told within this is not told at all."""

_ADVICE = {
    "EyeTrackerConnectionFailedError": "check its cable, its power and its address",
    "EyeTrackerFeatureNotSupportedError": "this model cannot do it",
    "EyeTrackerInternalError": "check its address and restart it",
    "EyeTrackerInvalidOperationError": "close other programs that use it",
    "EyeTrackerLicenseError": "its licence does not allow it; see Tobii's Eye Tracker Manager",
    "EyeTrackerOperationFailedError": "try again; if it stays, restart it",
    "EyeTrackerUnavailableError": "check its cable and its power",
    "EyeTrackerDisplayAreaNotValidError": "set its display area up in Tobii's Eye Tracker Manager",
    "EyeTrackerSavedLicenseFailedToApplyError": "its licence has expired; ask Tobii for a new one",
    "EyeTrackerFeatureDeprecatedError": "this SDK no longer does it; install tobii-research 2.1",
}
_ANY_ADVICE = "check its cable, its licence and Tobii's Eye Tracker Manager"


def load_sdk() -> Any:
    """The vendor's module.

    Raises
    ------
    MissingExtraError
        It is not installed; it exists for Python 3.10 alone.
    """
    try:
        return importlib.import_module("tobii_research")
    except ImportError as error:
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        purpose = f"the tobii tracker (Tobii's SDK exists for Python 3.10; this is {here})"
        raise MissingExtraError(purpose, "tobii") from error


def sdk_errors(sdk: Any) -> tuple[type[Exception], ...]:
    """The SDK's error classes, which share no base."""
    return tuple(getattr(sdk, name) for name in _ADVICE if hasattr(sdk, name))


@contextmanager
def explained(sdk: Any, doing: str) -> Iterator[None]:
    """Turn the SDK's errors into one line of ours: what was refused, why, what to do."""
    refusals: tuple[type[Exception], ...] = (*sdk_errors(sdk), ValueError)
    try:
        yield
    except refusals as error:
        advice = _ADVICE.get(type(error).__name__, _ANY_ADVICE)
        said = _unquoted(str(error)) or type(error).__name__
        raise TrackerError(f"the tracker refused {doing}: {said}; {advice}") from error


def _unquoted(text: str) -> str:
    """The text of an error of the SDK, which tells itself in quotes."""
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if is_quoted else text


def answered(
    sdk: Any,
    what: str,
    ask: Callable[[], Any],
    is_sound: Callable[[Any], bool],
    *,
    limit_s: float = ANSWER_LIMIT_S,
) -> Any:
    """What the tracker says when asked for a property, asked twice if the answer is unsound.

    Parameters
    ----------
    what : str
        The property, for the error: ``its rate``.
    is_sound : callable
        Whether the value can be what was asked for.

    Raises
    ------
    TrackerError
        The SDK refused, gave no sound value twice, or did not come back within `limit_s`.
    """
    value: Any = None
    for _ in range(2):
        with explained(sdk, what):
            try:
                value = _within(limit_s, ask)
            except FutureTimeoutError:
                break
            except (TypeError, KeyError, IndexError):
                # The SDK's Python layer over the empty result of a call that timed out.
                continue
        if is_sound(value):
            return value
    raise TrackerError(f"the tracker gives {value!r} when asked for {what}; restart it")


def search_trackers(
    sdk: Any, wait_s: float = SEARCH_WAIT_S, pause_s: float = 0.5
) -> tuple[Any, ...]:
    """All trackers that the SDK finds; empty where none appeared within `wait_s`.

    The first search of a process takes 2 s, later ones look into a list that is kept up in the
    background, and any may come back empty although a tracker is there: so it is asked again.
    """
    deadline = time.monotonic() + wait_s
    while True:
        with explained(sdk, "the search"):
            found = tuple(sdk.find_all_eyetrackers())
        if found or time.monotonic() + pause_s > deadline:
            return found
        time.sleep(pause_s)


def find_tracker(
    sdk: Any, address: str = "", *, wait_s: float = SEARCH_WAIT_S, pause_s: float = 0.5
) -> Any:
    """The tracker at an address (``tet-tcp://...``), or the first that is found.

    Raises
    ------
    TrackerError
        None was found in time, or the address is none of a tracker.
    """
    if address:
        with explained(sdk, f"the connection to {address}"):
            return sdk.EyeTracker(address)
    found = search_trackers(sdk, wait_s, pause_s)
    if not found:
        raise TrackerError("no Tobii tracker found; check cable and power, or give --address")
    return found[0]


def _within(limit_s: float, call: Callable[[], Any]) -> Any:
    """The result of a call that may never come back."""
    outcome: Future[Any] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except Exception as error:  # noqa: BLE001 - the thread's door: raised again by result()
            outcome.set_exception(error)

    threading.Thread(target=run, name="tobii-property", daemon=True).start()
    return outcome.result(limit_s)
