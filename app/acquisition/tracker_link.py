"""Commands to the tracker; the calibration it holds by then is kept for one that follows it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from gazecore.errors import ControlError

if TYPE_CHECKING:
    from app.acquisition.child import Child
    from gazecore.control import Answer

WAIT_S = 30.0


class TrackerLink:
    """Asks one tracker process; all calls may block.

    Parameters
    ----------
    child : Child
        The tracker's process, or the one that took its place.
    """

    def __init__(self, child: Child) -> None:
        self._child = child
        self._calibration: str | None = None
        self.has_lost_calibration = False
        """Whether a tracker that was started again did not take its predecessor's calibration."""

    def call(self, command: str, arguments: dict[str, Any]) -> Answer:
        """Ask the tracker.

        Raises
        ------
        ControlError
            It is not there, refuses, or does not answer in time.
        """
        answer = self._child.call(command, wait_s=WAIT_S, **arguments)
        if command == "calibration_apply":
            self._calibration = arguments.get("data")
        elif command == "calibration_data":
            self._calibration = answer.get("data")
        elif command == "calibration_leave":
            with contextlib.suppress(ControlError):
                self._calibration = self._child.call("calibration_data").get("data")
        if command.startswith("calibration_"):
            self.has_lost_calibration = False
        return answer

    def calibrate_again(self) -> str:
        """Give a tracker that was started again what its predecessor had; what became of it."""
        if self._calibration is None:
            return ""
        try:
            self._child.call("calibration_apply", wait_s=WAIT_S, data=self._calibration)
        except ControlError as error:
            self.has_lost_calibration = True
            return f"; its calibration is lost ({error})"
        return "; its calibration was applied again"
