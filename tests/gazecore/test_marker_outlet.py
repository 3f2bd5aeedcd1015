"""Markers on a real bus, and the state that is repeated."""

from __future__ import annotations

import uuid

import pylsl
import pytest

from gazecore import lsl
from gazecore.marker_outlet import MarkerOutlet, state_after
from gazecore.messages import (
    AnyMarker,
    CaseClosed,
    CaseOpened,
    GazeMapped,
    KeyPressed,
    ScreenState,
    SessionEnded,
    SessionStarted,
    StateRepeated,
    ViewportChanged,
    WindowState,
    parse_marker,
)
from gazecore.streams import EyeMapping, StreamMatch, StreamProfile

SESSION = SessionStarted(
    t_s=1.0,
    session_id="session-0001",
    study_id="s",
    reader_id="r",
    screen=ScreenState(width_px=1920, height_px=1080, width_mm=527, height_mm=296, distance_mm=650),
)


def opened(number: int) -> CaseOpened:
    return CaseOpened(
        t_s=2.0 + number,
        reading_id=f"reading-{number}",
        case_id=f"case-{number}",
        image_width_px=100,
        image_height_px=200,
    )


def closed(number: int) -> CaseClosed:
    return CaseClosed(t_s=3.0, reading_id=f"reading-{number}", case_id=f"case-{number}")


def viewport(number: int, serial: int = 1) -> ViewportChanged:
    return ViewportChanged(
        t_s=2.5 + number,
        serial=serial,
        reading_id=f"reading-{number}",
        case_id=f"case-{number}",
        cause="open",
        transform=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
        shown_screen_px=(0.0, 0.0, 100.0, 200.0),
        window=WindowState(center=1, width=2),
    )


def state_of(*markers: AnyMarker) -> StateRepeated:
    state = StateRepeated(t_s=0.0)
    for marker in markers:
        state = state_after(state, marker)
    return state


def holds(state: StateRepeated) -> tuple[object, object, object]:
    return state.session, state.case, state.viewport


def test_the_state_gathers_session_case_and_viewport() -> None:
    state = state_of(SESSION, opened(1), viewport(1), KeyPressed(t_s=9.0, key="2"))
    assert holds(state) == (SESSION, opened(1), viewport(1))


def test_the_last_viewport_counts() -> None:
    assert state_of(opened(1), viewport(1), viewport(1, 2)).viewport == viewport(1, 2)


def test_a_viewport_just_before_its_case_stays() -> None:
    assert holds(state_of(SESSION, viewport(1), opened(1))) == (SESSION, opened(1), viewport(1))


def test_a_new_case_takes_the_old_viewport_away() -> None:
    assert holds(state_of(opened(1), viewport(1), opened(2))) == (None, opened(2), None)


def test_a_closed_case_is_gone_and_a_late_close_of_the_last_one_changes_nothing() -> None:
    assert holds(state_of(SESSION, opened(1), viewport(1), closed(1))) == (SESSION, None, None)
    assert holds(state_of(opened(2), viewport(2), closed(1))) == (None, opened(2), viewport(2))


def test_the_end_of_the_session_takes_all_away() -> None:
    end = SessionEnded(t_s=9.0, session_id="session-0001", reason="finished")
    assert holds(state_of(SESSION, opened(1), viewport(1), end)) == (None, None, None)


def test_a_repeated_state_replaces_what_was_known() -> None:
    state = state_of(SESSION, opened(1), viewport(1))
    assert state_of(opened(2), state) == state


def of_two(index: int, serial: int, *, gone: bool = False) -> ViewportChanged:
    change: dict[str, object] = {"viewport": index}
    if gone:
        change["shown_screen_px"] = (0.0,) * 4
    return viewport(1, serial).model_copy(update=change)


def test_every_viewport_of_the_case_is_repeated() -> None:
    state = state_of(opened(1), of_two(0, 1), of_two(1, 2), of_two(0, 3))
    assert state.viewport == of_two(0, 3)
    assert state.other_viewports == (of_two(1, 2),)
    later = state_of(state, closed(1))
    assert (later.viewport, later.other_viewports) == (None, ())
    later = state_of(state, viewport(2))
    assert later.viewports == (viewport(2),)


