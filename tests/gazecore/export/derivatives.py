"""Derivatives of a made study, in the columns of the analysis, by formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from .recordings import ORIGIN_S, READING_S

if TYPE_CHECKING:
    from gazecore.study import Reading, Study

FIXATIONS_PER_READING = 4
UNUSABLE = "reading-000003"


def make_derivatives(study: Study) -> None:
    """Four fixations a reading at (10 n, 5 n) image pixels, samples every 10 ms, maps."""
    for kind in ("fixations", "gaze", "attention"):
        (study.derivatives / kind).mkdir(parents=True, exist_ok=True)
    for session in study.sessions():
        readings = [r for r in study.readings() if r.session_id == session.session_id]
        fixations = pl.concat(_fixations(reading) for reading in readings)
        fixations.write_parquet(study.derivatives / "fixations" / f"{session.session_id}.parquet")
        gaze = pl.concat(_gaze(reading) for reading in readings)
        gaze.write_parquet(study.derivatives / "gaze" / f"{session.session_id}.parquet")
        for reading in readings:
            write_map(study, reading)
    pl.DataFrame(
        {
            "reading_id": [reading.reading_id for reading in study.readings()],
            "start_s": [opened_s(reading) for reading in study.readings()],
            "usable": [reading.reading_id != UNUSABLE for reading in study.readings()],
        }
    ).write_parquet(study.derivatives / "quality.parquet")


def opened_s(reading: Reading) -> float:
    """When a reading opened on the clock of its recording (see `recordings`)."""
    return ORIGIN_S + 1 + reading.position * (READING_S + 1)


def _place(reading: Reading, t_s: np.ndarray, number: np.ndarray) -> dict[str, object]:
    second = t_s >= opened_s(reading) + READING_S / 2 + 0.01  # by then the zoom is 20, not 10
    scale = np.where(second, 20.0, 10.0)
    return {
        "x_screen_px": 100 + 10.0 * number * scale,
        "y_screen_px": 50 + 5.0 * number * scale,
        "reading_id": [reading.reading_id] * len(t_s),
        "case_id": [reading.case_id] * len(t_s),
        "viewport_serial": 2 * reading.position + 1 + second.astype(np.int64),
        "x_image_px": 10.0 * number,
        "y_image_px": 5.0 * number,
        "on_image": np.ones(len(t_s), dtype=bool),
        "in_viewport": np.ones(len(t_s), dtype=bool),
        "simulated": np.ones(len(t_s), dtype=bool),
    }


def _fixations(reading: Reading) -> pl.DataFrame:
    number = np.arange(FIXATIONS_PER_READING)
    onset_s = opened_s(reading) + 0.1 + 0.45 * number
    return pl.DataFrame(
        {
            "fixation": number,
            "piece": np.zeros_like(number),
            "onset_s": onset_s,
            "offset_s": onset_s + 0.3,
            "duration_s": np.full(len(number), 0.3),
            **_place(reading, onset_s, number),
        }
    )


def _gaze(reading: Reading) -> pl.DataFrame:
    t_s = opened_s(reading) + np.arange(0, READING_S, 0.01)
    number = (np.arange(len(t_s)) // 45).clip(max=FIXATIONS_PER_READING - 1)
    table = pl.DataFrame(
        {"t_s": t_s, "sequence": np.arange(len(t_s)), **_place(reading, t_s, number)}
    )
    lost = pl.Series(np.arange(len(t_s)) % 20 == 0)
    places = ("x_screen_px", "y_screen_px", "x_image_px", "y_image_px")
    return table.with_columns(
        pl.when(~lost).then(pl.col(name)).otherwise(None).alias(name) for name in places
    )


def write_map(study: Study, reading: Reading) -> None:
    """A map of 2 x 3 whose sum is 1."""
    np.savez(
        study.derivatives / "attention" / f"{reading.reading_id}.npz",
        map=(np.arange(6, dtype=np.float32) / 15).reshape(2, 3),
        image_height_px=40,
        image_width_px=60,
        sigma_px=5.0,
        mass_inside=0.9,
        dropped=0,
        preset="focusstation",
        simulated=True,
    )
