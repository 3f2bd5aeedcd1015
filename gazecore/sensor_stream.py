"""A numeric LSL stream by name, kept from its start: for short measurements with a sensor."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pylsl
from pylsl.util import LostError
from pylsl.util import TimeoutError as LslTimeoutError

from gazecore.errors import AcquisitionError, AmbiguousStreamError, NoStreamError
from gazecore.lsl import named_predicate

if TYPE_CHECKING:
    from types import TracebackType

    import numpy.typing as npt

RESOLVE_S = 0.4
ANSWER_S = 3.0
PULL_EVERY_S = 0.01


def numeric_streams(wait_s: float = 1.0) -> tuple[str, ...]:
    """Names of all streams of numbers that answer within `wait_s`."""
    found = pylsl.resolve_streams(wait_s)
    return tuple(sorted({i.name() for i in found if i.channel_format() != pylsl.cf_string}))


class SensorStream:
    """Pulls one stream on a thread of its own from `open` to `close`; times are on our clock.

    Parameters
    ----------
    name : str
        The stream's name.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_simulated = False
        self._inlet: pylsl.StreamInlet | None = None
        self._times: list[npt.NDArray[np.float64]] = []
        self._levels: list[npt.NDArray[np.float64]] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure = ""

    def __enter__(self) -> SensorStream:
        """Begin to pull."""
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop pulling."""
        self.close()

    def open(self) -> None:
        """Find the stream and begin to pull; blocks up to a few seconds.

        Raises
        ------
        NoStreamError, AmbiguousStreamError, AcquisitionError
            There is none, more than one, or it sends texts.
        """
        found = pylsl.resolve_bypred(named_predicate([self.name]), 2, RESOLVE_S)
        if not found:
            raise NoStreamError(f"named {self.name!r}", RESOLVE_S)
        if len(found) > 1:
            raise AmbiguousStreamError(self.name, [info.hostname() for info in found])
        if found[0].channel_format() == pylsl.cf_string:
            raise AcquisitionError(f"{self.name!r} sends texts; choose a stream of numbers")
        inlet = pylsl.StreamInlet(found[0], recover=False, processing_flags=pylsl.proc_clocksync)
        try:
            full = inlet.info(ANSWER_S)
            inlet.open_stream(ANSWER_S)
        except (LostError, LslTimeoutError) as error:
            raise NoStreamError(f"named {self.name!r} answering", ANSWER_S) from error
        self.is_simulated = full.desc().child_value("simulated") == "true"
        self._inlet = inlet
        self._thread = threading.Thread(target=self._pull, name="sensor-stream", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; waits for the thread."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(5.0)
        self._inlet = None

    def samples(self, channel: int = 0) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Times (n,) and values (n,) of one channel since the start.

        Raises
        ------
        AcquisitionError
            The stream went away meanwhile.
        """
        if self._failure:
            raise AcquisitionError(f"{self.name!r} went away during the measurement; try again")
        with self._lock:
            times, levels = list(self._times), list(self._levels)
        if not times:
            return np.empty(0), np.empty(0)
        return np.concatenate(times), np.concatenate(levels)[:, channel]

    def _pull(self) -> None:
        inlet = self._inlet
        assert inlet is not None, "pulled only after it was opened"
        try:
            while not self._closing.wait(PULL_EVERY_S):
                self._pull_once(inlet)
        except LostError as error:
            self._failure = str(error)
        finally:
            inlet.close_stream()

    def _pull_once(self, inlet: pylsl.StreamInlet) -> None:
        values, t_s = inlet.pull_chunk(timeout=0.0, max_samples=4096, as_numpy=True)
        if len(t_s):
            with self._lock:
                self._times.append(np.array(t_s, np.float64))
                self._levels.append(np.array(values, np.float64).reshape(len(t_s), -1))
