"""From a stream nobody knows to a proven mapping in the study, with a real outlet."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from app.stream_mapping.controller import CornerPace, StreamMappingController
from gazecore.messages import TargetHidden, TargetShown
from gazecore.samples import GAZE_STREAM_NAME
from gazecore.streams.corners import CORNERS
from tests.app.stream_mapping.conftest import Lab, outlet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from app.stream_mapping.viewmodel import MappingState
    from gazecore.study import Study

WAIT_MS = 15_000
PACE = CornerPace(settle_s=0.25, measure_s=0.25, arrive_s=0.2)


@pytest.fixture
def controller(qtbot: QtBot, study: Study, lab: Lab) -> Iterator[StreamMappingController]:
    del qtbot
    made = StreamMappingController(study, lab.publish, lambda: (1920.0, 1080.0), pace=PACE)
    yield made
    made.close()


def wait(
    qtbot: QtBot, controller: StreamMappingController, holds: Callable[[MappingState], object]
) -> MappingState:
    qtbot.waitUntil(lambda: bool(holds(controller.state)), timeout=WAIT_MS)
    return controller.state


def test_streams_are_listed_with_their_measured_rate(
    qtbot: QtBot, controller: StreamMappingController, lab: Lab
) -> None:
    controller.look()
    assert controller.state.is_looking
    (row,) = wait(qtbot, controller, lambda s: s.rows).rows
    assert (row.name, row.standing) == (lab.name, "needs a mapping")
    measured = int(row.rate.removesuffix(" of 100 Hz"))
    assert 80 <= measured <= 110
    assert not controller.state.is_looking


def test_after_the_close_nothing_is_looked_for(controller: StreamMappingController) -> None:
    controller.close()
    controller.look()
    controller.glance()
    assert not controller.state.is_looking
    assert not [t for t in threading.enumerate() if t.name.startswith("streams")]


def test_a_glance_tells_that_others_send(
    qtbot: QtBot, controller: StreamMappingController, lab: Lab
) -> None:
    with qtbot.waitSignal(controller.others_seen, timeout=WAIT_MS) as seen:
        controller.glance()
    assert seen.args is not None
    assert [row.name for row in seen.args[0]] == [lab.name]


def test_a_wrong_guess_is_told_mended_proven_saved_and_used(
    qtbot: QtBot, controller: StreamMappingController, lab: Lab, study: Study
) -> None:
    controller.choose(lab.name)
    guessed = wait(qtbot, controller, lambda s: s.origin == "hand")
    assert guessed.profile is not None
    assert guessed.profile.unit == "percent"
    assert not guessed.can_use
    shown: list[bool] = []
    controller.corners_shown.connect(shown.append)
    controller.look_at_corners()
    state = wait(qtbot, controller, lambda s: s.verdict)
    assert state.verdict is not None
    assert state.verdict.sentence == "Y looks upside down: flip y?"
    assert not state.can_use
    assert shown == [True, False]
    targets = [(m.x_norm, m.y_norm) for m in lab.markers if isinstance(m, TargetShown)]
    assert targets == list(CORNERS)
    assert isinstance(lab.markers[-1], TargetHidden)
    controller.take_remedy()
    assert controller.state.can_use
    with qtbot.waitSignal(controller.stream_chosen, timeout=WAIT_MS) as chosen:
        controller.use()
    assert chosen.args == [lab.name]
    (saved,) = study.stream_profiles()
    assert saved.y_origin == "bottom"
    assert study.protocol.tracking.stream == lab.name
    assert controller.uses_other
    controller.use_own()
    assert study.protocol.tracking.stream == GAZE_STREAM_NAME


def test_the_dot_follows_the_mapping_as_it_is_changed(
    qtbot: QtBot, controller: StreamMappingController, lab: Lab
) -> None:
    dots: list[tuple[float, float] | None] = []
    controller.gaze_moved.connect(dots.append)
    controller.choose(lab.name)
    wait(qtbot, controller, lambda s: s.origin)
    controller.edit(y_origin="bottom")
    qtbot.waitUntil(
        lambda: bool(dots) and dots[-1] == pytest.approx(lab.looks_at, abs=0.02), timeout=WAIT_MS
    )
    controller.edit(unit="norm", missing=("nan", "outside"))
    qtbot.waitUntil(lambda: dots[-1] is None, timeout=WAIT_MS)
    controller.edit(unit="percent")
    controller.read_as("left")
    assert controller.state.profile is not None
    assert controller.state.profile.left is not None
    controller.edit(left={"x": 0, "y": 9})
    assert "cannot be" in controller.state.message


def test_a_saved_mapping_is_known_the_next_time(
    qtbot: QtBot, controller: StreamMappingController, lab: Lab, study: Study
) -> None:
    controller.choose(lab.name)
    profile = wait(qtbot, controller, lambda s: s.profile).profile
    assert profile is not None
    study.save_stream_profile(profile)
    controller.choose(lab.name)
    state = wait(qtbot, controller, lambda s: s.origin)
    assert state.origin == "known"
    assert state.can_use


def test_escape_at_the_corners_stops_them_and_then_leaves_without_saving(
    qtbot: QtBot, controller: StreamMappingController, lab: Lab, study: Study
) -> None:
    controller.choose(lab.name)
    wait(qtbot, controller, lambda s: s.origin == "hand")
    controller.look_at_corners()
    assert controller.state.is_at_corners
    controller.leave()
    assert not controller.state.is_at_corners
    assert controller.state.verdict is None
    assert controller.state.chosen == lab.name
    qtbot.wait(1000)
    assert controller.state.verdict is None
    with qtbot.waitSignal(controller.left, timeout=WAIT_MS):
        controller.leave()
    assert controller.state.chosen == ""
    assert study.stream_profiles() == ()
    assert study.protocol.tracking.stream == GAZE_STREAM_NAME


def test_a_head_cameras_stream_cannot_be_mapped(
    qtbot: QtBot, controller: StreamMappingController
) -> None:
    camera = outlet("Lab_Gaze", ("x", "y"))
    controller.choose("Lab_Gaze")
    state = wait(qtbot, controller, lambda s: s.message)
    assert "camera that moves with the head" in state.message
    assert not state.can_use
    assert not state.can_look_at_corners
    del camera


def test_gaze_that_ends_while_corners_are_shown_is_told(
    qtbot: QtBot, controller: StreamMappingController, lab: Lab
) -> None:
    controller.choose(lab.name)
    wait(qtbot, controller, lambda s: s.origin == "hand")
    lab.close()
    controller.look_at_corners()
    verdict = wait(qtbot, controller, lambda s: s.verdict).verdict
    assert verdict is not None
    assert "No gaze came at every corner" in verdict.sentence
