"""The events of one reading for BIDS: what was shown when, and what the reader did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from gazecore.messages import (
    AnswerGiven,
    CaseOpened,
    FrameShown,
    GapFound,
    KeyPressed,
    ViewportChanged,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gazecore.messages import AnyMarker
    from gazecore.study import Reading

SCHEMA = {
    "onset": pl.Float64,
    "duration": pl.Float64,
    "trial_type": pl.String,
    "case_id": pl.String,
    "viewport": pl.Int64,
    "viewport_serial": pl.Int64,
    "image_to_screen": pl.String,
    "shown_screen_px": pl.String,
    "window_center": pl.Float64,
    "window_width": pl.Float64,
    "value": pl.String,
}

COLUMNS = {
    "onset": {"Description": "Time since the case opened.", "Units": "s"},
    "duration": {"Description": "Length of the event; n/a where it is a moment.", "Units": "s"},
    "trial_type": {
        "LongName": "Kind of event",
        "Description": "What happened.",
        "Levels": {
            "case": "The case is on the screen, for the duration of the reading.",
            "viewport": "First frame of a new state of the viewport, stamped when it was painted; "
            "add the display's latency of the session for the light on the screen.",
            "key": "A key was pressed.",
            "answer": "An answer was stored.",
            "gap": "Samples are missing from a stream.",
        },
    },
    "case_id": {"Description": "Pseudonym of the image."},
    "viewport": {"Description": "Which viewport of the page, from 0."},
    "viewport_serial": {"Description": "Number of the viewport's state within the session."},
    "image_to_screen": {
        "Description": "3x3 matrix, row by row, column vectors: image pixels to screen pixels. "
        "Pixel (i, j) of the image covers [i, i+1) x [j, j+1)."
    },
    "shown_screen_px": {
        "Description": "Viewport on the screen: x, y, width, height in pixels; no size: it is gone."
    },
    "window_center": {"Description": "DICOM window center shown."},
    "window_width": {"Description": "DICOM window width shown."},
    "value": {"Description": "The key, or field and value of the answer, or the stream's name."},
}


def event_rows(
    markers: Iterable[AnyMarker],
    states: Mapping[int, ViewportChanged],
    reading: Reading,
    interval_s: tuple[float, float],
) -> pl.DataFrame:
    """The events of a reading in time order, onsets relative to its start.

    `markers` are those of the reading, `states` the session's viewports by serial.
    """
    opened_s, closed_s = interval_s
    rows: list[dict[str, object]] = []
    shown: dict[int, int] = {}
    for marker in markers:
        row = _row(marker, reading, states, shown)
        if row is not None:
            rows.append({"onset": marker.t_s - opened_s, "duration": None, **row})
    for row in rows:
        if row["trial_type"] == "case":
            row["duration"] = closed_s - opened_s
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("onset", maintain_order=True)


def _row(
    marker: AnyMarker,
    reading: Reading,
    states: Mapping[int, ViewportChanged],
    shown: dict[int, int],
) -> dict[str, object] | None:
    """What one marker adds to the events; None where it adds nothing.

    `shown` holds the serial that each viewport showed last, and is kept up.
    """
    if isinstance(marker, CaseOpened) and marker.reading_id == reading.reading_id:
        return {"trial_type": "case", "case_id": marker.case_id}
    if isinstance(marker, KeyPressed):
        return {"trial_type": "key", "value": marker.key}
    if isinstance(marker, AnswerGiven):
        return {"trial_type": "answer", "value": f"{marker.field}={marker.value}"}
    if isinstance(marker, GapFound):
        return {"trial_type": "gap", "value": marker.stream}
    state = states.get(marker.serial) if isinstance(marker, FrameShown) else None
    if state is None or shown.get(state.viewport) == state.serial:
        return None
    shown[state.viewport] = state.serial
    return _viewport(state)


def _viewport(state: ViewportChanged) -> dict[str, object]:
    return {
        "trial_type": "viewport",
        "case_id": state.case_id,
        "viewport": state.viewport,
        "viewport_serial": state.serial,
        "image_to_screen": _numbers(state.transform),
        "shown_screen_px": _numbers(state.shown_screen_px),
        "window_center": state.window.center,
        "window_width": state.window.width,
    }


def _numbers(values: tuple[float, ...]) -> str:
    return " ".join(repr(float(value)) for value in values)
