"""Presets by name."""

from __future__ import annotations

import pytest

from gazecore.errors import InvalidSettingError
from training.views.presets import PRESETS, find_preset


def test_the_default_is_focuscontrast() -> None:
    assert find_preset(None) is PRESETS["focuscontrast"]
    assert find_preset("weak").scale == (0.7, 1.0)
    assert find_preset(PRESETS["identity"]) is PRESETS["identity"]


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InvalidSettingError, match="area-matched"):
        find_preset("stronger")


def test_control_arms_share_the_intensity_of_the_method() -> None:
    ours = PRESETS["focuscontrast"]
    for name in ("conventional", "area-matched", "rejection", "searched"):
        theirs = PRESETS[name]
        assert (ours.degrees, ours.flip, ours.brightness, ours.contrast) == (
            theirs.degrees,
            theirs.flip,
            theirs.brightness,
            theirs.contrast,
        )
    assert not PRESETS["conventional"].attends
    assert PRESETS["area-matched"].attends
