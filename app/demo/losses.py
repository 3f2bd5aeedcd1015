"""Samples lost to us: what the tracker says it sent, minus what the recording holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class SampleCount:
    """Samples sent while the recorder was subscribed, and how many of them it holds."""

    sent: int
    recorded: int
    lost: int


def read_truth(path: Path) -> pl.DataFrame:
    """The tracker's truth file: sequence, t_s, x_norm, y_norm, label, lost.

    A last line cut by the end of the tracker is left out.
    """
    text = path.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    return pl.read_csv(whole)


def count_samples(sent: npt.NDArray[np.int64], recorded: npt.NDArray[np.int64]) -> SampleCount:
    """Compare sequence numbers between the first and the last one recorded.

    What the tracker sent before the recorder was there, or after it was told to stop, is not
    the recorder's to hold.
    """
    if not len(recorded):
        return SampleCount(sent=len(sent), recorded=0, lost=len(sent))
    within = sent[(sent >= recorded.min()) & (sent <= recorded.max())]
    lost = np.setdiff1d(within, recorded)
    return SampleCount(sent=len(within), recorded=len(recorded), lost=len(lost))
