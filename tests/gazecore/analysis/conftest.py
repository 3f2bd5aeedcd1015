"""A sitting made by formulas: two readings, each seen through two viewports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import numpy.typing as npt
import pytest

from gazecore.geometry import Screen
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
from gazecore.samples import GAZE_CHANNELS, GAZE_LABELS, GazeSamples
from gazecore.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gazecore.messages import ViewportCause

    Array = npt.NDArray[np.float64]

RATE_HZ = 250.0
IMAGE_PX = (600, 400)
SCREEN = Screen(1920, 1080, 597.7, 336.2, 650)
FIT = (2.0, 0.0, 100.0, 0.0, 2.0, 50.0, 0.0, 0.0, 1.0)
ZOOMED = (4.0, 0.0, -300.0, 0.0, 4.0, -100.0, 0.0, 0.0, 1.0)
RECTANGLE_PX = (0.0, 0.0, 1600.0, 1080.0)


@dataclass(frozen=True)
class Sitting:
    """Samples and markers of a session, and how it was made."""

    screen: Screen
    channels: Array
    t_s: Array
    markers: tuple[AnyMarker, ...]

    @property
    def samples(self) -> GazeSamples:
        return GazeSamples.from_channels(self.t_s, self.channels)


def channels_of(xy_norm: Array) -> Array:
    """Channels of a tracker whose two eyes see the same; NaN is lost."""
    values = np.full((len(xy_norm), len(GAZE_CHANNELS)), np.nan)
    column = GAZE_LABELS.index
    values[:, column("sequence")] = np.arange(len(xy_norm))
    for eye in ("left", "right"):
        values[:, [column(f"{eye}_gaze_x"), column(f"{eye}_gaze_y")]] = xy_norm
        values[:, column(f"{eye}_gaze_valid")] = np.isfinite(xy_norm).all(axis=1)
        values[:, column(f"{eye}_pupil_diameter")] = 3.0
        values[:, column(f"{eye}_pupil_valid")] = 1
    return values


def viewport(
    t_s: float, serial: int, ids: dict[str, str], transform: tuple[float, ...], cause: ViewportCause
) -> ViewportChanged:
    """A viewport state of the sitting."""
    return ViewportChanged(
        t_s=t_s,
        serial=serial,
        cause=cause,
        transform=transform,
        shown_screen_px=RECTANGLE_PX,
        window=WindowState(center=128, width=256),
        **ids,
    )


def screen_state() -> ScreenState:
    """The screen of the sitting as markers carry it."""
    return ScreenState(
        width_px=1920, height_px=1080, width_mm=597.7, height_mm=336.2, distance_mm=650
    )


def markers_of(start_s: float, readings: list[tuple[str, str]]) -> tuple[AnyMarker, ...]:
    """Readings of 2 s, one each 3 s; the view is zoomed after 1 s, painted 20 ms later."""
    found: list[AnyMarker] = [
        SessionStarted(
            t_s=start_s,
            session_id="session-0001",
            study_id="s",
            reader_id="r1",
            screen=screen_state(),
            simulated=True,
        )
    ]
    for number, (reading_id, case_id) in enumerate(readings):
        t_s = start_s + 1 + 3 * number
        ids = {"reading_id": reading_id, "case_id": case_id}
        found += [
            CaseOpened(t_s=t_s, image_width_px=600, image_height_px=400, **ids),
            viewport(t_s, 2 * number, ids, FIT, "open"),
            FrameShown(t_s=t_s + 0.02, serial=2 * number),
            viewport(t_s + 1, 2 * number + 1, ids, ZOOMED, "zoom"),
            FrameShown(t_s=t_s + 1.02, serial=2 * number + 1),
            FrameShown(t_s=t_s + 1.5, serial=2 * number + 1),
            CaseClosed(t_s=t_s + 2, **ids),
        ]
    end_s = start_s + 1 + 3 * len(readings)
    found.append(SessionEnded(t_s=end_s, session_id="session-0001", reason="finished"))
    return tuple(found)


def gaze_at(t_s: Array, start_s: float) -> Array:
    """Gaze on the screen in px: looks at (300, 250) and (900, 650), half a second each in turn."""
    turn = np.floor((t_s - start_s) / 0.5).astype(int) % 2
    return np.where(turn[:, None] == 0, [[300.0, 250.0]], [[900.0, 650.0]])


@pytest.fixture
def make_sitting() -> Callable[..., Sitting]:
    """Make a sitting of some readings (reading_id, case_id), 3 s each."""

    def make(readings: list[tuple[str, str]] | None = None, *, start_s: float = 1000.0) -> Sitting:
        ids = readings or [("reading-000001", "case-0001"), ("reading-000002", "case-0002")]
        t_s = start_s + np.arange(round((2 + 3 * len(ids)) * RATE_HZ)) / RATE_HZ
        xy_norm = SCREEN.to_norm(gaze_at(t_s, start_s))
        return Sitting(SCREEN, channels_of(xy_norm), t_s, markers_of(start_s, ids))

    return make


@pytest.fixture
def sitting(make_sitting: Callable[..., Sitting]) -> Sitting:
    """A sitting of two readings."""
    return make_sitting()


def record(path: Path, sitting: Sitting) -> None:
    """Write a sitting as the recorder does."""
    writer = XdfWriter(path, lambda: float(sitting.t_s[0]))
    writer.add_stream(
        1, gaze_stream_info("FocusStation gaze", 250.0, "test", simulated=True).as_xml()
    )
    writer.add_stream(2, marker_stream_info("test").as_xml())
    writer.add_numeric(1, sitting.t_s, sitting.channels)
    writer.flush()
    times_s = np.array([marker.t_s for marker in sitting.markers])
    writer.add_texts(2, times_s, [[marker.to_json().encode()] for marker in sitting.markers])
    writer.close()


@pytest.fixture
def study(tmp_path: Path, make_sitting: Callable[..., Sitting]) -> Iterator[Study]:
    """Two cases read by two readers, and a session without a recording."""
    with Study.create(tmp_path / "study") as made:
        for seed in range(2):
            pixels = np.random.default_rng(seed).integers(0, 255, (400, 600), dtype=np.uint8)
            (tmp_path / f"{seed}.png").write_bytes(imagecodecs.png_encode(pixels))
            made.import_images([tmp_path / f"{seed}.png"], simulated=True)
        for number, reader_id in enumerate(("r1", "r2")):
            made.add_reader(reader_id)
            session = made.start_session(reader_id)
            ids = []
            for case_id in ("case-0001", "case-0002"):
                reading = made.start_reading(session.session_id, case_id)
                made.finish_reading(reading.reading_id, "answered")
                ids.append((reading.reading_id, case_id))
            made.end_session(session.session_id, "finished")
            record(session.recording_path, make_sitting(ids, start_s=1000.0 + 50 * number))
        made.end_session(made.start_session("r1").session_id, "stopped")
        yield made
