"""The recorder process: from finding the streams to a closed, verified file.

It survives the station: nothing of it depends on a pipe or a connection. It ends on ``stop``,
after its time, on SIGTERM or Ctrl-C, when the disk is full, or by itself when for ten minutes
there was neither a station nor a sample; each time it closes the file properly.
"""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gazecore import lsl
from gazecore.control import ControlServer
from gazecore.errors import ControlError, UnwritablePathError
from gazecore.recording.discovery import find_streams
from gazecore.recording.disk import demand_room, needed_bytes
from gazecore.recording.plan import Outcome, RecordingPlan, demand_place
from gazecore.recording.recorder import Recorder
from gazecore.recording.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pylsl

_STOP_WAIT_S = 30.0
_TELL_S = 0.15
_ON_THE_WAY_S = 0.2
"""Samples from before the stop may still be on their way, most of all on a busy machine."""


class RecorderProcess:
    """Runs one recording to its end."""

    def __init__(self, plan: RecordingPlan) -> None:
        self._plan = plan
        self._end = threading.Event()
        self._closed = threading.Event()
        self._roster = Roster()
        self._recorder = Recorder(plan.out, plan.settings, self._roster)
        self._outcome: Outcome | None = None
        self._last_call_s = lsl.clock_s()

    def run(self, started: Callable[[dict[str, Any]], None] | None = None) -> Outcome:
        """Record until something ends it.

        Parameters
        ----------
        started : callable, optional
            Gets the status once recording has begun.

        Raises
        ------
        NoStreamError, AmbiguousStreamError
            Nothing to record; no file is left behind.
        TargetExistsError, MissingPathError, UnwritablePathError
            The file cannot be made.
        """
        demand_place(self._plan.out, self._plan.settings.least_free_bytes)
        with _ended_by_signals(self._end), self._serving():
            # With a station there is someone to ask where two outlets have one name.
            roster = None if self._plan.control is None else self._roster
            names = self._plan.names
            infos = find_streams(names, self._plan.wait_s, self._end.is_set, roster)
            self._demand_room(infos)
            self._recorder.start(infos, names)
            try:
                if started is not None:
                    started(self._recorder.status())
                self._wait_for_end()
            finally:
                self._outcome = self._recorder.stop()
        return self._outcome

    def _demand_room(self, infos: Sequence[pylsl.StreamInfo]) -> None:
        plan = self._plan
        needed = needed_bytes(infos, plan.planned_s)
        demand_room(plan.out, plan.settings.least_free_bytes, needed, plan.planned_s)

    @contextmanager
    def _serving(self) -> Iterator[None]:
        if self._plan.control is None:
            yield
            return
        server = ControlServer(self._plan.control, self._answer)
        try:
            server.start()
        except OSError as error:
            server.close()
            raise UnwritablePathError(self._plan.control, str(error)) from error
        try:
            yield
        finally:
            self._closed.set()
            time.sleep(_TELL_S)  # an answer to ``stop`` is on its way
            server.close()

    def _wait_for_end(self) -> None:
        begun_s = lsl.clock_s()
        while not self._end.wait(0.05):
            now_s = lsl.clock_s()
            if self._plan.seconds is not None and now_s - begun_s >= self._plan.seconds:
                return
            if self._recorder.must_stop is not None:
                return
            last_s = max(begun_s, self._last_call_s, self._recorder.last_sample_s() or begun_s)
            if now_s - last_s >= self._plan.abandoned_after_s:
                self._recorder.note("neither station nor samples; closed by itself")
                return
        time.sleep(_ON_THE_WAY_S)

    def _answer(self, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self._last_call_s = lsl.clock_s()
        if command == "status":
            return self._recorder.status()
        if command == "join":
            return self._recorder.choose(str(arguments.get("uid", "")))
        if command == "stop":
            self._end.set()
            if not self._closed.wait(_STOP_WAIT_S):
                raise ControlError("the recording is still being closed; ask again")
            if self._outcome is None:
                raise ControlError("stopped before there was a stream; no file was made")
            return asdict(self._outcome)
        raise ControlError(f"unknown command {command!r}; the recorder knows status, join and stop")


@contextmanager
def _ended_by_signals(end: threading.Event) -> Iterator[None]:
    """SIGTERM, Ctrl-C and a closed terminal end the recording cleanly (main thread only)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = {signal.SIGTERM, signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGTERM)}
    before = {number: signal.signal(number, lambda *_: end.set()) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
