"""The tracker is asked while it has a guide, one question at a time."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import numpy as np

from app.calibration.guide import PositionGuide
from gazecore.errors import ControlError
from gazecore.samples import GAZE_LABELS, GazeSamples

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gazecore.control import Answer

EYE = {"x": 0.5, "y": 0.5, "z": 0.9, "valid": True}


def _samples(z_mm: float) -> GazeSamples:
    values = np.full((9, len(GAZE_LABELS)), np.nan)
    values[:, GAZE_LABELS.index("left_origin_valid")] = 1
    for axis, mm in zip("xyz", (0.0, 0.0, z_mm), strict=True):
        values[:, GAZE_LABELS.index(f"left_origin_user_{axis}")] = mm
    return GazeSamples.from_channels(np.arange(9.0), values)


class Waiting:
    """A tracker that answers when it is told to."""

    def __init__(self) -> None:
        self.futures: list[Future[Answer]] = []

    def __call__(self, command: str, /, **arguments: Any) -> Future[Answer]:
        assert (command, arguments) == ("eye_positions", {})
        self.futures.append(Future())
        return self.futures[-1]


def test_one_question_at_a_time(qtbot: QtBot) -> None:
    tracker = Waiting()
    guide = PositionGuide(tracker, 650)
    guide.look(_samples(650))
    guide.look(_samples(650))
    assert len(tracker.futures) == 1
    with qtbot.waitSignal(guide.position_changed) as changed:
        tracker.futures[0].set_result({"available": True, "left": EYE, "right": EYE})
    assert changed.args is not None
    assert changed.args[0].advice == "Move a little closer"
    guide.look(_samples(650))
    assert len(tracker.futures) == 2
    with qtbot.assertNotEmitted(guide.position_changed, wait=50):
        tracker.futures[1].set_result({"available": True, "left": EYE, "right": EYE})


def test_without_a_guide_gaze_tells_and_nobody_asks_again(qtbot: QtBot) -> None:
    for refusal in (None, ControlError("unknown command 'eye_positions'")):
        tracker = Waiting()
        guide = PositionGuide(tracker, 650)
        guide.look(_samples(800))
        if refusal is None:
            tracker.futures[0].set_result({"available": False})
        else:
            tracker.futures[0].set_exception(refusal)
        qtbot.wait(20)
        with qtbot.waitSignal(guide.position_changed):
            guide.look(_samples(800))
        assert guide.position.source == "gaze"
        assert guide.position.advice == "Move a little closer"
        assert len(tracker.futures) == 1