def test_a_viewport_that_went_is_repeated_but_never_leads() -> None:
    gone = of_two(1, 3, gone=True)
    state = state_of(opened(1), of_two(0, 1), of_two(1, 2), gone)
    assert state.viewport == of_two(0, 1)
    assert state.other_viewports == (gone,)
    back = state_of(state, of_two(1, 4))
    assert back.viewport == of_two(1, 4)
    assert back.other_viewports == (of_two(0, 1),)


def received(inlet: pylsl.StreamInlet) -> tuple[AnyMarker, float]:
    texts, t_s = inlet.pull_sample(timeout=10.0)
    assert texts is not None
    return parse_marker(texts[0]), t_s


@pytest.mark.usefixtures("lsl_session")
def test_markers_cross_the_bus_with_their_own_times() -> None:
    name = f"markers {uuid.uuid4().hex[:8]}"
    with MarkerOutlet("station-1", name) as outlet:
        assert not outlet.has_readers()
        (info,) = lsl.resolve_named([name], 10.0)
        inlet = pylsl.StreamInlet(info, recover=False)
        inlet.open_stream(10.0)
        assert outlet.has_readers()
        for marker in (SESSION, opened(1), viewport(1)):
            outlet.publish(marker)
            assert received(inlet) == (marker, marker.t_s)
        before_s = lsl.clock_s()
        outlet.repeat_state()
        state, t_s = received(inlet)
        assert isinstance(state, StateRepeated)
        assert holds(state) == (SESSION, opened(1), viewport(1))
        assert before_s <= state.t_s == t_s <= lsl.clock_s()
        inlet.close_stream()


@pytest.mark.usefixtures("lsl_session")
def test_what_was_sent_just_before_the_close_still_arrives() -> None:
    name = f"markers {uuid.uuid4().hex[:8]}"
    outlet = MarkerOutlet("station-1", name)
    (info,) = lsl.resolve_named([name], 10.0)
    # With recover=False LSL throws away what had arrived when the outlet went.
    inlet = pylsl.StreamInlet(info, recover=True)
    inlet.open_stream(10.0)
    end = SessionEnded(t_s=5.0, session_id="session-0001", reason="finished")
    outlet.publish(end)
    outlet.close()
    texts, t_s = inlet.pull_sample(timeout=0.0)
    assert texts is not None
    assert (parse_marker(texts[0]), t_s) == (end, 5.0)
    outlet.publish(end)
    outlet.close()
    inlet.close_stream()


def test_markers_are_sent_again_with_their_own_times_and_the_state_last(lsl_session: str) -> None:
    del lsl_session
    name = f"Markers sent again {uuid.uuid4().hex}"
    with MarkerOutlet("again", name) as outlet:
        outlet.publish(opened(1))
        outlet.publish(KeyPressed(t_s=9.0, key="2"))
        (info,) = lsl.resolve_named([name], 5.0)
        inlet = pylsl.StreamInlet(info)
        inlet.open_stream(5.0)
        assert outlet.send_again(since_s=5.0) == 1
        sample, t_s = inlet.pull_sample(5.0)
        assert t_s == 9.0
        assert parse_marker(sample[0]) == KeyPressed(t_s=9.0, key="2")
        state = parse_marker(inlet.pull_sample(5.0)[0][0])
        assert isinstance(state, StateRepeated)
        assert state.case == opened(1)
        inlet.close_stream()
    assert outlet.send_again(0.0) == 0


def test_the_mapping_of_a_foreign_stream_holds_until_the_session_ends() -> None:
    match = StreamMatch(name="lab", type="Gaze", channels=2)
    profile = StreamProfile(profile_id="lab", match=match, both=EyeMapping(x=0, y=1))
    mapped = GazeMapped(t_s=2.0, stream="lab", uid="u", profile=profile)
    state = state_after(StateRepeated(t_s=0.0), mapped)
    assert state.mapping == mapped
    assert parse_marker(state.to_json()) == state
    ended = SessionEnded(t_s=3.0, session_id="s", reason="finished")
    assert state_after(state, ended).mapping is None
