"""Targets one after the other: each is shown, announced to recording and tracker, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gazecore.lsl import clock_s
from gazecore.messages import TargetHidden, TargetShown

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.calibration.points import TargetPoint
    from app.calibration.steps import Steps
    from gazecore.messages import AnyMarker

Purpose = Literal["calibration", "validation", "drift"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long targets stay.

    Attributes
    ----------
    settle_s : float
        From a target's appearance until gaze is taken: reaction time and the saccade there.
    measure_s : float
        The interval a validation target is measured in.
    arrive_s : float
        How long at most to wait for the interval's last samples.
    between_s : float
        Without a target.
    again_s : float
        Time to read that one more look is asked for.
    """

    settle_s: float = 0.9
    measure_s: float = 0.5
    arrive_s: float = 1.0
    between_s: float = 0.12
    again_s: float = 1.2


class Targets:
    """Shows targets for a controller.

    Parameters
    ----------
    publish : callable
        Sends a marker to the recording and to the tracker.
    show : callable
        Brings a target to the screen, or with None takes it away.
    pace : Pace
    """

    def __init__(
        self,
        publish: Callable[[AnyMarker], None],
        show: Callable[[TargetPoint | None], None],
        pace: Pace,
    ) -> None:
        self._publish = publish
        self._show = show
        self.pace = pace
        self._is_shown = False

    def show(self, point: TargetPoint, purpose: Purpose) -> Steps:
        """Show a target and wait until gaze has settled on it."""
        self._show(point)
        self._is_shown = True
        self._publish(
            TargetShown(t_s=clock_s(), purpose=purpose, x_norm=point.x_norm, y_norm=point.y_norm)
        )
        yield self.pace.settle_s

    def hide(self) -> Steps:
        """Take the target away and leave the screen empty for a moment."""
        self.take_away()
        yield self.pace.between_s

    def take_away(self) -> None:
        """Take the target away now, if one is shown."""
        if self._is_shown:
            self._is_shown = False
            self._publish(TargetHidden(t_s=clock_s()))
            self._show(None)
