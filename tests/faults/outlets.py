"""Outlet processes that misbehave on command, and keep their own truth of what they sent.

``python outlets.py SPEC`` sends the streams of a JSON list, each an object with the fields of
`Spec`. Each sample goes into the truth file just before it is pushed, so after a kill the truth
may have one sample more than was sent, and never one less.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pylsl

    from gazecore.recording.model import RecordedStream


@dataclass(frozen=True)
class Spec:
    """One stream: `declared_hz` is its nominal rate, `labels` how many channels have one.

    Faults, `at` in seconds since somebody listens: ``hole`` (`seconds` without samples, counted),
    ``backward`` (one stamp `by` seconds back), ``equal`` (`count` stamps like the one before),
    ``jump`` (all later stamps move `by` seconds). The first channel counts; it is labelled
    ``sequence`` where `counts`.
    """

    name: str
    truth: str
    source_id: str = "outlet"
    rate_hz: float = 600.0
    declared_hz: float = 600.0
    channels: int = 8
    labels: int = 8
    type: str = "Gaze"
    counts: bool = True
    first: int = 0
    faults: list[dict[str, Any]] = field(default_factory=list)


class Stream:
    """One stream being sent."""

    def __init__(self, spec: Spec) -> None:
        import pylsl

        self.spec = spec
        info = pylsl.StreamInfo(
            spec.name, spec.type, spec.channels, spec.declared_hz, "double64", spec.source_id
        )
        channels = info.desc().append_child("channels") if spec.labels else None
        for k in range(spec.labels):
            label = "sequence" if k == 0 and spec.counts else f"channel {k}"
            assert channels is not None
            channels.append_child("channel").append_child_value("label", label)
        self.outlet: pylsl.StreamOutlet = pylsl.StreamOutlet(info)
        self._truth = os.open(spec.truth, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._random = np.random.default_rng(spec.first + 1)
        self._start_s: float | None = None
        self._heard_s: float | None = None
        self._k = 0
        self._last_s = 0.0

    def send_due(self, now_s: float) -> None:
        """Push all samples that are due at `now_s` of LSL's clock."""
        if self._start_s is None:
            self._start_s = now_s
        if self._heard_s is None and self.outlet.have_consumers():
            self._heard_s = now_s
        while self._start_s + self._k / self.spec.rate_hz <= now_s:
            self._send(self._start_s + self._k / self.spec.rate_hz)
            self._k += 1

    def _send(self, due_s: float) -> None:
        row = self._random.normal(size=self.spec.channels)
        row[0] = self.spec.first + self._k
        stamp_s = self._stamp(due_s)
        if stamp_s is None:
            return
        os.write(self._truth, np.concatenate([[stamp_s], row]).tobytes())
        self.outlet.push_sample(row, stamp_s)
        self._last_s = stamp_s

    def _stamp(self, due_s: float) -> float | None:
        """The stamp of the sample that is due, faults included; None where it is left out."""
        stamp_s = due_s
        if self._heard_s is None:
            return stamp_s
        for fault in self.spec.faults:
            since_s = due_s - self._heard_s - fault["at"]
            kind, place = fault["kind"], int(since_s * self.spec.rate_hz)
            if since_s < 0:
                continue
            if kind == "hole" and since_s < fault["seconds"]:
                return None
            if kind == "jump" or (kind == "backward" and place == 0):
                stamp_s += fault["by"]
            if kind == "equal" and place < fault["count"]:
                stamp_s = self._last_s
        return stamp_s


def main() -> None:
    """Send the streams of the specification until killed."""
    from gazecore import lsl

    lsl.configure()
    streams = [Stream(Spec(**spec)) for spec in json.loads(Path(sys.argv[1]).read_text())]
    print("ready", flush=True)
    while True:
        now_s = lsl.clock_s()
        for stream in streams:
            stream.send_due(now_s)
        time.sleep(0.001)


class OutletProcess:
    """A running outlet process."""

    def __init__(self, specs: list[Spec], folder: Path) -> None:
        self.specs = {spec.name: spec for spec in specs}
        path = folder / f"spec-{time.monotonic_ns()}.json"
        path.write_text(json.dumps([asdict(spec) for spec in specs]))
        root = str(Path(__file__).parents[2])
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(path)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def kill(self) -> None:
        """Kill it hard."""
        self.process.kill()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def halt(self) -> None:
        """Stop it where it stands."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run on."""
        self.process.send_signal(signal.SIGCONT)

    def truth(self, name: str) -> np.ndarray:
        """All it sent, (n, 1 + channels): stamps, values."""
        spec = self.specs[name]
        return np.fromfile(spec.truth).reshape(-1, 1 + spec.channels)


@contextmanager
def outlet_process(*specs: Spec) -> Iterator[OutletProcess]:
    """An outlet process that is killed at the end, if it was not before."""
    process = OutletProcess(list(specs), Path(specs[0].truth).parent)
    try:
        yield process
    finally:
        if process.process.poll() is None:
            process.kill()


def unsent(truth: np.ndarray, stream: RecordedStream) -> int:
    """Check a stream bit by bit against the truth, from its first sample on without a hole.

    Returns how many of the last samples of the truth are not in the recording.
    """
    values = np.asarray(stream.values)
    first = int(np.flatnonzero(truth[:, 1] == values[0, 0])[0])
    sent = truth[first : first + len(stream)]
    assert len(sent) == len(stream)
    assert stream.t_sender_s.tobytes() == sent[:, 0].tobytes()
    assert values.tobytes() == np.ascontiguousarray(sent[:, 1:]).tobytes()
    return len(truth) - first - len(stream)


if __name__ == "__main__":
    main()
