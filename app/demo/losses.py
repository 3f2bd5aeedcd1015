"""Samples lost to us: what the tracker says it sent, minus what the recording holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from gazecore.messages import SessionEnded, SessionStarted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from gazecore.messages import AnyMarker


@dataclass(frozen=True, slots=True)
class SampleCount:
    """Samples sent while a session ran, samples recorded in all, and how many sent are missing."""

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


def count_samples(
    truth: pl.DataFrame, recorded: npt.NDArray[np.int64], from_s: float, to_s: float
) -> SampleCount:
    """Compare what was sent in an interval with what was recorded, by sequence number.

    Parameters
    ----------
    truth : polars.DataFrame
        Of `read_truth`.
    recorded : (n,) int64
        Sequence numbers in the recording.
    from_s, to_s : float
        The session, from its first marker (the recorder had acknowledged by then) to its last
        (the recorder was told to stop after it), on the LSL clock.
    """
    sent = truth.filter(pl.col("t_s").is_between(from_s, to_s))["sequence"].to_numpy()
    missing = np.setdiff1d(sent, recorded)
    return SampleCount(sent=len(sent), recorded=len(recorded), lost=len(missing))


def session_interval(markers: Sequence[AnyMarker]) -> tuple[float, float]:
    """When the session began and ended by its markers, in seconds."""
    (start_s,) = [m.t_s for m in markers if isinstance(m, SessionStarted)]
    (end_s,) = [m.t_s for m in markers if isinstance(m, SessionEnded)]
    return start_s, end_s
