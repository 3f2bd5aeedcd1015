"""A study recorded from other labs' trackers: outlet, recorder, analysis, each the real one."""

from __future__ import annotations

import contextlib
import subprocess
import time
from typing import IO, TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from gazecore.analysis.session import analyse_session
from gazecore.devices.outlet_profiles import OUTLET_PROFILES
from gazecore.lsl import clock_s
from gazecore.marker_outlet import MarkerOutlet
from gazecore.messages import (
    CaseOpened,
    FrameShown,
    GazeMapped,
    ScreenState,
    SessionEnded,
    SessionStarted,
    ViewportChanged,
    WindowState,
)
from gazecore.processes import child_environment, focusstation_command
from gazecore.recording import read
from gazecore.samples import MARKER_STREAM_NAME
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile
from gazecore.study.protocol import Exclusion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy.typing as npt

pytestmark = pytest.mark.usefixtures("lsl_session")

SCREEN_PX = (1920.0, 1080.0)
SECONDS = 5.0
WANDER_PX = 10.0
"""No eye at rest moves further: the tracker is without noise."""
PROFILES = ("gazepoint", "titta", "eyelink")
BY_HAND = "eyelink"
"""The recording of this one carries a mapping made by hand; the others are known."""


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        focusstation_command(*arguments), env=child_environment(), stdout=subprocess.PIPE
    )


def _said(output: IO[bytes] | None) -> bytes:
    assert output is not None
    return output.readline()


@contextlib.contextmanager
def _trackers(folder: Path) -> Iterator[None]:
    exact = ("--noise-deg", "0", "--seed", "4")
    processes = [
        _start(
            *("tracker", "simulated", "--profile", name, *exact),
            *("--truth", str(folder / f"{name}.csv")),
        )
        for name in PROFILES
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.communicate(timeout=20)


@contextlib.contextmanager
def _recorders(folder: Path) -> Iterator[None]:
    """Recorders that run; they are stopped and have verified their files afterwards."""
    processes = [
        _start(
            *("record", "--out", str(folder / f"{name}.xdf"), "--wait", "30"),
            *("--stream", OUTLET_PROFILES[name].stream_name, "--stream", MARKER_STREAM_NAME),
        )
        for name in PROFILES
    ]
    try:
        for process in processes:
            assert _said(process.stdout).startswith(b"recording")
        yield
    finally:
        for process in processes:
            process.terminate()
        ended = [process.communicate(timeout=30)[0] for process in processes]
    assert all(said.startswith(b"verified") for said in ended), ended


def _mapping_by_hand() -> GazeMapped:
    outlet = OUTLET_PROFILES[BY_HAND]
    match = StreamMatch(
        name=outlet.stream_name,
        type=outlet.type,
        labels=outlet.labels,
        channels=outlet.channel_count,
    )
    profile = StreamProfile(
        profile_id="by hand",
        match=match,
        left=EyeMapping(x=0, y=1),
        right=EyeMapping(x=2, y=3),
        unit="px",
        resolution_px=SCREEN_PX,
        missing=("zero",),
    )
    return GazeMapped(t_s=clock_s(), stream=outlet.stream_name, profile=profile)


def _publish_a_reading(markers: MarkerOutlet) -> None:
    """A session with one case that fills the screen."""
    width_px, height_px = SCREEN_PX
    screen = ScreenState(
        width_px=width_px, height_px=height_px, width_mm=597.7, height_mm=336.2, distance_mm=650
    )
    markers.publish(
        SessionStarted(t_s=clock_s(), session_id="s", study_id="st", reader_id="r", screen=screen)
    )
    markers.publish(_mapping_by_hand())
    markers.publish(
        CaseOpened(
            t_s=clock_s(),
            reading_id="reading-1",
            case_id="case-1",
            image_width_px=int(width_px),
            image_height_px=int(height_px),
            position=0,
        )
    )
    markers.publish(
        ViewportChanged(
            t_s=clock_s(),
            serial=1,
            reading_id="reading-1",
            case_id="case-1",
            cause="open",
            transform=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
            shown_screen_px=(0.0, 0.0, width_px, height_px),
            window=WindowState(center=0.5, width=1),
        )
    )
    markers.publish(FrameShown(t_s=clock_s(), serial=1))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, lsl_session: str) -> Mapping[str, Path]:
    """The folder of each profile's recording and truth, all made at once."""
    del lsl_session
    folder = tmp_path_factory.mktemp("foreign")
    with _trackers(folder), MarkerOutlet("foreign-test") as markers, _recorders(folder):
        _publish_a_reading(markers)
        stop_s = clock_s() + SECONDS
        while clock_s() < stop_s:
            markers.repeat_state()
            time.sleep(0.5)
        markers.publish(SessionEnded(t_s=clock_s(), session_id="s", reason="finished"))
        time.sleep(0.5)
    return {name: folder / name for name in PROFILES}


def _true_gaze_px(
    truth: pl.DataFrame, onset_s: float, offset_s: float
) -> npt.NDArray[np.float64] | None:
    """Where gaze truly rested in an interval; None where it rested at two places.

    At 60 Hz a saccade of half a degree may fall between two samples, and nobody can see it.
    """
    inside = truth.filter(pl.col("t_s").is_between(onset_s, offset_s, closed="left"))
    resting = inside.filter(pl.col("label") == 1)
    xy_px = resting.select("x_norm", "y_norm").to_numpy() * SCREEN_PX
    if len(xy_px) < 5 or np.ptp(xy_px, axis=0).max() > WANDER_PX:
        return None
    return np.asarray(np.median(xy_px, axis=0))


@pytest.mark.parametrize("name", PROFILES)
def test_fixations_of_a_foreign_tracker_lie_where_gaze_rested(
    recorded: Mapping[str, Path], name: str
) -> None:
    recording = read(recorded[name].with_suffix(".xdf"))
    source = recording.gaze_source()
    assert source.profile is not None
    assert (source.profile.profile_id == "by hand") == (name == BY_HAND)
    assert recording.simulated
    analysis = analyse_session(recording.gaze(), recording.markers(), Exclusion())
    truth = pl.read_csv(recorded[name].with_suffix(".csv"))
    errors_px = [
        float(np.hypot(*(np.array([row["x_image_px"], row["y_image_px"]]) - rested)))
        for row in analysis.fixations.drop_nulls("x_image_px").iter_rows(named=True)
        if (rested := _true_gaze_px(truth, row["onset_s"], row["offset_s"])) is not None
    ]
    assert len(errors_px) >= 5
    assert float(np.median(errors_px)) < 2
    *most_px, worst_px = sorted(errors_px)
    assert max(most_px) < 20
    # At 60 Hz a fixation may hold a sample of the saccade beside it.
    assert worst_px < 60
    (reading,) = analysis.quality
    assert isinstance(reading["received"], int)
    assert reading["received"] > 0.7 * SECONDS * OUTLET_PROFILES[name].usual_rate_hz
    assert reading["missing"] in (None, 0, 1, 2)  # at the ends, by the rate
