"""What a calibration is for: the protocol's settings, the screen, the reader's eye, the grey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gazecore.geometry import Screen
    from gazecore.messages import EyeName
    from gazecore.study.kept_calibration import KeptCalibration
    from gazecore.study.protocol import Calibration

DEFAULT_LEVEL = 28.0
"""About as bright as a radiograph on the average, until the cases of the study are known."""


@dataclass(frozen=True, slots=True)
class CalibrationPlan:
    """Everything that does not change while one reader calibrates and validates.

    Attributes
    ----------
    settings : Calibration
        The protocol's points and limits.
    screen : Screen
        The tracked screen.
    eye : {"both", "left", "right"}
        Whose figures are held against the limits.
    fit_zoom : float or None
        Physical screen pixels per image pixel of a fitted case.
    background_level : float
        Grey behind the targets, 0..255.
    can_calibrate : bool
        False for trackers of others: these are only checked.
    kept : KeptCalibration or None
        The reader's last calibration, on offer.
    is_midway : bool
        Between two cases of a sitting rather than before the first.
    """

    settings: Calibration
    screen: Screen
    eye: EyeName = "both"
    fit_zoom: float | None = None
    background_level: float = DEFAULT_LEVEL
    can_calibrate: bool = True
    kept: KeptCalibration | None = None
    is_midway: bool = False
