"""Imported readings become a session: records in the study and a recording like our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.errors import InvalidSettingError
from gazecore.messages import (
    AnswerGiven,
    AnyMarker,
    CaseClosed,
    CaseOpened,
    FrameShown,
    SessionEnded,
    SessionStarted,
    ViewportChanged,
    WindowState,
)
from gazecore.samples import GAZE_CHANNELS, GAZE_LABELS, GAZE_STREAM_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gazecore.study import Case, Reading, Session, Study

Array = npt.NDArray[np.float64]
_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class View:
    """What was shown from `from_s` on; transform, rectangle and window as in `ViewportChanged`."""

    from_s: float
    transform: tuple[float, ...]
    shown_screen_px: tuple[float, float, float, float]
    window: WindowState


@dataclass(frozen=True, slots=True)
class ImportedReading:
    """One reading as recorded elsewhere; times count from its start.

    t_s (n,) rising; xy_screen_px (n, 2) in physical pixels, NaN where lost; `duration_s` from
    the opening of the case to its end.
    """

    case: Case
    t_s: Array
    xy_screen_px: Array
    views: tuple[View, ...]
    duration_s: float
    answers: dict[str, str]


def store_sitting(
    study: Study,
    reader_id: str,
    readings: Sequence[ImportedReading],
    *,
    source: str,
    simulated: bool = False,
) -> Session:
    """Add one session with these readings, one after the other with a second between them.

    Parameters
    ----------
    source : str
        Where the gaze comes from, for the recording's description ("reflacx").

    Raises
    ------
    InvalidSettingError
        A viewport lies outside the screen of the study's protocol.
    """
    for reading in readings:
        _check_screen(study, reading)
    session = study.start_session(reader_id)
    screen = study.protocol.screen
    markers: list[AnyMarker] = [
        SessionStarted(
            t_s=0.0,
            session_id=session.session_id,
            study_id=study.study_id,
            reader_id=reader_id,
            screen=screen.state(),
            software=f"imported from {source}",
            simulated=simulated,
        )
    ]
    start_s, serial, times = _PAUSE_S, 0, []
    for imported in readings:
        stored = _store_reading(study, session, imported)
        markers += reading_markers(imported, stored, start_s, serial)
        serial += len(imported.views)
        times.append(imported.t_s + start_s)
        start_s += imported.duration_s + _PAUSE_S
    markers.append(SessionEnded(t_s=start_s, session_id=session.session_id, reason="finished"))
    xy_px = np.concatenate([np.empty((0, 2)), *(reading.xy_screen_px for reading in readings)])
    values = channel_values(screen.geometry().to_norm(xy_px))
    t_s = np.concatenate([np.empty(0), *times])
    write_recording(session.recording_path, t_s, values, markers, source, simulated=simulated)
    return study.end_session(session.session_id, "finished")


def _check_screen(study: Study, reading: ImportedReading) -> None:
    screen = study.protocol.screen
    for view in reading.views:
        x, y, width, height = view.shown_screen_px
        right, bottom = x + width, y + height
        if min(x, y) < -0.5 or right > screen.width_px + 0.5 or bottom > screen.height_px + 0.5:
            size = f"{screen.width_px:g} x {screen.height_px:g}"
            expected = f"the recorded screen (--set screen.width_px=...); gaze at {right:g}, "
            raise InvalidSettingError("protocol.screen", size, f"{expected}{bottom:g} is outside")


def _store_reading(study: Study, session: Session, imported: ImportedReading) -> Reading:
    reading = study.start_reading(session.session_id, imported.case.case_id)
    for field, value in imported.answers.items():
        study.save_answer(reading.reading_id, field, value)
    return study.finish_reading(reading.reading_id, "answered" if imported.answers else "stopped")


def reading_markers(
    imported: ImportedReading, reading: Reading, start_s: float, serial: int
) -> list[AnyMarker]:
    """The markers of one reading that begins at `start_s`; viewports count on from `serial`."""
    ids = {"reading_id": reading.reading_id, "case_id": reading.case_id}
    case, end_s = imported.case, start_s + imported.duration_s
    markers: list[AnyMarker] = [
        CaseOpened(
            t_s=start_s,
            image_width_px=case.width_px,
            image_height_px=case.height_px,
            position=reading.position,
            **ids,
        )
    ]
    for number, view in enumerate(imported.views, start=serial + 1):
        changed = ViewportChanged(
            t_s=start_s + view.from_s,
            serial=number,
            cause="open" if number == serial + 1 else "zoom",
            transform=view.transform,
            shown_screen_px=view.shown_screen_px,
            window=view.window,
            **ids,
        )
        markers += [changed, FrameShown(t_s=changed.t_s, serial=number)]
    markers += [
        AnswerGiven(t_s=end_s, field=field, value=value, **ids)
        for field, value in imported.answers.items()
    ]
    markers.append(
        CaseClosed(t_s=end_s, **ids, reason="answered" if imported.answers else "stopped")
    )
    return markers


def channel_values(xy_norm: Array) -> Array:
    """Gaze points (n, 2) as our channels: the left eye carries them, all else is unknown."""
    values = np.full((len(xy_norm), len(GAZE_CHANNELS)), np.nan)
    column = GAZE_LABELS.index
    values[:, column("sequence")] = np.arange(len(xy_norm))
    values[:, column("left_gaze_x")] = xy_norm[:, 0]
    values[:, column("left_gaze_y")] = xy_norm[:, 1]
    values[:, column("left_gaze_valid")] = np.isfinite(xy_norm).all(axis=1)
    values[:, column("right_gaze_valid")] = 0
    return values


def write_recording(
    path: Path,
    t_s: Array,
    values: Array,
    markers: Sequence[AnyMarker],
    source: str,
    *,
    simulated: bool,
) -> None:
    """Write a recording with a gaze and a marker stream."""
    from gazecore.lsl import gaze_stream_info, marker_stream_info
    from gazecore.recording.writer import XdfWriter

    rate_hz = round(1 / float(np.median(np.diff(t_s))), 3) if len(t_s) > 1 else 0.0
    details = {"manufacturer": "unknown", "imported_from": source}
    gaze = gaze_stream_info(
        GAZE_STREAM_NAME, rate_hz, f"import-{source}", simulated=simulated, details=details
    )
    writer = XdfWriter(path, lambda: float(t_s[-1]) if len(t_s) else 0.0)
    try:
        writer.add_stream(1, gaze.as_xml())
        writer.add_stream(2, marker_stream_info(f"import-{source}").as_xml())
        if len(t_s):
            writer.add_numeric(1, t_s, values)
        writer.flush()
        times_s = np.array([marker.t_s for marker in markers])
        writer.add_texts(2, times_s, [[marker.to_json().encode()] for marker in markers])
        writer.close()
    except BaseException:
        writer.abandon()
        raise
