"""Looks at the gaze and the recorder ten times a second while a reader reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.watchdog.viewmodel import Alert, Seen, alerts_of, begun
from gazecore.lsl import clock_s
from gazecore.messages import FaultFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from gazecore.live_gaze import LiveGaze
    from gazecore.messages import AnyMarker

EVERY_MS = 100
EYES_EVERY = 5
"""Validity is looked at every so many looks: it takes a copy of the samples."""
EYES_OVER_S = 0.5


class WatchdogController(QObject):
    """Tells what is wrong as soon as it is, and that it is over; rests outside readings.

    Parameters
    ----------
    live : LiveGaze
        The gaze stream as it arrives.
    publish : callable
        Sends a marker: each alert is marked when it begins and when it is over.
    notice : callable
        Gives what others know, as `Seen` without the eyes; its gaze age is the recorder's.
    eyes_lost_notice_s : float
        The protocol's; 0: the reader is never asked whether they are there.

    Signals
    -------
    alerts_changed : tuple of `Alert`
        The worst first; empty when all is well again.
    """

    alerts_changed = Signal(tuple)

    def __init__(
        self,
        live: LiveGaze,
        publish: Callable[[AnyMarker], None],
        notice: Callable[[], Seen],
        *,
        eyes_lost_notice_s: float = 0.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._live = live
        self._publish = publish
        self._notice = notice
        self._eyes_lost_notice_s = eyes_lost_notice_s
        self._alerts: tuple[Alert, ...] = ()
        self._looks = 0
        self._samples = 0
        self._arrived_s = self._eyes_seen_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What is wrong now, the worst first."""
        return self._alerts

    def set_active(self, is_active: bool) -> None:
        """Watch, or rest with nothing to tell."""
        if is_active and not self._timer.isActive():
            self._arrived_s = self._eyes_seen_s = clock_s()
            self._timer.start()
            self.look()
        elif not is_active and self._timer.isActive():
            self._timer.stop()
            self._tell(())

    def look_soon(self) -> None:
        """Look at once if a reading is watched: something is known to have changed."""
        if self._timer.isActive():
            self.look()

    def look(self) -> None:
        """Look now."""
        known, now_s = self._notice(), clock_s()
        if self._looks % EYES_EVERY == 0:
            self._look_for_eyes(now_s)
        self._looks += 1
        seen = Seen(
            gaze_age_s=self._gaze_age_s(known, now_s),
            eyes_lost_s=now_s - self._eyes_seen_s,
            recorder_problem=known.recorder_problem,
            tracker_problem=known.tracker_problem,
            undecided=known.undecided,
            is_undecided_recorded=known.is_undecided_recorded,
            free_bytes=known.free_bytes,
            screen_problem=known.screen_problem,
        )
        self._tell(alerts_of(seen, eyes_lost_notice_s=self._eyes_lost_notice_s))

    def _gaze_age_s(self, known: Seen, now_s: float) -> float | None:
        """Since gaze last arrived here; the recorder's word counts where we cannot read it."""
        link = self._live.status()
        if link.samples != self._samples:
            self._samples, self._arrived_s = link.samples, now_s
        if link.state in ("refused", "searching") and known.gaze_age_s is not None:
            return known.gaze_age_s
        return now_s - self._arrived_s

    def _look_for_eyes(self, now_s: float) -> None:
        samples = self._live.last(EYES_OVER_S)
        # Silence is told as silence; only samples without an eye mean that the eyes are lost.
        if not len(samples) or bool(np.any(samples.left_valid | samples.right_valid)):
            self._eyes_seen_s = now_s

    def _tell(self, alerts: tuple[Alert, ...]) -> None:
        if alerts == self._alerts:
            return
        before, self._alerts = self._alerts, alerts
        for alert in begun(before, alerts):
            self._mark(alert.text)
        for alert in begun(alerts, before):
            self._mark(f"over: {alert.text}")
        self.alerts_changed.emit(alerts)

    def _mark(self, detail: str) -> None:
        self._publish(FaultFound(t_s=clock_s(), source="station", detail=detail))
