"""What checks of gaze found, stored with the session: quality, calibrations, the dominant eye."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gazecore.errors import FocusStationError
from gazecore.lsl import clock_s
from gazecore.messages import AnyMarker, DriftChecked, FaultFound, ScreenState, ValidationDone
from gazecore.study import Quality
from gazecore.study.kept_calibration import KeptCalibration, TrackerIdentity, keep_calibration

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.calibration.controller import CalibrationMade
    from gazecore.study import Study
    from gazecore.study.records import DominantEye


@dataclass(frozen=True, slots=True)
class CheckedSitting:
    """The sitting whose gaze is checked."""

    session_id: str
    reader_id: str
    screen: ScreenState
    tracker: TrackerIdentity
    can_calibrate: bool


class GazeRecords:
    """Stores for the sitting at hand; nothing without one.

    A disk that is full stops no reading: the recording says what could not be stored.
    """

    def __init__(self, study: Study, publish: Callable[[AnyMarker], None]) -> None:
        self._study = study
        self._publish = publish
        self.sitting: CheckedSitting | None = None

    def keep_calibration(self, made: CalibrationMade) -> None:
        """A calibration that succeeded, with the device's own data, or one that failed."""
        sitting, marker = self.sitting, made.marker
        if sitting is None:
            return
        detail = "re-applied" if marker.source == "reapplied" else f"{len(marker.targets)} points"
        passed = marker.succeeded
        self._save(Quality(sitting.session_id, "calibration", passed=passed, detail=detail))
        if made.data is not None:
            kept = KeptCalibration.of(
                made.data,
                session_id=sitting.session_id,
                reader_id=sitting.reader_id,
                tracker=sitting.tracker,
                screen=sitting.screen,
                targets=marker.targets,
                background_level=marker.background_level,
            )
            self._store(lambda: keep_calibration(self._study.recordings, kept))

    def keep_validation(self, done: ValidationDone) -> None:
        """A validation, accepted or not."""
        if self.sitting is not None:
            self._save(
                Quality(
                    session_id=self.sitting.session_id,
                    kind="validation",
                    accuracy_deg=done.accuracy_deg,
                    precision_rms_deg=done.precision_rms_deg,
                    precision_std_deg=done.precision_std_deg,
                    data_loss=done.data_loss,
                    passed=done.passed,
                    detail="; ".join(done.failed_limits),
                )
            )

    def keep_drift_check(self, result: DriftChecked) -> None:
        """A drift check between two cases, however it went."""
        if self.sitting is not None:
            self._save(
                Quality(
                    session_id=self.sitting.session_id,
                    kind="drift_check",
                    accuracy_deg=result.distance_deg,
                    passed=result.passed,
                    detail=" ".join(part for part in (result.reason, result.outcome) if part),
                )
            )

    def keep_dominant_eye(self, eye: DominantEye) -> None:
        """Which eye of the reader leads."""
        sitting = self.sitting
        if sitting is not None:
            self._store(lambda: self._study.set_dominant_eye(sitting.reader_id, eye))

    def _save(self, quality: Quality) -> None:
        self._store(lambda: self._study.save_quality(quality))

    def _store(self, work: Callable[[], object]) -> None:
        try:
            work()
        except FocusStationError as error:
            self._publish(FaultFound(t_s=clock_s(), source="station", detail=str(error)))
