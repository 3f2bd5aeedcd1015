"""The processes of ``benchmarks/acquisition.py``: a sender, our recorder watched, the plain loop.

``python benchmarks/acquisition_roles.py ROLE ARGUMENTS``; each runs until SIGTERM or SIGINT.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pylsl

from gazecore import lsl
from gazecore.priority import raise_priority

if TYPE_CHECKING:
    from collections.abc import Callable

STREAM = "FocusStation benchmark"
CHANNELS = 38
"""All fields of a Tobii sample and a sequence number, float64."""


def send(rate_hz: float) -> None:
    """Push samples on time, each stamped with the moment it is pushed; channel 0 counts."""
    raise_priority()  # as `focusstation tracker` does
    info = pylsl.StreamInfo(STREAM, "Gaze", CHANNELS, pylsl.IRREGULAR_RATE, "double64", "bench")
    outlet = pylsl.StreamOutlet(info, max_buffered=max(360, int(3.6 * rate_hz)))
    stopped = _stop_signal()
    values = np.random.default_rng(0).normal(size=CHANNELS)
    start_s, count = pylsl.local_clock(), 0
    while not stopped.is_set():
        wait_s = start_s + count / rate_hz - pylsl.local_clock()
        if wait_s > 0:
            time.sleep(wait_s)
        values[0] = count
        outlet.push_sample(values, pylsl.local_clock())
        count += 1


def loop(trace: str) -> None:
    """The peer: the loop of every tutorial, which keeps what it gets in memory."""
    (info,) = pylsl.resolve_byprop("name", STREAM, 1, 5.0)
    inlet = pylsl.StreamInlet(info, recover=False)
    inlet.open_stream(5.0)
    print("ready", flush=True)
    stopped = _stop_signal()
    pulled: list[tuple[float, float, float]] = []
    while not stopped.is_set():
        sample, t_s = inlet.pull_sample(timeout=0.2)
        if sample is not None:
            pulled.append((pylsl.local_clock(), t_s, sample[0]))
    arrived_s, t_sender_s, sequence = np.array(pulled).T
    np.savez(trace, arrived_s=arrived_s, t_s=t_sender_s, sequence=sequence)


def record(trace: str, out: str) -> None:
    """Ours: ``focusstation record``, with the end of each pull and of each sync noted."""
    raise_priority()
    pulls: list[tuple[float, Any]] = []
    syncs: list[tuple[float, float]] = []
    _watch_pulls(pulls)
    _watch_syncs(syncs)
    from app.cli import run

    status = run(["record", "--out", out, "--stream", STREAM])
    np.savez(
        trace,
        arrived_s=np.concatenate([np.full(np.size(t_s), at_s) for at_s, t_s in pulls]),
        t_s=np.concatenate([np.atleast_1d(t_s) for _, t_s in pulls]),
        syncs_s=np.array(syncs),
    )
    sys.exit(status)


def _watch_pulls(pulls: list[tuple[float, Any]]) -> None:
    inlet: Any = pylsl.StreamInlet

    def watched(pull: Callable[..., tuple[Any, Any]]) -> Callable[..., tuple[Any, Any]]:
        def pull_and_note(*arguments: Any, **more: Any) -> tuple[Any, Any]:
            values, t_s = pull(*arguments, **more)
            if t_s is not None and np.size(t_s):
                pulls.append((pylsl.local_clock(), t_s))
            return values, t_s

        return pull_and_note

    inlet.pull_sample, inlet.pull_chunk = watched(inlet.pull_sample), watched(inlet.pull_chunk)


def _watch_syncs(syncs: list[tuple[float, float]]) -> None:
    name = "fdatasync" if hasattr(os, "fdatasync") else "fsync"
    sync: Callable[[int], None] = getattr(os, name)

    def watched(descriptor: int) -> None:
        start_s = pylsl.local_clock()
        sync(descriptor)
        syncs.append((start_s, pylsl.local_clock()))

    setattr(os, name, watched)


def _stop_signal() -> threading.Event:
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


if __name__ == "__main__":
    lsl.configure()
    role, *arguments = sys.argv[1:]
    if role == "send":
        send(float(arguments[0]))
    elif role == "loop":
        loop(*arguments)
    else:
        record(*arguments)
