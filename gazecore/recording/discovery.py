"""Which LSL streams to record: those named, or all gaze and marker streams that answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pylsl

from gazecore import lsl
from gazecore.errors import AcquisitionError, AmbiguousStreamError, NoStreamError
from gazecore.recording.roster import Candidate, Roster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Infos = list[pylsl.StreamInfo]

_LOOK_S = 0.3
"""One look for streams; a cancelled search ends within a few of them."""
_GRACE_S = 1.0
"""With the most important stream there, the others are waited for so much longer."""
_COMPANIONS = ("Markers", "EyeOpenness", "TimeSync", "ExternalSignal", "Positioning", "TTL")
"""Types of streams beside gaze: marks, and what trackers give on streams of its own."""


def look(names: Sequence[str], wait_s: float = _LOOK_S) -> Infos:
    """The streams of these names that answer within `wait_s`, in the order of the names.

    Without names: all gaze streams, marker streams, and streams of types that come beside gaze.
    """
    if names:
        wanted = list(dict.fromkeys(names))
        found = pylsl.resolve_bypred(lsl.named_predicate(wanted), 0, wait_s)
        return sorted(found, key=lambda info: wanted.index(info.name()))
    kinds = " or ".join(f"type='{kind}'" for kind in _COMPANIONS)
    found = pylsl.resolve_bypred(f"({lsl.GAZE_PREDICATE} or {kinds})", 0, wait_s)
    return sorted(found, key=lambda info: (not is_gaze(info.type()), info.name()))


def is_gaze(stream_type: str) -> bool:
    """Whether a stream's type is one that trackers give to gaze."""
    if stream_type.lower() == "gaze" or stream_type == "ET":
        return True
    return stream_type.startswith("Eye") and stream_type != "EyeOpenness"


def find_streams(
    names: Sequence[str],
    wait_s: float,
    cancelled: Callable[[], bool],
    roster: Roster | None = None,
) -> Infos:
    """The streams to begin with, waiting up to `wait_s` for them; others may join later.

    With names: as soon as all are there, or a second after the first named or a gaze stream is.
    Without: as soon as a gaze stream is there; marker streams alone do when none came.

    Parameters
    ----------
    roster : Roster, optional
        Gets the question where several outlets have one name; without it that is an error.

    Raises
    ------
    NoStreamError
        Neither the first named nor a gaze stream (without names: nothing) appeared in time.
    AmbiguousStreamError
        Two streams have the same name.
    AcquisitionError
        The search was cancelled.
    """
    deadline = time.monotonic() + wait_s
    grace_s: float | None = None
    while True:
        found = _unambiguous(look(names), roster)
        there = {info.name() for info in found}
        enough = any(is_gaze(i.type()) or i.name() in names[:1] for i in found)
        if enough and grace_s is None:
            grace_s = time.monotonic() + (_GRACE_S if names else 0)
        complete = enough and there >= set(names)
        now_s = time.monotonic()
        if complete or cancelled() or now_s >= deadline or (enough and now_s >= (grace_s or 0)):
            break
    if not enough and cancelled():
        raise AcquisitionError("stopped before there was a stream to record; no file was made")
    if not found or (names and not enough):
        raise _missing(names, wait_s, roster)
    return found


def _unambiguous(found: Infos, roster: Roster | None) -> Infos:
    if roster is not None:
        decision = roster.decide([Candidate.of(info) for info in found], {}, set())
        joins = {candidate.uid for candidate in decision.joins}
        return [info for info in found if info.uid() in joins]
    by_name: dict[str, Infos] = {}
    for info in found:
        by_name.setdefault(info.name(), []).append(info)
    for name, infos in by_name.items():
        if len(infos) > 1:
            where = [f"{info.hostname()} source {info.source_id() or '-'}" for info in infos]
            raise AmbiguousStreamError(name, where)
    return found


def _missing(names: Sequence[str], wait_s: float, roster: Roster | None) -> AcquisitionError:
    for question in () if roster is None else roster.questions:
        where = [f"{c.hostname} source {c.source_id or '-'}" for c in question.candidates]
        return AmbiguousStreamError(question.stream, where)
    return NoStreamError(f"named {names[0]!r}" if names else "of gaze or markers", wait_s)
