"""Recordings of a session, made by formulas and written as the recorder writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.lsl import gaze_stream_info, marker_stream_info
from gazecore.messages import (
    AnswerGiven,
    CalibrationDone,
    CaseClosed,
    CaseOpened,
    FrameShown,
    KeyPressed,
    SessionEnded,
    SessionStarted,
    TargetError,
    ValidationDone,
    ViewportChanged,
    WindowState,
)
from gazecore.recording.writer import XdfWriter
from gazecore.samples import GAZE_CHANNELS, GAZE_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.messages import AnyMarker
    from gazecore.study import Reading, Session, Study

    Array = npt.NDArray[np.float64]

ORIGIN_S = 5000.0
"""Where the clock of the made recordings begins."""

RATE_HZ = 100.0
READING_S = 2.0


def gaze_values(n: int) -> Array:
    """Channels of n samples: a new place each 400 ms, the right eye lost every tenth sample."""
    values = np.full((n, len(GAZE_CHANNELS)), np.nan)
    column = GAZE_LABELS.index
    turn = np.arange(n)
    place = turn // 40
    values[:, column("sequence")] = turn
    for eye, shift in (("left", -0.001), ("right", 0.001)):
        values[:, column(f"{eye}_gaze_x")] = 0.3 + 0.2 * np.sin(2.4 * place) + shift
        values[:, column(f"{eye}_gaze_y")] = 0.3 + 0.2 * np.cos(2.4 * place)
        values[:, column(f"{eye}_gaze_valid")] = 1
        values[:, column(f"{eye}_pupil_diameter")] = 3.5
        values[:, column(f"{eye}_pupil_valid")] = 1
    values[::10, column("right_gaze_valid")] = 0
    return values


def station_markers(study: Study, session: Session, readings: list[Reading]) -> list[AnyMarker]:
    """What the station says during a session whose readings last two seconds each."""
    screen = study.protocol.screen.state()
    t_s = ORIGIN_S
    target = TargetError(
        x_norm=0.5, y_norm=0.5, eye="left", accuracy_deg=0.4,
        precision_rms_deg=0.05, precision_std_deg=0.1, data_loss=0.0,
    )  # fmt: skip
    markers: list[AnyMarker] = [
        SessionStarted(
            t_s=t_s,
            session_id=session.session_id,
            study_id=study.study_id,
            reader_id=session.reader_id,
            screen=screen,
            simulated=True,
        ),
        CalibrationDone(t_s=t_s + 0.01, succeeded=True, points_norm=((0.5, 0.5),) * 5),
        ValidationDone(
            t_s=t_s + 0.02,
            accuracy_deg=0.4,
            precision_rms_deg=0.05,
            precision_std_deg=0.1,
            data_loss=0.0,
            passed=True,
            targets=(target,),
        ),
    ]
    serial = 0
    for reading in readings:
        t_s += 1.0
        ids = {"reading_id": reading.reading_id, "case_id": reading.case_id}
        case = study.case(reading.case_id)
        markers.append(
            CaseOpened(t_s=t_s, image_width_px=case.width_px, image_height_px=case.height_px, **ids)
        )
        for change, scale in enumerate((10.0, 20.0)):
            serial += 1
            at_s = t_s + change * READING_S / 2
            markers += [
                ViewportChanged(
                    t_s=at_s,
                    serial=serial,
                    cause="zoom",
                    transform=(scale, 0, 100, 0, scale, 50, 0, 0, 1),
                    shown_screen_px=(0, 0, 1920, 1080),
                    window=WindowState(center=100.0 + change, width=50),
                    **ids,
                ),
                FrameShown(t_s=at_s + 0.01, serial=serial),
                FrameShown(t_s=at_s + 0.03, serial=serial),
            ]
        t_s += READING_S
        markers += [
            KeyPressed(t_s=t_s - 0.02, key="1"),
            AnswerGiven(t_s=t_s - 0.01, field="grade", value="1", **ids),
            CaseClosed(t_s=t_s, **ids),
        ]
    markers.append(SessionEnded(t_s=t_s + 1, session_id=session.session_id, reason="finished"))
    return markers


def read_cases(study: Study, reader_id: str, cases: int) -> None:
    session = study.start_session(reader_id)
    readings = []
    for case_id in study.case_order(reader_id)[:cases]:
        reading = study.start_reading(session.session_id, case_id)
        study.save_answer(reading.reading_id, "grade", "1")
        readings.append(study.finish_reading(reading.reading_id, "answered"))
    study.end_session(session.session_id, "finished")
    n = round((3.0 * cases + 1) * RATE_HZ)
    write_recording(
        session.recording_path,
        ORIGIN_S + np.arange(n) / RATE_HZ,
        gaze_values(n),
        station_markers(study, session, readings),
    )


def write_recording(path: Path, t_s: Array, values: Array, markers: Sequence[AnyMarker]) -> None:
    """Write gaze and markers as the recorder does."""
    writer = XdfWriter(path, lambda: ORIGIN_S)
    gaze = gaze_stream_info("FocusStation gaze", RATE_HZ, "test", simulated=True)
    writer.add_stream(1, gaze.as_xml())
    writer.add_stream(2, marker_stream_info("test").as_xml())
    writer.add_numeric(1, t_s, values)
    writer.flush()
    times_s = np.array([marker.t_s for marker in markers])
    writer.add_texts(2, times_s, [[marker.to_json().encode()] for marker in markers])
    writer.close()
