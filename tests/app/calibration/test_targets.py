"""Each target is announced when it comes and when it goes, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.calibration.points import TargetPoint
from app.calibration.targets import Targets
from gazecore.messages import TargetShown
from tests.app.calibration.conftest import QUICK

if TYPE_CHECKING:
    from gazecore.messages import AnyMarker

pytestmark = pytest.mark.usefixtures("lsl_session")
PLACE = TargetPoint(0.25, 0.75)


def test_a_target_is_shown_settled_on_and_hidden() -> None:
    shown: list[TargetPoint | None] = []
    sent: list[AnyMarker] = []
    targets = Targets(sent.append, shown.append, QUICK)
    assert list(targets.show(PLACE, "drift")) == [QUICK.settle_s]
    assert list(targets.hide()) == [QUICK.between_s]
    assert shown == [PLACE, None]
    first = sent[0]
    assert isinstance(first, TargetShown)
    assert (first.purpose, first.x_norm, first.y_norm) == ("drift", 0.25, 0.75)
    assert [marker.kind for marker in sent] == ["target_shown", "target_hidden"]


def test_what_is_not_shown_is_not_taken_away() -> None:
    sent: list[AnyMarker] = []
    targets = Targets(sent.append, lambda _point: None, QUICK)
    targets.take_away()
    assert sent == []
    next(targets.show(PLACE, "calibration"))
    targets.take_away()
    targets.take_away()
    assert [marker.kind for marker in sent] == ["target_shown", "target_hidden"]
