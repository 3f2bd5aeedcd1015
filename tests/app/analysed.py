"""A small study that was read and analysed: two cases, two readers, simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gazecore.analysis import AnalysisSettings, analyse_study
from gazecore.messages import DriftChecked, TargetError, ValidationDone
from gazecore.study import Study
from tests.app.conftest import write_png
from tests.gazecore.analysis.conftest import (
    RATE_HZ,
    SCREEN,
    Sitting,
    channels_of,
    gaze_at,
    markers_of,
    record,
)

if TYPE_CHECKING:
    from pathlib import Path

    from gazecore.messages import AnyMarker

WIDTH_PX, HEIGHT_PX = 600, 400


def make_analysed_study(folder: Path) -> Path:
    """Make, record and analyse the study; the folder of it."""
    place = folder / "study"
    with Study.create(place, name="Two cases") as study:
        for seed in range(2):
            levels = np.random.default_rng(seed).integers(0, 255, (HEIGHT_PX, WIDTH_PX), np.uint8)
            study.import_images([write_png(folder / f"{seed}.png", levels)], simulated=True)
        for number, reader_id in enumerate(("r1", "r2")):
            study.add_reader(reader_id)
            session = study.start_session(reader_id)
            ids = []
            for case_id in ("case-0001", "case-0002"):
                reading = study.start_reading(session.session_id, case_id)
                study.finish_reading(reading.reading_id, "answered")
                ids.append((reading.reading_id, case_id))
            study.end_session(session.session_id, "finished")
            record(session.recording_path, _sitting(ids, 1000.0 + 50 * number))
        analyse_study(study, AnalysisSettings(robustness=False))
    return place


def validation(t_s: float) -> ValidationDone:
    """A validation at four targets, the last of which nobody saw."""
    targets = tuple(
        TargetError(
            x_norm=x,
            y_norm=y,
            eye=eye,
            accuracy_deg=None if (x, y) == (0.8, 0.8) else 0.4,
            precision_rms_deg=0.1,
            precision_std_deg=0.1,
            data_loss=0.0,
            gaze_x_norm=None if (x, y) == (0.8, 0.8) else x + 0.01,
            gaze_y_norm=None if (x, y) == (0.8, 0.8) else y,
        )
        for x in (0.2, 0.8)
        for y in (0.2, 0.8)
        for eye in ("left", "right", "both")
    )
    return ValidationDone(
        t_s=t_s,
        accuracy_deg=0.4,
        precision_rms_deg=0.1,
        precision_std_deg=0.1,
        data_loss=0.0,
        passed=True,
        targets=targets,
    )


def _sitting(ids: list[tuple[str, str]], start_s: float) -> Sitting:
    t_s = start_s + np.arange(round(8 * RATE_HZ)) / RATE_HZ
    xy_norm = SCREEN.to_norm(gaze_at(t_s, start_s))
    xy_norm[(t_s > start_s + 3.2) & (t_s < start_s + 3.6)] = np.nan
    drift = DriftChecked(t_s=start_s + 3.5, offset_x_deg=0.3, offset_y_deg=0.4, passed=True)
    unseen = DriftChecked(t_s=start_s + 3.6, offset_x_deg=None, offset_y_deg=None, passed=False)
    markers: list[AnyMarker] = [
        *markers_of(start_s, ids),
        validation(start_s + 0.5),
        drift,
        unseen,
    ]
    markers.sort(key=lambda marker: marker.t_s)
    return Sitting(SCREEN, channels_of(xy_norm), t_s, tuple(markers))
