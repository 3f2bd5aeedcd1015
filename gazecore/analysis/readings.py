"""When each case was read: from case_opened to case_closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.messages import CaseClosed, CaseOpened, SessionEnded, SessionStarted, StateRepeated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gazecore.messages import AnyMarker


@dataclass(frozen=True, slots=True)
class ReadingInterval:
    """One reading, half-open [start_s, stop_s); `closed` tells whether its end was recorded."""

    reading_id: str
    case_id: str
    start_s: float
    stop_s: float
    image_width_px: int
    image_height_px: int
    closed: bool = False


def reading_intervals(markers: Iterable[AnyMarker]) -> tuple[ReadingInterval, ...]:
    """The readings of a session in time order.

    A reading without its end lasts until the next one opens or the session ends, else until the
    last marker. One whose beginning was not recorded starts where it is first named.
    """
    found: list[ReadingInterval] = []
    last_s = -np.inf
    for marker in sorted(markers, key=lambda m: m.t_s):
        last_s = marker.t_s
        opened = marker.case if isinstance(marker, StateRepeated) else marker
        if isinstance(opened, CaseOpened):
            if any(reading.reading_id == opened.reading_id for reading in found):
                continue
            _end(found, marker.t_s)
            found.append(_begun(opened, marker.t_s))
        elif isinstance(marker, CaseClosed):
            if found and found[-1].reading_id == marker.reading_id:
                _end(found, marker.t_s, closed=True)
        elif isinstance(marker, SessionStarted | SessionEnded):
            _end(found, marker.t_s)
    _end(found, last_s)
    return tuple(found)


def _begun(opened: CaseOpened, start_s: float) -> ReadingInterval:
    return ReadingInterval(
        opened.reading_id,
        opened.case_id,
        start_s,
        np.inf,
        opened.image_width_px,
        opened.image_height_px,
    )


def _end(found: list[ReadingInterval], stop_s: float, *, closed: bool = False) -> None:
    if found and np.isinf(found[-1].stop_s):
        found[-1] = replace(found[-1], stop_s=stop_s, closed=closed)


def reading_at(
    readings: tuple[ReadingInterval, ...], t_s: npt.NDArray[np.float64]
) -> npt.NDArray[np.intp]:
    """Index of the reading at each time, -1 between readings."""
    starts = np.array([reading.start_s for reading in readings])
    stops = np.array([reading.stop_s for reading in readings] + [-np.inf])
    index = np.asarray(np.searchsorted(starts, t_s, side="right") - 1)
    return np.asarray(np.where(t_s < stops[index], index, -1))
