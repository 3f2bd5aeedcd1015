"""Which LSL streams to record: those named, or all gaze and marker streams that answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pylsl

from gazecore import lsl
from gazecore.errors import AmbiguousStreamError, NoStreamError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECOND_LOOK_S = 0.3


def find_streams(names: Sequence[str], wait_s: float) -> list[pylsl.StreamInfo]:
    """The streams to record, waiting up to `wait_s` for them.

    Without names: all gaze streams and all streams of type ``Markers``; waits for a gaze
    stream, and does with markers alone when none came.

    Raises
    ------
    NoStreamError
        A named stream, or any gaze or marker stream, did not appear in time.
    AmbiguousStreamError
        Two streams have the same name.
    """
    found = _find_named(names, wait_s) if names else _find_any(wait_s)
    by_name: dict[str, list[pylsl.StreamInfo]] = {}
    for info in found:
        by_name.setdefault(info.name(), []).append(info)
    for name, infos in by_name.items():
        if len(infos) > 1:
            where = [f"{info.hostname()} source {info.source_id() or '-'}" for info in infos]
            raise AmbiguousStreamError(name, where)
    return found


def _find_named(names: Sequence[str], wait_s: float) -> list[pylsl.StreamInfo]:
    unique = list(dict.fromkeys(names))
    lsl.resolve_named(unique, wait_s)
    return [
        info for name in unique for info in pylsl.resolve_byprop("name", name, 2, _SECOND_LOOK_S)
    ]


def _find_any(wait_s: float) -> list[pylsl.StreamInfo]:
    deadline = time.monotonic() + wait_s
    while True:
        look_s = max(0.1, min(0.5, deadline - time.monotonic()))
        gaze = lsl.resolve_gaze(look_s)
        markers = pylsl.resolve_byprop("type", "Markers", 0, look_s)
        if gaze or time.monotonic() >= deadline:
            break
    if not gaze and not markers:
        raise NoStreamError("of gaze or markers", wait_s)
    return [*gaze, *markers]
