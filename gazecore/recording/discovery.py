"""Which LSL streams to record: those named, or all gaze and marker streams that answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pylsl

from gazecore import lsl
from gazecore.errors import AcquisitionError, AmbiguousStreamError, NoStreamError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Infos = list[pylsl.StreamInfo]

_LOOK_S = 0.3
"""One look for streams; a cancelled search ends within a few of them."""


def find_streams(names: Sequence[str], wait_s: float, cancelled: Callable[[], bool]) -> Infos:
    """The streams to record, waiting up to `wait_s` for them.

    Without names: all gaze streams and all streams of type ``Markers``; waits for a gaze
    stream, and does with markers alone when none came.

    Raises
    ------
    NoStreamError
        A named stream, or any gaze or marker stream, did not appear in time.
    AmbiguousStreamError
        Two streams have the same name.
    AcquisitionError
        The search was cancelled.
    """
    look = _look_for_named if names else _look_for_any
    deadline = time.monotonic() + wait_s
    while True:
        found = look(names)
        missing = [name for name in names if name not in {info.name() for info in found}]
        complete = not missing if names else any(info.type() != "Markers" for info in found)
        if complete or cancelled() or time.monotonic() >= deadline:
            break
    if not complete and cancelled():
        raise AcquisitionError("stopped before there was a stream to record; no file was made")
    if missing or not found:
        what = f"named {missing[0]!r}" if missing else "of gaze or markers"
        raise NoStreamError(what, wait_s)
    return _unambiguous(found)


def _look_for_named(names: Sequence[str]) -> Infos:
    found: Infos = []
    for name in dict.fromkeys(names):
        # Two are asked for, so that a second one of the name is seen as well.
        found += pylsl.resolve_byprop("name", name, 2, _LOOK_S)
    return found


def _look_for_any(names: Sequence[str]) -> Infos:
    del names
    return [*lsl.resolve_gaze(_LOOK_S), *pylsl.resolve_byprop("type", "Markers", 0, _LOOK_S)]


def _unambiguous(found: Infos) -> Infos:
    by_name: dict[str, Infos] = {}
    for info in found:
        by_name.setdefault(info.name(), []).append(info)
    for name, infos in by_name.items():
        if len(infos) > 1:
            where = [f"{info.hostname()} source {info.source_id() or '-'}" for info in infos]
            raise AmbiguousStreamError(name, where)
    return found
