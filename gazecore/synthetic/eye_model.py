"""What a simulated reader's eyes and their tracker do: one frozen set of options."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from gazecore.errors import InvalidSettingError

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGES = {
    "noise_rms_deg": (0.0, 10.0),
    "noise_std_deg": (0.0, 10.0),
    "eye_offset_deg": (0.0, 10.0),
    "uncalibrated_deg": (0.0, 20.0),
    "calibration_drift_deg_h": (0.0, 60.0),
    "microsaccades_per_s": (0.0, 5.0),
    "head_sway_mm": (0.0, 100.0),
    "clock_skew_ppm": (-1000.0, 1000.0),
    "dropout_share": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class EyeModel:
    """The options; ``--eyes NAME=VALUE`` of the command line sets any of them.

    Attributes
    ----------
    noise_rms_deg : float
        RMS sample-to-sample angle per eye (RMS-S2S) while gaze is still.
    noise_std_deg : float or None
        Standard deviation sqrt(var x + var y) of the noise; None is white noise, RMS / sqrt 2.
        More makes it coloured, which is how trackers that filter look (Niehorster et al. 2020,
        Behav. Res. Methods 52).
    eye_offset_deg : float
        Standard deviation of the constant offset between the eyes.
    uncalibrated_deg : float
        Error before the first calibration.
    calibration_drift_deg_h : float
        How fast a calibration wears off.
    blinks, blink_flanks, oscillations, pupil_reacts : bool
        Blinks; the lid dragging gaze before and after them; post-saccadic oscillations; a pupil
        that answers to light.
    microsaccades_per_s : float
    head_sway_mm : float
        How far the head moves to each side.
    clock_skew_ppm : float or None
        Of the device's clock; None draws it within 50 ppm.
    dropout_share : float
        Samples in which both eyes are lost for no reason.
    lost_as_hole : bool
        Lost samples are not sent at all, as some trackers do.
    eye_openness, time_synchronisation : bool
        Side streams of the tracker.
    """

    noise_rms_deg: float = 0.1
    noise_std_deg: float | None = None
    eye_offset_deg: float = 0.15
    uncalibrated_deg: float = 1.0
    calibration_drift_deg_h: float = 0.3
    blinks: bool = True
    blink_flanks: bool = True
    oscillations: bool = True
    microsaccades_per_s: float = 1.0
    head_sway_mm: float = 8.0
    pupil_reacts: bool = True
    clock_skew_ppm: float | None = None
    dropout_share: float = 0.0
    lost_as_hole: bool = False
    eye_openness: bool = False
    time_synchronisation: bool = False

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise InvalidSettingError(f"--eyes {name}", value, f"{low:g} to {high:g}")
        white_deg = self.noise_rms_deg / 2**0.5
        if self.noise_std_deg is not None and self.noise_std_deg < white_deg * (1 - 1e-9):
            raise InvalidSettingError(
                "--eyes noise_std_deg", self.noise_std_deg, f"at least {white_deg:.4g}, white noise"
            )

    @property
    def is_exact(self) -> bool:
        """Whether both eyes are measured at the true gaze point exactly."""
        return self.noise_rms_deg == 0 and not self.noise_std_deg

    def with_options(self, options: Sequence[str]) -> EyeModel:
        """The model with ``NAME=VALUE`` options applied.

        Raises
        ------
        InvalidSettingError
            Unknown name, or a value that does not fit.

        Examples
        --------
        >>> EyeModel().with_options(["blinks=no", "noise_std_deg=.3"]).noise_std_deg
        0.3
        """
        known = {field.name: str(field.type) for field in fields(self)}
        changes: dict[str, object] = {}
        for option in options:
            name, _, text = option.partition("=")
            name = name.strip().replace("-", "_")
            if name not in known:
                raise InvalidSettingError("--eyes", option, f"NAME=VALUE of {', '.join(known)}")
            changes[name] = _value(name, known[name], text.strip())
        return replace(self, **changes)  # type: ignore[arg-type]


EXACT = EyeModel(
    noise_rms_deg=0.0,
    eye_offset_deg=0.0,
    uncalibrated_deg=0.0,
    calibration_drift_deg_h=0.0,
    blinks=False,
    blink_flanks=False,
    oscillations=False,
    microsaccades_per_s=0.0,
    head_sway_mm=0.0,
)
"""Both eyes are the true gaze point exactly; each option can be asked for all the same."""

_SWITCHES = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}


def _value(name: str, kind: str, text: str) -> object:
    if kind == "bool":
        if text.lower() not in _SWITCHES:
            raise InvalidSettingError(f"--eyes {name}", text, "yes or no")
        return _SWITCHES[text.lower()]
    if "None" in kind and text.lower() == "none":
        return None
    try:
        return float(text)
    except ValueError:
        raise InvalidSettingError(f"--eyes {name}", text, "a number") from None
