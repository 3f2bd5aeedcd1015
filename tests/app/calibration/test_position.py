"""Places in the head box, and calm advice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.calibration.position import EyePlace, HeadPosition, PositionReader
from gazecore.samples import GAZE_LABELS, GazeSamples


def _answer(x: float = 0.5, y: float = 0.5, z: float = 0.5, *, mirrored: bool = False) -> Any:
    half = 0.1 if mirrored else -0.1
    left, right = ({"x": x + s, "y": y, "z": z, "valid": True} for s in (half, -half))
    return {"available": True, "left": left, "right": right}


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (_answer(), ""),
        (_answer(z=0.8), "Move a little closer"),
        (_answer(z=0.2), "Move a little back"),
        (_answer(x=0.75), "Move a little to the left"),
        (_answer(x=0.25), "Move a little to the right"),
        (_answer(x=0.75, mirrored=True), "Move a little to the right"),
        (_answer(y=0.8), "Sit a little higher"),
        (_answer(y=0.2), "Sit a little lower"),
        (_answer(x=0.7, z=0.9), "Move a little closer"),
    ],
)
def test_advice_from_the_trackers_guide(answer: Any, advice: str) -> None:
    position = PositionReader().from_guide(answer)
    assert position is not None
    assert (position.source, position.advice) == ("guide", advice)


def test_the_reader_sees_the_left_eye_at_the_left() -> None:
    for mirrored in (False, True):
        position = PositionReader().from_guide(_answer(mirrored=mirrored))
        assert position is not None
        assert position.left == EyePlace(pytest.approx(0.4), 0.5, 0.5)  # type: ignore[arg-type]
        assert position.right == EyePlace(pytest.approx(0.6), 0.5, 0.5)  # type: ignore[arg-type]


def test_advice_does_not_flicker() -> None:
    reader = PositionReader()
    said = []
    for z in (0.65, 0.69, 0.66, 0.64, 0.61, 0.66):
        position = reader.from_guide(_answer(z=z))
        assert position is not None
        said.append(bool(position.advice))
    assert said == [False, True, True, True, False, False]


def test_one_eye_alone_tells_the_distance_only() -> None:
    answer = _answer(x=0.9, z=0.9)
    answer["right"] = {"x": None, "y": None, "z": None, "valid": False}
    position = PositionReader().from_guide(answer)
    assert position is not None
    assert position.right is None
    assert position.advice == "Move a little closer"


@pytest.mark.parametrize("answer", [{"available": False}, {}])
def test_a_tracker_without_a_guide(answer: dict[str, Any]) -> None:
    assert PositionReader().from_guide(answer) is None


def test_no_eyes_give_no_advice() -> None:
    position = PositionReader().from_guide({"available": True, "left": {"valid": False}})
    assert position is not None
    assert not position.is_known
    assert position.advice == ""


def _samples(z_mm: float, n: int = 20) -> GazeSamples:
    values = np.full((n, len(GAZE_LABELS)), np.nan)
    for eye, x_mm in (("left", -31.0), ("right", 31.0)):
        values[:, GAZE_LABELS.index(f"{eye}_origin_valid")] = 1
        for axis, mm in zip("xyz", (x_mm, 0.0, z_mm), strict=True):
            values[:, GAZE_LABELS.index(f"{eye}_origin_user_{axis}")] = mm
    return GazeSamples.from_channels(np.arange(n) / 100, values)


@pytest.mark.parametrize(
    ("z_mm", "advice"), [(650, ""), (760, "Move a little closer"), (520, "Move a little back")]
)
def test_eye_positions_in_gaze_stand_in(z_mm: float, advice: str) -> None:
    position = PositionReader().from_gaze(_samples(z_mm), 650)
    assert (position.source, position.advice) == ("gaze", advice)
    assert position.is_known


def test_gaze_without_eye_positions_tells_nothing() -> None:
    blind = GazeSamples.from_channels(np.arange(3.0), np.full((3, len(GAZE_LABELS)), np.nan))
    assert PositionReader().from_gaze(blind, 650) == HeadPosition()
