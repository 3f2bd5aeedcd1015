"""The tracker's side of a calibration: enter, collect, compute, leave; which one holds after all.

A calibration can fail at each of these, and what then matters to everybody is which calibration
the tracker goes on with. The tracker says so when it computes; otherwise it is asked for its data.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Protocol

from gazecore.errors import AcquisitionError, CalibrationFailedError, ControlError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from app.calibration.points import TargetPoint
    from app.calibration.steps import Steps
    from app.calibration.targets import Targets
    from gazecore.control import Answer
    from gazecore.messages import ActiveCalibration


class TrackerCall(Protocol):
    """Asks the tracker process without waiting."""

    def __call__(self, command: str, /, **arguments: Any) -> Future[Answer]:
        """Send a command; the future holds the answer or a `ControlError`."""


class TrackerCalibration:
    """Calibrates one tracker; its methods are steps for a `StepRunner`."""

    def __init__(self, call: TrackerCall, targets: Targets) -> None:
        self._call = call
        self._targets = targets
        self._is_on = False
        self._active: ActiveCalibration = "unknown"

    @property
    def is_on(self) -> bool:
        """Whether the tracker is in calibration; only then can single points be redone."""
        return self._is_on

    @property
    def active(self) -> ActiveCalibration:
        """Which calibration the tracker uses, as far as it was told."""
        return self._active

    def collect(self, points: Sequence[TargetPoint], *, again: bool = False) -> Steps:
        """Show and collect each target; `again` discards what was collected there before."""
        if self._active == "new":
            self._active = "previous"
        if not self._is_on:
            yield from self._ask("calibration_start", "the tracker did not enter calibration")
            self._is_on = True
        for point in points:
            yield from self._targets.show(point, "calibration")
            yield from self._collect(point, again=again)
            yield from self._targets.hide()

    def _collect(self, point: TargetPoint, *, again: bool) -> Steps:
        where = {"x_norm": point.x_norm, "y_norm": point.y_norm}
        failed = "the tracker collected no gaze at a target"
        if again:
            yield from self._ask("calibration_discard", failed, **where)
        try:
            yield self._call("calibration_collect", **where)
        except ControlError:
            yield from self._ask("calibration_collect", failed, **where)

    def compute(self, then: Callable[[Answer], None]) -> Steps:
        """Compute and apply; `then` gets the tracker's answer, successful or not."""
        failed = "the tracker could not compute a calibration"
        answer = yield from self._ask("calibration_compute", failed)
        self._active = _active(answer)
        then(answer)
        if not answer.get("succeeded", False):
            advice = "check that both eyes are seen, then calibrate again"
            raise CalibrationFailedError(failed, advice, self._active)

    def leave(self) -> Steps:
        """Leave calibration, if it is on."""
        if self._is_on:
            yield from self._ask("calibration_leave", "the tracker did not leave calibration")
            self._is_on = False

    def apply(self, data: bytes) -> Steps:
        """Make a calibration from earlier the active one."""
        yield from self.leave()
        text = base64.b64encode(data).decode("ascii")
        failed = "the tracker did not take the earlier calibration"
        yield from self._ask("calibration_apply", failed, data=text)
        self._active = "new"

    def data(self, then: Callable[[bytes | None], None]) -> Steps:
        """The active calibration as the device stores it; None where it gives none."""
        try:
            answer = yield self._call("calibration_data")
        except ControlError:
            then(None)
            return
        text = answer.get("data")
        then(base64.b64decode(text) if text else None)

    def abandon(self) -> None:
        """Leave without waiting for it."""
        if self._is_on:
            self._is_on = False
            self._call("calibration_leave")

    def _ask(self, command: str, failed: str, **arguments: Any) -> Any:
        """Ask the tracker; a refusal says as well which calibration stays active."""
        try:
            answer = yield self._call(command, **arguments)
        except AcquisitionError as error:
            yield from self._find_active()
            raise CalibrationFailedError(failed, str(error), self._active) from error
        return answer

    def _find_active(self) -> Steps:
        """Ask a tracker that never computed here whether it has a calibration at all."""
        if self._active != "unknown":
            return
        try:
            answer = yield self._call("calibration_data")
        except AcquisitionError:
            return
        if "data" in answer:
            self._active = "previous" if answer["data"] else "none"


def _active(answer: Answer) -> ActiveCalibration:
    said = answer.get("active")
    if said == "new" or (said is None and answer.get("succeeded", False)):
        return "new"
    if said == "previous":
        return "previous"
    return "none" if said == "none" else "unknown"
