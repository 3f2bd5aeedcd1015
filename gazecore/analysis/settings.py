"""What an analysis is asked for; the same for every session of a study."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gazecore.attention.case import MAP_PRESETS
from gazecore.errors import InvalidSettingError
from gazecore.events import preset_name


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """How to analyse.

    Attributes
    ----------
    preset : str
        Of `gazecore.events.PRESETS`.
    map_preset : str
        Of `gazecore.attention.case.MAP_PRESETS`.
    corrects : bool
        Apply to each session the affine correction that its validations allow.
    robustness : bool
        Also find the endpoints over other detectors, thresholds, sigmas and eyes.
    """

    preset: str = "focusstation"
    map_preset: str = "focusstation"
    corrects: bool = False
    robustness: bool = True

    def checked(self) -> AnalysisSettings:
        """These settings with the preset's own spelling.

        Raises
        ------
        InvalidSettingError
            Unknown preset.
        """
        if self.map_preset not in MAP_PRESETS:
            raise InvalidSettingError("attention preset", self.map_preset, ", ".join(MAP_PRESETS))
        return replace(self, preset=preset_name(self.preset))
