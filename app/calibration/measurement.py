"""Gaze at validation targets, and the validation's verdict from all of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.lsl import clock_s
from gazecore.quality import (
    ValidationContext,
    ValidationLimits,
    display_area,
    validation_of_target,
    validation_of_targets,
)
from gazecore.samples import GAZE_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.calibration.plan import CalibrationPlan
    from app.calibration.points import TargetPoint
    from app.calibration.steps import Steps
    from app.calibration.targets import Purpose, Targets
    from gazecore.live_gaze import LiveGaze
    from gazecore.messages import TargetError, ValidationDone
    from gazecore.quality import DisplayArea
    from gazecore.samples import GazeSamples

ARRIVAL_EVERY_S = 0.02
AREA_OVER_S = 14.0


@dataclass(frozen=True, slots=True)
class Looked:
    """Gaze while one target was looked at; `expected` samples were due (0 is unknown)."""

    target: TargetPoint
    samples: GazeSamples
    expected: int


def look(
    targets: Targets,
    live: LiveGaze,
    point: TargetPoint,
    purpose: Purpose,
    then: Callable[[Looked], None],
) -> Steps:
    """Show a target and take the gaze on it, once the samples of that time have come."""
    pace = targets.pace
    yield from targets.show(point, purpose)
    start_s = clock_s()
    stop_s = start_s + pace.measure_s
    yield pace.measure_s
    deadline_s = clock_s() + pace.arrive_s
    while clock_s() < deadline_s and not len(live.between(stop_s, math.inf)):
        yield ARRIVAL_EVERY_S
    due = round(live.expected_rate_hz() * pace.measure_s)
    then(Looked(point, live.between(start_s, stop_s), due))
    yield from targets.hide()


def area_seen(live: LiveGaze) -> DisplayArea | None:
    """Where the screen lies before the tracker, by the gaze of the last seconds."""
    channels = live.raw(AREA_OVER_S)[1]
    if channels.ndim != 2 or channels.shape[1] != len(GAZE_LABELS):
        return None  # a tracker of others has other channels and no eye positions
    return display_area(channels)


def measured(
    looked: Looked, plan: CalibrationPlan, area: DisplayArea | None
) -> tuple[TargetError, ...]:
    """The figures of the left eye, the right eye and both at one target."""
    place = (looked.target.x_norm, looked.target.y_norm)
    return validation_of_target(
        looked.samples, place, plan.screen, expected=looked.expected, area=area
    )


def verdict(
    all_looked: Sequence[Looked],
    plan: CalibrationPlan,
    t_s: float,
    area: DisplayArea | None = None,
) -> ValidationDone:
    """The validation as a whole, against the protocol's limits."""
    limits = plan.settings
    return validation_of_targets(
        t_s,
        [error for looked in all_looked for error in measured(looked, plan, area)],
        ValidationLimits(
            limits.max_accuracy_deg, limits.max_precision_rms_deg, limits.max_data_loss
        ),
        ValidationContext(plan.eye, plan.fit_zoom, plan.background_level),
    )
