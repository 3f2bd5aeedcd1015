"""From markers to what is on the screen; the feed on a real bus."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import pylsl
import pytest

from gazecore.devices.station_view import MarkerFeed, StationView
from gazecore.geometry import Screen, Transform
from gazecore.lsl import clock_s, marker_stream_info
from gazecore.marker_outlet import MarkerOutlet
from gazecore.messages import (
    AnyMarker,
    CaseClosed,
    CaseOpened,
    KeyPressed,
    ScreenState,
    SessionStarted,
    StateRepeated,
    TargetHidden,
    TargetShown,
    ViewportChanged,
    WindowState,
)
from gazecore.synthetic.scene import Scene, Target, generic_scene
from gazecore.synthetic.stimulus import (
    DEFAULT_SCREEN,
    MEAN_LEVEL,
    ImageOnScreen,
    Rest,
    TargetOnScreen,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SCENE = Scene((Target(10, 20, 3, 1.0),))
CASE = CaseOpened(
    t_s=1.0, reading_id="r", case_id="case-0001", image_width_px=100, image_height_px=200
)
VIEWPORT = ViewportChanged(
    t_s=1.0,
    serial=1,
    reading_id="r",
    case_id="case-0001",
    cause="open",
    transform=(2.0, 0.0, 5.0, 0.0, 2.0, 6.0, 0.0, 0.0, 1.0),
    shown_screen_px=(0.0, 0.0, 300.0, 500.0),
    window=WindowState(center=1, width=2),
)
SESSION = SessionStarted(
    t_s=0.0,
    session_id="s",
    study_id="s",
    reader_id="r",
    screen=ScreenState(width_px=3840, height_px=2160, width_mm=700, height_mm=400, distance_mm=600),
)
TARGET = TargetShown(t_s=2.0, purpose="validation", x_norm=0.1, y_norm=0.9)
SHOWN = ImageOnScreen(
    "case-0001", SCENE, 100.0, 200.0, Transform(VIEWPORT.transform), VIEWPORT.shown_screen_px
)


def view_after(*markers: AnyMarker) -> StationView:
    view = StationView({"case-0001": SCENE})
    for marker in markers:
        view.show(marker)
    return view


@pytest.mark.parametrize(
    ("markers", "stimulus"),
    [
        ((), Rest()),
        ((CASE,), Rest()),
        ((CASE, VIEWPORT), SHOWN),
        ((VIEWPORT, CASE), SHOWN),
        ((CASE, VIEWPORT, TARGET), TargetOnScreen(0.1, 0.9)),
        ((CASE, VIEWPORT, TARGET, TargetHidden(t_s=3.0)), SHOWN),
        ((CASE, VIEWPORT, KeyPressed(t_s=3.0, key="2")), SHOWN),
        ((CASE, VIEWPORT, CaseClosed(t_s=3.0, reading_id="r", case_id="case-0001")), Rest()),
        ((StateRepeated(t_s=3.0, session=SESSION, case=CASE, viewport=VIEWPORT),), SHOWN),
    ],
)
def test_what_is_on_the_screen(
    markers: tuple[AnyMarker, ...], stimulus: Rest | TargetOnScreen | ImageOnScreen
) -> None:
    assert view_after(*markers).stimulus() == stimulus


def test_an_unknown_case_has_a_generic_scene() -> None:
    view = StationView({})
    view.show(CASE)
    view.show(VIEWPORT)
    stimulus = view.stimulus()
    assert isinstance(stimulus, ImageOnScreen)
    assert stimulus.scene == generic_scene(100, 200)


def test_the_screen_is_the_sessions() -> None:
    assert view_after().screen == DEFAULT_SCREEN
    assert view_after(SESSION).screen == Screen(3840, 2160, 700, 400, 600)
    late = view_after(StateRepeated(t_s=3.0, session=SESSION))
    assert late.screen == Screen(3840, 2160, 700, 400, 600)


def poll_until(feed: MarkerFeed, done: Callable[[list[AnyMarker]], bool]) -> list[AnyMarker]:
    received: list[AnyMarker] = []
    deadline = time.monotonic() + 15
    while not done(received):
        assert time.monotonic() < deadline
        received += feed.poll()
        time.sleep(0.005)
    return received


@pytest.mark.usefixtures("lsl_session")
def test_the_feed_finds_the_station_loses_it_and_finds_the_next() -> None:
    name = f"markers {uuid.uuid4().hex[:8]}"
    feed = MarkerFeed(name)
    assert feed.poll() == []
    for restart in range(2):
        with MarkerOutlet(f"station-{restart}", name) as outlet:
            poll_until(feed, lambda _: feed.is_connected and outlet.has_readers())
            outlet.publish(CASE)
            outlet.publish(VIEWPORT)
            assert poll_until(feed, lambda got: len(got) >= 2) == [CASE, VIEWPORT]
        poll_until(feed, lambda _: not feed.is_connected)
    feed.close()


@pytest.mark.usefixtures("lsl_session")
def test_a_malformed_marker_is_counted_and_passed_over() -> None:
    name = f"markers {uuid.uuid4().hex[:8]}"
    outlet = pylsl.StreamOutlet(marker_stream_info("station", name))
    feed = MarkerFeed(name)
    poll_until(feed, lambda _: feed.is_connected and outlet.have_consumers())
    outlet.push_sample(["nonsense"], clock_s())
    outlet.push_sample([TARGET.to_json()], clock_s())
    assert poll_until(feed, bool) == [TARGET]
    assert feed.malformed == 1
    feed.close()


@pytest.mark.usefixtures("lsl_session")
def test_polling_never_blocks() -> None:
    feed = MarkerFeed(f"nobody {uuid.uuid4().hex[:8]}")
    slowest_s = 0.0
    for _ in range(50):
        start_s = time.perf_counter()
        feed.poll()
        slowest_s = max(slowest_s, time.perf_counter() - start_s)
        time.sleep(0.002)
    feed.close()
    assert slowest_s < 0.5


def test_an_inverted_image_is_bright() -> None:
    inverted = VIEWPORT.model_copy(
        update={"serial": 2, "window": WindowState(center=1, width=2, invert=True)}
    )
    levels = []
    for shown in (VIEWPORT, inverted):
        stimulus = view_after(SESSION, CASE, shown).stimulus()
        assert isinstance(stimulus, ImageOnScreen)
        levels.append(stimulus.mean_level)
    assert levels == [MEAN_LEVEL, 1.0 - MEAN_LEVEL]
