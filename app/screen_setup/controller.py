"""Measures the screen with its operator: a card or ruler held to it, and the distance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.screen_setup.viewmodel import Axis, ScreenSetup, SizeCheck
from gazecore.display.curve_file import read_curve
from gazecore.errors import FocusStationError
from gazecore.study.database import now_utc
from gazecore.study.screens import KeptCorrection, ScreenRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gazecore.live_gaze import LiveGaze
    from gazecore.screens import ScreenFingerprint
    from gazecore.study import Study
    from gazecore.study.screens import MeasuredLatency, SizeMethod

SEEN_OVER_S = 1.0
NEAREST_MM, FARTHEST_MM = 200.0, 1500.0


class ScreenSetupController(QObject):
    """The state of the page about the screen; saves into the study.

    Parameters
    ----------
    study : Study
    fingerprint : callable
        The screen the window is on now.
    live : LiveGaze
        Tells how far away the tracker sees the eyes.

    Signals
    -------
    state_changed : `ScreenSetup`
    """

    state_changed = Signal(object)

    def __init__(
        self,
        study: Study,
        fingerprint: Callable[[], ScreenFingerprint],
        live: LiveGaze,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._study = study
        self._fingerprint = fingerprint
        self._live = live
        self._tracker_mm: tuple[float, float] | None = None
        self._state = self._begun("card")

    @property
    def state(self) -> ScreenSetup:
        """What the page shows."""
        return self._state

    def begin(self) -> None:
        """Look at the screen anew; called when the page is shown."""
        self._show(self._begun(self._state.check.method))

    def note_tracker(self, display_area_mm: tuple[float, float] | None) -> None:
        """Take note of how large the tracker holds the screen to be."""
        self._tracker_mm = display_area_mm

    def use_method(self, method: SizeMethod) -> None:
        """Hold a card, or a ruler, to the screen."""
        self._show(self._begun(method))

    def resize(self, axis: Axis, step_px: float) -> None:
        """Make the outline longer or shorter along an axis, in physical pixels."""
        check = self._state.check.resized(axis, step_px)
        self._show(replace(self._state, check=check, message="", is_wrong=False))

    def confirm(self) -> None:
        """The outline fits as it is."""
        self._show(replace(self._state, check=self._state.check.confirmed()))

    def set_distance(self, distance_mm: float) -> None:
        """The distance as measured with a tape."""
        self._show(replace(self._state, distance_mm=distance_mm, distance_source="typed"))

    def take_distance_from_tracker(self) -> None:
        """The distance at which the tracker sees the eyes now."""
        samples = self._live.last(SEEN_OVER_S)
        away_mm = np.concatenate(
            [
                np.linalg.norm(samples.left_origin_mm, axis=1),
                np.linalg.norm(samples.right_origin_mm, axis=1),
            ]
        )
        seen = away_mm[np.isfinite(away_mm) & (away_mm > 0)]
        if not len(seen):
            self._tell("the tracker sees no eyes; sit in front of it, or type the distance")
            return
        distance_mm = float(round(np.median(seen)))
        if not NEAREST_MM <= distance_mm <= FARTHEST_MM:
            self._tell(f"the tracker says {distance_mm:.0f} mm, which cannot be; type the distance")
            return
        self._show(replace(self._state, distance_mm=distance_mm, distance_source="tracker"))

    def save(self) -> None:
        """Keep what was measured with the study; it holds from the next sitting on."""
        if not self._state.check.is_done and self._state.distance_source is None:
            self._tell("fit the outline along both axes first, or press Space if it fits as it is")
            return
        record = self._state.measured(now_utc())
        try:
            self._study.save_screen(record)
        except FocusStationError as error:
            self._tell(str(error))
            return
        self._show(replace(self._state, record=record, message="Saved.", is_wrong=False))

    def save_latency(self, latency: MeasuredLatency) -> None:
        """Keep a measured display latency."""
        record = self._state.measured(now_utc()).model_copy(update={"latency": latency})
        try:
            self._study.save_screen(record)
        except FocusStationError as error:
            self._tell(str(error))
            return
        self._show(replace(self._state, record=record, message="", is_wrong=False))

    def use_curve(self, path: Path) -> None:
        """Correct this screen by luminances measured on it; holds from the next sitting on."""
        try:
            kept = KeptCorrection.of(read_curve(path), now_utc())
        except FocusStationError as error:
            self._tell(str(error))
            return
        self._save_correction(kept)

    def remove_curve(self) -> None:
        """Show grey levels as they are again."""
        self._save_correction(None)

    def _save_correction(self, kept: KeptCorrection | None) -> None:
        state = self._state
        record = state.record or ScreenRecord(fingerprint=state.fingerprint)
        record = record.model_copy(update={"correction": kept})
        try:
            self._study.save_screen(record)
        except FocusStationError as error:
            self._tell(str(error))
            return
        self._show(replace(state, record=record, message="", is_wrong=False))

    def _begun(self, method: SizeMethod) -> ScreenSetup:
        fingerprint, protocol = self._fingerprint(), self._study.protocol.screen
        message, record = "", None
        try:
            record = self._study.screen_record(fingerprint)
        except FocusStationError as error:
            message = str(error)
        size = record and record.width_mm and record.height_mm
        known_mm = (record.width_mm, record.height_mm) if record and size else None
        return ScreenSetup(
            fingerprint=fingerprint,
            check=SizeCheck.begin(fingerprint, known_mm, method),  # type: ignore[arg-type]
            distance_mm=(record and record.distance_mm) or protocol.distance_mm,
            others_mm={
                "Display": (fingerprint.width_mm, fingerprint.height_mm),
                "Protocol": (protocol.width_mm, protocol.height_mm),
                "Tracker": self._tracker_mm,
            },
            record=record,
            message=message,
            is_wrong=bool(message),
            is_correction_off=protocol.correction == "off",
        )

    def _tell(self, problem: str) -> None:
        self._show(replace(self._state, message=problem, is_wrong=True))

    def _show(self, state: ScreenSetup) -> None:
        self._state = state
        self.state_changed.emit(state)
