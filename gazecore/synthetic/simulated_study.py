"""A study of many simulated sittings, recorded as the recorder writes them, in no time.

A few simulated readers look at knees through a viewport that zooms; each sitting takes the gaze
of one of them, moved by a few pixels, so that no two recordings are alike. For trying an analysis
out, and for measuring it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gazecore.geometry import Screen, Transform
from gazecore.lsl import gaze_stream_info, marker_stream_info
from gazecore.messages import (
    AnyMarker,
    CaseClosed,
    CaseOpened,
    FrameShown,
    ScreenState,
    SessionEnded,
    SessionStarted,
    ViewportChanged,
    WindowState,
)
from gazecore.recording.writer import XdfWriter
from gazecore.samples import GAZE_CHANNELS, GAZE_LABELS
from gazecore.study import Study
from gazecore.synthetic.eye_model import EyeModel
from gazecore.synthetic.knees import MAX_GRADE, make_knee, write_dicom
from gazecore.synthetic.noise import EyeNoise
from gazecore.synthetic.reader import SimulatedReader
from gazecore.synthetic.scene import generic_scene
from gazecore.synthetic.stimulus import ImageOnScreen

if TYPE_CHECKING:
    from gazecore.study import Session

Array = npt.NDArray[np.float64]

SCREEN = Screen(1920, 1080, 527.0, 296.0, 650.0)
_IMAGE_PX = (512, 416)
_VIEWPORT_PX = (100.0, 0.0, 1720.0, 1080.0)
_PATTERNS = 12
_CHUNK_S = 0.05
_READINGS = 2
_BREAK_S = 1.0
_FITTED = Transform.affine((2.0, 2.0), (544.0, 28.0))
_ZOOMED = Transform.affine((3.5, 3.5), (232.0, -356.0))
_COLUMNS = {label: number for number, label in enumerate(GAZE_LABELS)}
_OF_EYE = (
    *("gaze_x", "gaze_y", "gaze_valid", "pupil_diameter", "pupil_valid"),
    *("origin_user_x", "origin_user_y", "origin_user_z", "origin_valid"),
)
_EYES = tuple([_COLUMNS[f"{eye}_{name}"] for name in _OF_EYE] for eye in ("left", "right"))
_FLAGS = [number for label, number in _COLUMNS.items() if label.endswith("_valid")]


@dataclass(frozen=True, slots=True)
class SimulatedSittings:
    """How many sittings of two readings each, how long each is, and what each consists of."""

    sittings: int = 12
    seconds: float = 60.0
    rate_hz: float = 120.0
    cases: int = 10
    readers: int = 10
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Gaze:
    """Channels (n, 27) of a gaze stream at times t_s (n,) from 0 on."""

    t_s: Array
    values: Array


def make_simulated_study(folder: Path, wanted: SimulatedSittings) -> Study:
    """Make the study in a folder that does not exist yet, and leave it open."""
    study = Study.create(folder, name="simulated sittings")
    with TemporaryDirectory() as made:
        paths = [Path(made) / f"{number}.dcm" for number in range(wanted.cases)]
        for number, path in enumerate(paths):
            knee = make_knee(wanted.seed + number, number % (MAX_GRADE + 1), _IMAGE_PX)
            write_dicom(path, knee)
        study.import_images(paths, simulated=True)
    for number in range(wanted.readers):
        study.add_reader(f"r{number + 1}")
    add_sittings(study, wanted)
    return study


def add_sittings(study: Study, wanted: SimulatedSittings) -> None:
    """Add sittings to a study that `make_simulated_study` made."""
    first = len(study.sessions())
    patterns = [
        _gaze(wanted, wanted.seed + number) for number in range(min(_PATTERNS, wanted.sittings))
    ]
    for number in range(first, first + wanted.sittings):
        session = study.start_session(f"r{number % wanted.readers + 1}")
        markers = _markers(study, session, wanted, number)
        shift = np.random.default_rng([wanted.seed, number]).uniform(-0.01, 0.01, 2)
        gaze = _moved(patterns[number % len(patterns)], shift)
        _write(session.recording_path, gaze, _start_s(number), markers)


def _start_s(number: int) -> float:
    return 1000.0 + 100.0 * number


def _gaze(wanted: SimulatedSittings, seed: int) -> Gaze:
    """One simulated reader's gaze over a whole sitting, from 0 s on."""
    model = EyeModel()
    reader, noise = SimulatedReader(seed, SCREEN, model=model), EyeNoise(seed, model)
    t_s = np.arange(round(wanted.seconds * wanted.rate_hz)) / wanted.rate_hz
    values = np.full((len(t_s), len(GAZE_CHANNELS)), np.nan)
    values[:, _COLUMNS["sequence"]] = np.arange(len(t_s))
    looks = iter([*_views(wanted.seconds), (math.inf, _FITTED)])
    change_s, view = next(looks)
    for row, now_s in zip(values, t_s.tolist(), strict=True):
        while now_s >= change_s:
            reader.look(_on_screen(view), now_s)
            change_s, view = next(looks)
        gaze = reader.at(now_s)
        row[_FLAGS] = 0.0
        if not gaze.is_lost:
            both = noise.measure((gaze.x_norm, gaze.y_norm), now_s, SCREEN, closure=gaze.closure)
            for eye, columns in zip(both, _EYES, strict=True):
                seen = float(eye.is_pupil_valid)
                row[columns] = (eye.x_norm, eye.y_norm, 1.0, eye.pupil_mm, seen, *eye.origin_mm, 1)
    return Gaze(t_s, values)


