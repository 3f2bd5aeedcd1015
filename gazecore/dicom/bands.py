"""Work on the rows of a picture in bands, side by side where there are cores and enough to do."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_BANDS = 4
"""More would fight over the interpreter's lock, which is held between two numpy calls."""

LEAST_PX = 1_000_000
"""Pixels a band, below which starting a thread costs more than it gains."""


def in_bands(work: Callable[[slice], None], n_rows: int, n_px: int) -> None:
    """Call `work` for slices of rows that together are all `n_rows`.

    The threads end before this returns. numpy and Arrow let go of the interpreter's lock while
    they compute.

    Parameters
    ----------
    work : callable
        Does the rows of a slice; slices do not overlap.
    n_rows : int
        Rows in all.
    n_px : int
        Pixels in all, which decide whether threads are worth their while.
    """
    n_bands = min(MOST_BANDS, n_rows, usable_cores(), n_px // LEAST_PX)
    if n_bands < 2:
        work(slice(0, n_rows))
        return
    edges = [n_rows * band // n_bands for band in range(n_bands + 1)]
    bands = [slice(start, stop) for start, stop in pairwise(edges)]
    with ThreadPoolExecutor(n_bands - 1) as threads:
        others = [threads.submit(work, band) for band in bands[1:]]
        work(bands[0])
    for other in others:
        other.result()


def usable_cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
