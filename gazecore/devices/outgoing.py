"""How samples go out: the form of our own gaze streams, and what any form is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gazecore.lsl import gaze_stream_info

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pylsl

    from gazecore.devices.driver import DeviceSample, Driver


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One LSL sample: its number, stamp and values, and the device's sample it comes from."""

    sequence: int
    t_s: float
    values: list[float]
    sample: DeviceSample


class OutletFormat(Protocol):
    """The form in which a tracker process sends samples."""

    has_side_streams: bool

    def info(self, stream_name: str, driver: Driver) -> pylsl.StreamInfo:
        """The outlet's description."""

    def rows(self, samples: Sequence[DeviceSample], now_s: float) -> Iterable[Outgoing]:
        """What is pushed of the samples due now."""


class OwnFormat:
    """Our gaze channels, numbered, at the time of their measurement."""

    has_side_streams = True

    def __init__(self) -> None:
        self._number = -1
        self._last: DeviceSample | None = None

    def info(self, stream_name: str, driver: Driver) -> pylsl.StreamInfo:
        """The description of a gaze stream of ours."""
        return gaze_stream_info(
            stream_name,
            driver.rate_hz,
            f"focusstation-{driver.name}-{stream_name}",
            simulated=driver.simulated,
            details={"driver": driver.name, **driver.details},
        )

    def rows(self, samples: Sequence[DeviceSample], now_s: float) -> Iterator[Outgoing]:
        """Each sample once; one that is sent again keeps its number."""
        del now_s
        for sample in samples:
            if sample is not self._last:
                self._number += 1
            self._last = sample
            yield Outgoing(self._number, sample.t_s, sample.channels(self._number), sample)
