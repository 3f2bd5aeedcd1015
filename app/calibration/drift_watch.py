"""Watches while cases are read: eyes that are away, and clicks that lie off gaze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.calibration.drift import DriftSchedule
from gazecore.lsl import clock_s
from gazecore.quality import Click, ClickDrift

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.calibration.plan import CalibrationPlan
    from gazecore.live_gaze import LiveGaze
    from gazecore.messages import AnyMarker, DriftReason

EVERY_MS = 500
OVER_S = 1.0
BEFORE_CLICK_S = (0.35, 0.05)
"""Gaze is on what will be clicked from about a third of a second before; then it leaves."""


class DriftWatch(QObject):
    """Knows at each case change whether drift is to be checked.

    Signals
    -------
    clicked : DriftChecked
        A click was compared with gaze; its marker is out.
    """

    clicked = Signal(object)

    def __init__(
        self,
        *,
        publish: Callable[[AnyMarker], None],
        live: LiveGaze,
        plan: CalibrationPlan,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._publish = publish
        self._live = live
        settings = plan.settings
        self.schedule = DriftSchedule(settings)
        self._clicks = ClickDrift(plan.screen, settings.max_click_distance_deg, eye=plan.eye)
        self._seen_s = clock_s()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_timer)

    @property
    def due(self) -> DriftReason:
        """Why a check is due now; empty if it is not, or if no gaze comes to be checked."""
        return self.schedule.due if self._live.status().state == "live" else ""

    def set_active(self, is_active: bool) -> None:
        """Watch while cases are read, rest otherwise."""
        if is_active and not self._timer.isActive():
            self._seen_s = clock_s()
            self._timer.start()
        elif not is_active:
            self._timer.stop()

    def note_checked(self) -> None:
        """Gaze was just validated, checked, or taken as it is."""
        self.schedule.note_checked()
        self._clicks.forget()

    def note_click(self, x_norm: float, y_norm: float) -> None:
        """The reader clicked something at a known place."""
        if not self._timer.isActive():
            return
        now_s = clock_s()
        from_s, to_s = (now_s - before_s for before_s in BEFORE_CLICK_S)
        click = Click(now_s, x_norm, y_norm)
        marker = self._clicks.take(click, self._live.between(from_s, to_s))
        self._publish(marker)
        self.schedule.note_click(marker)
        self.clicked.emit(marker)

    def _on_timer(self) -> None:
        samples = self._live.last(OVER_S)
        valid = samples.left_valid | samples.right_valid
        if valid.any():
            self._seen_s = float(samples.t_s[valid][-1])
        self.schedule.note_away(clock_s() - self._seen_s)