def _views(seconds: float) -> list[tuple[float, Transform]]:
    """When the viewport changes: fitted, then zoomed, in each reading."""
    turns: list[tuple[float, Transform]] = []
    for start_s, stop_s in _intervals(seconds):
        turns += [(start_s, _FITTED), ((start_s + stop_s) / 2, _ZOOMED)]
    return turns


def _intervals(seconds: float) -> list[tuple[float, float]]:
    """Start and end of the readings within a sitting."""
    each_s = seconds / _READINGS
    starts_s = [each_s * number for number in range(_READINGS)]
    return [(start_s + _BREAK_S / 2, start_s + each_s - _BREAK_S / 2) for start_s in starts_s]


def _on_screen(transform: Transform) -> ImageOnScreen:
    height_px, width_px = _IMAGE_PX
    scene = generic_scene(width_px, height_px)
    return ImageOnScreen("", scene, width_px, height_px, transform, _VIEWPORT_PX)


def _markers(
    study: Study, session: Session, wanted: SimulatedSittings, number: int
) -> list[AnyMarker]:
    """The station's markers of a sitting whose readings are begun in the study."""
    start_s, serial = _start_s(number), 0
    screen = ScreenState(**{name: getattr(SCREEN, name) for name in SCREEN.__slots__})
    found: list[AnyMarker] = [
        SessionStarted(
            t_s=start_s,
            session_id=session.session_id,
            study_id=study.study_id,
            reader_id=session.reader_id,
            screen=screen,
            simulated=True,
        )
    ]
    for turn, (from_s, to_s) in enumerate(_intervals(wanted.seconds)):
        case_id = f"case-{(_READINGS * number + turn) % wanted.cases + 1:04d}"
        reading_id = study.start_reading(session.session_id, case_id).reading_id
        opened_s, closed_s = start_s + from_s, start_s + to_s
        ids = {"reading_id": reading_id, "case_id": case_id}
        height_px, width_px = _IMAGE_PX
        found.append(
            CaseOpened(t_s=opened_s, image_width_px=width_px, image_height_px=height_px, **ids)
        )
        for shown_s, view in ((opened_s, _FITTED), ((opened_s + closed_s) / 2, _ZOOMED)):
            found += _shown(shown_s, serial, view, ids)
            serial += 1
        found.append(CaseClosed(t_s=closed_s, **ids))
    end_s = start_s + wanted.seconds
    found.append(SessionEnded(t_s=end_s, session_id=session.session_id, reason="finished"))
    return found


def _shown(t_s: float, serial: int, view: Transform, ids: dict[str, str]) -> list[AnyMarker]:
    """A viewport state and the frame that showed it."""
    state = ViewportChanged(
        t_s=t_s,
        serial=serial,
        cause="zoom",
        transform=view.elements,
        shown_screen_px=_VIEWPORT_PX,
        window=WindowState(center=2048, width=4096),
        **ids,
    )
    return [state, FrameShown(t_s=t_s + 0.01, serial=serial)]


def _moved(gaze: Gaze, shift: Array) -> Gaze:
    """The gaze with both eyes moved by a share of the screen."""
    values = gaze.values.copy()
    for columns in _EYES:
        values[:, columns[:2]] += shift
    return Gaze(gaze.t_s, values)


def _write(path: Path, gaze: Gaze, start_s: float, markers: list[AnyMarker]) -> None:
    """Write a recording in chunks as the recorder does."""
    writer = XdfWriter(path, lambda: start_s)
    rate_hz = 1 / float(gaze.t_s[1])
    info = gaze_stream_info("FocusStation gaze", rate_hz, "simulated", simulated=True)
    writer.add_stream(1, info.as_xml())
    writer.add_stream(2, marker_stream_info("simulated").as_xml())
    each = max(1, round(_CHUNK_S * rate_hz))
    for first in range(0, len(gaze.t_s), each):
        part = slice(first, first + each)
        writer.add_numeric(1, gaze.t_s[part] + start_s, gaze.values[part])
    times_s = np.array([marker.t_s for marker in markers])
    writer.add_texts(2, times_s, [[marker.to_json().encode()] for marker in markers])
    writer.close()
