"""What an analysis is asked for."""

from __future__ import annotations

import pytest

from gazecore.analysis.settings import AnalysisSettings
from gazecore.errors import InvalidSettingError


def test_a_preset_gets_its_own_spelling() -> None:
    assert AnalysisSettings("tobii-pro-lab-fixation").checked().preset == "Tobii Pro Lab fixation"


@pytest.mark.parametrize(
    "settings", [AnalysisSettings(preset="best"), AnalysisSettings(map_preset="best")]
)
def test_unknown_presets_are_refused(settings: AnalysisSettings) -> None:
    with pytest.raises(InvalidSettingError, match="'best'"):
        settings.checked()
