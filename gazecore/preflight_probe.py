"""Measures what `gazecore.preflight` judges: streams on the bus, clocks, the recording's place.

Each function blocks for as long as it says; the station calls them off its GUI thread.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from typing import TYPE_CHECKING

import numpy as np
import pylsl
from pylsl.util import LostError
from pylsl.util import TimeoutError as LslTimeoutError

from gazecore.lsl import clock_s, named_predicate
from gazecore.preflight import ClocksFound, GazeFound, MarkersFound, PlaceFound
from gazecore.recording.description import StreamDescription, read_description
from gazecore.recording.sender_clock import OffsetMeter
from gazecore.samples import MARKER_STREAM_NAME
from gazecore.streams import is_ours

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RESOLVE_S = 0.4
ANSWER_S = 3.0
WATCH_S = 1.0
_POLL_S = 0.01


def look_at_gaze(name: str, *, watch_s: float = WATCH_S, wait_s: float = ANSWER_S) -> GazeFound:
    """Find a gaze stream, waiting up to `wait_s`, and watch it for `watch_s`."""
    infos = _resolved(name, wait_s)
    if len(infos) != 1:
        return GazeFound(name, outlets=len(infos))
    inlet = pylsl.StreamInlet(infos[0], recover=False)
    try:
        about = read_description(inlet.info(ANSWER_S).as_xml())
        inlet.open_stream(ANSWER_S)
        return _watched(inlet, about, watch_s)
    except (LostError, LslTimeoutError) as error:
        return GazeFound(name, outlets=1, problem=f"{name!r} does not answer ({error})")
    finally:
        inlet.close_stream()


def look_at_markers(source_id: str, *, wait_s: float = ANSWER_S) -> MarkersFound:
    """Receive the station's own markers; somebody must send some meanwhile.

    `source_id` is that of the station's outlet; all other streams of its name are others'.
    """
    infos = _resolved(MARKER_STREAM_NAME, wait_s)
    ours = [info for info in infos if info.source_id() == source_id]
    others = tuple(info.hostname() for info in infos if info.source_id() != source_id)
    if len(ours) > 1:
        others += tuple(info.hostname() for info in ours[1:])
    if not ours:
        return MarkersFound(0, None, others)
    inlet = pylsl.StreamInlet(ours[0], recover=False)
    try:
        inlet.open_stream(ANSWER_S)
        _, sent_s = inlet.pull_sample(timeout=wait_s)
        delay_s = None if sent_s is None else max(0.0, clock_s() - float(sent_s))
    except (LostError, LslTimeoutError):
        delay_s = None
    finally:
        inlet.close_stream()
    return MarkersFound(len(ours), delay_s, others)


def look_at_clocks(wait: Callable[[], object] = lambda: time.sleep(0.5)) -> ClocksFound:
    """How far the clocks go while `wait` runs."""
    before = (clock_s(), time.monotonic(), time.time())
    wait()
    after = (clock_s(), time.monotonic(), time.time())
    lsl_s, monotonic_s, wall_s = (b - a for a, b in zip(before, after, strict=True))
    return ClocksFound(lsl_s, monotonic_s, wall_s, after[2])


def look_at_place(folder: Path) -> PlaceFound:
    """Whether a file can be made, written and synced in a folder, and how much room is left."""
    try:
        free_bytes = shutil.disk_usage(folder).free
    except OSError:
        return PlaceFound(str(folder), None)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".preflight-") as file:
            file.write(b"\0" * 4096)
            file.flush()
    except OSError as error:
        return PlaceFound(str(folder), free_bytes, error.strerror or str(error))
    return PlaceFound(str(folder), free_bytes)


def _resolved(name: str, wait_s: float) -> list[pylsl.StreamInfo]:
    """All streams of a name; once one is there, a second has `RESOLVE_S` to answer as well."""
    deadline = time.monotonic() + wait_s
    while True:
        found = list(pylsl.resolve_bypred(named_predicate([name]), 2, RESOLVE_S))
        if found or time.monotonic() >= deadline:
            return found


def _watched(inlet: pylsl.StreamInlet, about: StreamDescription, watch_s: float) -> GazeFound:
    times: list[float] = []
    valid: list[bool] = []
    columns = [k for k, label in enumerate(about.labels) if label.endswith("_gaze_valid")]
    began_s = arrived_s = time.monotonic()
    longest_s = newest_s = 0.0
    while time.monotonic() - began_s < watch_s:
        values, t_s = inlet.pull_chunk(timeout=0.0, max_samples=4096, as_numpy=True)
        now_s = time.monotonic()
        if len(t_s):
            longest_s, arrived_s = max(longest_s, now_s - arrived_s), now_s
            times += np.asarray(t_s, np.float64).tolist()
            newest_s = clock_s() - times[-1]
            valid += _seen(values, columns)
        time.sleep(_POLL_S)
    longest_s = max(longest_s, time.monotonic() - arrived_s)
    offset_s, uncertainty_s = _clock_offset(inlet)
    return GazeFound(
        about.name,
        outlets=1,
        seconds=watch_s,
        samples=len(times),
        rate_hz=_rate_hz(times),
        true_rate_hz=about.true_rate_hz,
        longest_pause_s=longest_s,
        valid_share=float(np.mean(valid)) if valid else None,
        stamp_age_s=newest_s - (offset_s or 0.0) if times else None,
        clock_offset_s=offset_s,
        clock_uncertainty_s=uncertainty_s,
        channels=about.channels,
        is_foreign=not is_ours(about),
    )


def _seen(values: object, columns: list[int]) -> list[bool]:
    if not columns:
        return []
    flags = np.asarray(values, np.float64)[:, columns]
    return [bool(seen) for seen in np.atleast_1d((flags > 0.5).any(axis=1))]


def _rate_hz(times: list[float]) -> float | None:
    span_s = times[-1] - times[0] if len(times) > 1 else 0.0
    return (len(times) - 1) / span_s if span_s > 0 else None


def _clock_offset(inlet: pylsl.StreamInlet) -> tuple[float | None, float | None]:
    """LSL's offset of the sender's clock and how well it is known; the first takes .6 s."""
    offset = OffsetMeter(inlet, ANSWER_S).measure()
    return (None, None) if offset is None else (offset.offset_s, offset.uncertainty_s)
